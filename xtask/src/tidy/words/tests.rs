use super::*;

const PAGE: &str = "# Glossary\n\n| word | meaning | not |\n|---|---|---|\n| **person** | anyone whose data is held | user, customer, data subject |\n| permit (`Permit`) | a yes | |\n";

fn said(path: &str, text: &str) -> Vec<String> {
    let permit = ("crates/decide/src/permit.rs", "pub struct Permit;");
    let tree = Tree::planted(&[(GLOSSARY, PAGE), permit, (path, text)]);
    check(&tree).iter().map(ToString::to_string).collect()
}

#[test]
fn replaced_words_are_found_in_names_and_comments() {
    for line in
        ["let user = 1;", "struct UserId;", "fn all_users() {}", "// the user", "/// A customer's"]
    {
        assert_eq!(said("crates/flows/src/a.rs", line).len(), 1, "{line}");
    }
    assert_eq!(
        said("crates/flows/src/a.rs", "//! One.\n//!\n//! Two of the\n//! users.\n").len(),
        1
    );
}

#[test]
fn the_line_and_the_word_to_write_are_told() {
    assert_eq!(
        said("crates/flows/src/a.rs", "/* one\n two\n data subject */"),
        ["crates/flows/src/a.rs:3: write `person` for `data subject`"]
    );
}

#[test]
fn what_people_read_and_other_words_are_left() {
    for line in
        ["\"the user\"", "let used = 1;", "// the User-Agent header", "USER_AGENT", "subject"]
    {
        assert_eq!(said("crates/flows/src/a.rs", line), [""; 0], "{line}");
    }
    assert_eq!(said("bench/src/a.rs", "// user"), [""; 0]);
}

#[test]
fn a_type_that_is_gone_is_found() {
    let page = PAGE.replace("`Permit`", "`Permit`, `Tx<Pardon>`, `GPC`, `kept check`");
    let permit = ("crates/decide/src/permit.rs", "pub struct Permit; pub struct Tx<T>(T);");
    let found = check(&Tree::planted(&[(GLOSSARY, &page), permit]));
    let found: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found, ["GLOSSARY.md:6: name the type as the code does: there is no `Pardon`"]);
}

#[test]
fn without_a_glossary_there_is_one_fault() {
    assert_eq!(check(&Tree::planted(&[])).len(), 1);
}
