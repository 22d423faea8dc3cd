use super::*;

const FORMAT: &str = include_str!("../../../../../docs/formats/conversation.md");

/// The examples of the format, in their order.
fn examples() -> Vec<&'static str> {
    let blocks = FORMAT.split("```json\n").skip(1);
    blocks.map(|it| it.split("\n```").next().unwrap()).collect()
}

#[test]
fn what_is_sealed_is_written_as_the_format_says() {
    let [head, said] = examples().try_into().unwrap();
    let read = read::<Head>(head.as_bytes()).unwrap();
    assert_eq!((read.v, read.language.as_str()), (1, "en"));
    assert_eq!(serde_json::to_string(&read).unwrap(), head);
    let read = super::read::<Said>(said.as_bytes()).unwrap();
    assert_eq!(read.text, "My mixer hums");
    assert_eq!(serde_json::to_string(&read).unwrap(), said);
}

#[test]
fn what_is_not_of_this_version_is_not_read() {
    for bad in [
        r#"{"v":2,"text":"My mixer hums"}"#,
        r#"{"v":1}"#,
        r#"{"v":1,"text":7}"#,
        r#"{"text":"My mixer hums"}"#,
        "",
    ] {
        let Err(Stop::Broken(why)) = read::<Said>(bad.as_bytes()) else { panic!("{bad}") };
        assert!(!why.contains("mixer"), "{why}");
    }
}

#[test]
fn what_stands_beside_it_may_be_empty() {
    let about: About = serde_json::from_str("{}").unwrap();
    assert_eq!(about, About::default());
    assert_eq!(about.text(), r#"{"since":0,"reopened":0}"#);
}
