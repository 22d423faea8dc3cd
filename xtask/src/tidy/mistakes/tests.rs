use super::*;

fn page(last: usize, name: &str) -> String {
    let line = |it| format!("| {it} | a fault | what is done | `{name}` |\n");
    (1..=last).map(line).collect()
}

fn said(page: &str) -> Vec<String> {
    let test = "#[tokio::test]\nasync fn it_is_caught() {}\nfn it_only_helps() {}\n";
    let tree = Tree::planted(&[(PAGE, page), ("crates/flows/tests/it/some.rs", test)]);
    check(&tree).iter().map(ToString::to_string).collect()
}

#[test]
fn each_has_a_test_that_is_there() {
    assert_eq!(said(&page(MISTAKES, "it_is_caught")), Vec::<String>::new());
    assert_eq!(said(&page(MISTAKES, "it_was_caught")).len(), MISTAKES);
    assert_eq!(said(&page(MISTAKES, "it_only_helps")).len(), MISTAKES, "no test");
    assert_eq!(said(&page(MISTAKES, "")).len(), MISTAKES, "none named");
    assert!(said(&page(MISTAKES - 1, "it_is_caught"))[0].contains("16 has no line"));
}
