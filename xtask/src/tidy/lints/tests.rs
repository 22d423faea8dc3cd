use super::*;

/// A tree without fault: each test takes one thing out.
fn found(change: impl Fn(&str, String) -> String) -> usize {
    let head = format!("//! Head.\n#![deny({})]\n", STRICTER.join(", "));
    let mut files = vec![("Cargo.toml".to_owned(), LAW.join("\n"))];
    for name in STRICT {
        files.push((format!("crates/{name}/src/lib.rs"), head.clone()));
    }
    files.push(("crates/flows/Cargo.toml".to_owned(), "[lints]\nworkspace = true\n".to_owned()));
    let changed: Vec<_> =
        files.into_iter().map(|(path, text)| (path.clone(), change(&path, text))).collect();
    let planted: Vec<_> =
        changed.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    check(&Tree::planted(&planted)).len()
}

#[test]
fn the_law_as_it_stands_has_no_fault() {
    assert_eq!(found(|_, text| text), 0);
}

#[test]
fn a_crate_that_takes_no_lints_is_found() {
    assert_eq!(found(|_, text| text.replace("workspace = true", "")), 1);
}

#[test]
fn a_strict_crate_that_lets_go_is_found() {
    let relax = |path: &str, text: String| {
        if path.contains("vault") { text.replace("#![", "// #![") } else { text }
    };
    assert_eq!(found(relax), 2);
}

#[test]
fn a_lint_taken_out_of_the_workspace_is_found() {
    assert_eq!(found(|_, text| text.replace("panic = \"deny\"", "panic = \"allow\"")), 1);
}
