use super::*;

const CLIPPY: &str = "too-many-lines-threshold = 70\ntoo-many-arguments-threshold = 5\n";

fn said(path: &str, text: &str, clippy: &str) -> Vec<String> {
    let tree = Tree::planted(&[(path, text), ("clippy.toml", clippy)]);
    check(&tree).iter().map(ToString::to_string).collect()
}

#[test]
fn a_long_file_is_found_in_tests_too() {
    let long = "// a line\n".repeat(LINES_MAX + 1);
    for path in ["crates/vault/src/open.rs", "crates/sim/tests/browser.rs", "web/site/site.js"] {
        assert_eq!(
            said(path, &long, CLIPPY),
            [format!("{path}: 401 lines, at most 400: split it by noun and verb")]
        );
        assert_eq!(said(path, &"// a line\n".repeat(LINES_MAX), CLIPPY), [""; 0]);
    }
    assert_eq!(said("Cargo.lock", &long, CLIPPY), [""; 0]);
}

#[test]
fn a_module_has_one_place() {
    assert_eq!(said("crates/vault/src/open/mod.rs", "//! Opens.\n", CLIPPY).len(), 1);
    assert_eq!(said("crates/vault/tests/support/mod.rs", "", CLIPPY), [""; 0]);
}

#[test]
fn the_figures_of_clippy_stay() {
    assert_eq!(said("a.rs", "", &CLIPPY.replace("70", "170")).len(), 1);
    assert_eq!(said("a.rs", "", &CLIPPY.replace("= 5", "= 9")).len(), 1);
}
