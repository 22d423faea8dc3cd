use super::*;

const ROOT: &str = "[workspace.dependencies]\ndecide = { path = \"crates/decide\" }\n# why\ntoml = \"1\"\n[profile]\na = 1\n";

fn faults(pages: &[(&str, &str)]) -> Vec<String> {
    let mut files = vec![
        ("Cargo.toml", ROOT),
        ("crates/policy/Cargo.toml", "[dependencies]\ntoml.workspace = true\n"),
    ];
    files.extend(pages);
    check(&Tree::planted(&files)).iter().map(ToString::to_string).collect()
}

#[test]
fn each_dependency_has_a_line_and_each_line_a_dependency() {
    assert_eq!(faults(&[(DEPENDENCIES, "| `toml` | reads blocks | spans |\n")]), [""; 0]);
    assert_eq!(faults(&[(DEPENDENCIES, "# none\n")]).len(), 1);
    let stale = "| `toml` | reads blocks | spans |\n| `yaml` | | |\n";
    assert_eq!(
        faults(&[(DEPENDENCIES, stale)]),
        [format!("{DEPENDENCIES}:2: take the line out: nothing depends on `yaml` any more")]
    );
}

#[test]
fn what_no_crate_uses_is_found() {
    let page = "| `toml` | reads blocks | spans |\n";
    let planted = [("Cargo.toml", ROOT), (DEPENDENCIES, page)];
    let found: Vec<_> = check(&Tree::planted(&planted)).iter().map(ToString::to_string).collect();
    assert_eq!(found, ["Cargo.toml:4: take `toml` out: no crate depends on it"]);
}

#[test]
fn a_number_is_given_once() {
    let page = (DEPENDENCIES, "| `toml` | reads blocks | spans |\n");
    assert_eq!(faults(&[page, ("docs/decisions/0001-again.md", "")]).len(), 1);
    assert_eq!(faults(&[page, ("docs/decisions/0002-next.md", "")]).len(), 0);
}

#[test]
fn a_page_without_a_number_is_found() {
    let page = (DEPENDENCIES, "| `toml` | reads blocks | spans |\n");
    for name in ["docs/decisions/why.md", "docs/decisions/12-why.md", "docs/decisions/0003-why.txt"]
    {
        assert_eq!(faults(&[page, (name, "")]).len(), 1, "{name}");
    }
}
