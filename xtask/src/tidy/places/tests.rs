use super::*;

fn faults(path: &str, text: &str) -> usize {
    check(&Tree::planted(&[(path, text)])).len()
}

#[test]
fn only_the_vault_seals() {
    let line = "let a = Sealed::from_cipher(bytes);";
    assert_eq!(faults("crates/vault/src/seal.rs", line), 0);
    assert_eq!(faults("crates/flows/src/rights/correct.rs", line), 1);
    assert_eq!(faults("crates/flows/src/rights/tests.rs", line), 1);
    assert_eq!(faults("crates/flows/src/rights/correct.rs", "// Sealed::from_cipher(bytes)"), 0);
}

#[test]
fn only_the_journal_commits() {
    assert_eq!(faults("crates/flows/src/consent/withdraw.rs", "tx.commit()?;"), 1);
    assert_eq!(faults("crates/journal/src/writer.rs", "tx.commit()?;"), 0);
}

#[test]
fn a_longer_name_is_another_name() {
    assert_eq!(faults("crates/flows/src/a.rs", "my_rusqlite::open();"), 0);
    assert_eq!(faults("crates/flows/src/a.rs", "use rusqlite::Connection;"), 1);
}

#[test]
fn the_core_knows_nothing_of_the_world() {
    assert_eq!(faults("crates/decide/src/rule.rs", "use std::fs;"), 1);
    assert_eq!(faults("crates/policy/src/text.rs", "pub async fn read() {}"), 1);
    assert_eq!(faults("crates/policy/src/text/tests.rs", "use std::fs;"), 0);
    assert_eq!(faults("crates/server/src/config.rs", "use std::fs;"), 0);
}

#[test]
fn no_supplier_and_no_machine_is_named() {
    for text in [
        concat!("see crates", ".io"),
        concat!("\"resolved\": \"https://registry.", "npmjs", ".example/\""),
        concat!("in /", "work/main"),
        concat!("in /", "home/me"),
    ] {
        assert!(faults("README.md", text) >= 1, "{text}");
        assert_eq!(faults("Cargo.lock", text), 0, "{text}");
    }
    assert_eq!(faults("README.md", "the network/work/flow"), 0);
}
