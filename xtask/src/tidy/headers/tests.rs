use super::*;

fn faults(path: &str, text: &str) -> usize {
    check(&Tree::planted(&[(path, text)])).len()
}

#[test]
fn a_file_without_a_header_is_found() {
    assert_eq!(faults("crates/decide/src/rule.rs", "use std::fmt;\n"), 1);
    assert_eq!(faults("crates/decide/src/rule.rs", "//! Placeholder.\n"), 1);
    assert_eq!(faults("crates/decide/src/rule.rs", "//! What a rule may say.\n"), 0);
}

#[test]
fn tests_need_none() {
    assert_eq!(faults("crates/decide/src/rule/tests.rs", "use super::*;\n"), 0);
    assert_eq!(faults("crates/sim/tests/browser.rs", "use sim::World;\n"), 0);
}

#[test]
fn a_crate_says_what_it_does_not_do() {
    let silent = "//! May this be done?\n//!\n//! It answers.\n";
    let said = "//! May this be done?\n//!\n//! It does **not** look at the\n//! clock.\nuse x;";
    let early = "//! It is not large, this crate.\n//!\n//! It answers.\n";
    assert_eq!(faults("crates/decide/src/lib.rs", silent), 1);
    assert_eq!(faults("crates/decide/src/lib.rs", early), 1);
    assert_eq!(faults("crates/decide/src/lib.rs", said), 0);
}
