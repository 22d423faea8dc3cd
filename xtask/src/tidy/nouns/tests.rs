use super::*;

/// A tree in which every noun stands in every layer, changed by the test.
fn found(gone: &[&str], more: &[(&str, &str)]) -> Vec<String> {
    let map = NOUNS.join(", ");
    let paths: Vec<String> = LAYERS
        .iter()
        .flat_map(|it| NOUNS.iter().map(move |noun| format!("{}{noun}{}", it.folder, it.ending)))
        .filter(|path| !gone.contains(&path.as_str()))
        .collect();
    let mut files: Vec<(&str, &str)> = paths.iter().map(|path| (path.as_str(), "")).collect();
    files.push(("ARCHITECTURE.md", &map));
    files.extend(more);
    check(&Tree::planted(&files)).iter().map(ToString::to_string).collect()
}

#[test]
fn all_there_is_no_fault() {
    assert_eq!(found(&[], &[]), [""; 0]);
}

#[test]
fn a_missing_noun_is_named_with_its_path() {
    assert_eq!(
        found(&["crates/decide/src/rule/minors.rs"], &[]),
        [
            "crates/decide/src/rule/minors.rs: write it, or say in xtask/missing.txt why it is not there"
        ]
    );
}

#[test]
fn a_missing_noun_may_stand_on_the_list_with_its_reason() {
    let gone = ["docs/clauses/minors.md"];
    assert_eq!(
        found(&gone, &[(MISSING, "# remark\n\npage minors its flow comes first\n")]),
        [""; 0]
    );
    assert_eq!(found(&gone, &[(MISSING, "page minors\n")]).len(), 2, "no reason, so no entry");
}

#[test]
fn the_list_shrinks() {
    let list = [(MISSING, "flow consent not yet\n")];
    assert_eq!(
        found(&[], &list),
        ["xtask/missing.txt:1: take out `flow consent`: it is there now"]
    );
    assert_eq!(found(&[], &[(MISSING, "flow parties not yet\n")]).len(), 1);
    let twice = [(MISSING, "page minors later\npage minors later\n")];
    assert_eq!(found(&["docs/clauses/minors.md"], &twice).len(), 1);
}

#[test]
fn a_folder_is_a_noun_too() {
    let gone = ["crates/flows/src/consent.rs"];
    assert_eq!(found(&gone, &[("crates/flows/src/consent/withdraw.rs", "")]), [""; 0]);
}

#[test]
fn a_stranger_is_found() {
    for path in
        ["crates/flows/src/util/text.rs", "docs/clauses/faq.md", "crates/policy/src/clause/misc.rs"]
    {
        assert_eq!(found(&[], &[(path, "")]).len(), 1, "{path}");
    }
    assert_eq!(found(&[], &[("crates/flows/src/limits.rs", "")]), [""; 0]);
}

#[test]
fn the_map_names_every_noun() {
    assert_eq!(found(&[], &[("ARCHITECTURE.md", "a map")]).len(), NOUNS.len());
}
