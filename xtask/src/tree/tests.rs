use std::fs::File;
use std::io::Write as _;

use super::*;

#[test]
fn text_is_read_and_what_was_built_is_not() {
    let root = std::env::temp_dir().join(format!("tidy-tree-{}", std::process::id()));
    fs::create_dir_all(root.join("crates/decide")).unwrap();
    fs::create_dir_all(root.join("target")).unwrap();
    let put = |path: &str, bytes: &[u8]| {
        File::create(root.join(path)).unwrap().write_all(bytes).unwrap();
    };
    put("crates/decide/lib.rs", b"//! May this be done?");
    put("picture.png", &[0xff, 0xfe, 0x00]);
    put("target/built.rs", b"built");
    let tree = Tree::read(&root).unwrap();
    fs::remove_dir_all(&root).unwrap();

    assert_eq!(tree.text("crates/decide/lib.rs"), Some("//! May this be done?"));
    assert_eq!(tree.under("", "").count(), 1, "neither the picture nor what was built");
}

#[test]
fn a_fault_says_where() {
    assert_eq!(Fault::at("a.rs", 3, "split it").to_string(), "a.rs:3: split it");
    assert_eq!(Fault::of("a.rs", "write it").to_string(), "a.rs: write it");
}

#[test]
fn tests_are_told_from_code() {
    assert!(is_test("crates/decide/src/rule/tests.rs"));
    assert!(is_test("crates/sim/tests/browser.rs"));
    assert!(!is_test("crates/decide/src/rule.rs"));
}
