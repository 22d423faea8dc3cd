use super::*;

#[test]
fn what_is_not_declared_is_named() {
    let question = Question { purpose: "nothing".to_owned(), region: None, ..Question::default() };
    let error =
        explain(&Policy::default(), &question, Timestamp::from_millis(0), "en").unwrap_err();
    assert_eq!(error.to_string(), "there is no region `` in this policy");
}
