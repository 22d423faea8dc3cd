use super::*;

fn said(name: &str, manifest: &str) -> Vec<String> {
    let path = format!("crates/{name}/Cargo.toml");
    check(&Tree::planted(&[(&path, manifest)])).iter().map(ToString::to_string).collect()
}

#[test]
fn a_crate_below_may_be_known() {
    let manifest = "[package]\nname = \"vault\"\n[dependencies]\ndecide.workspace = true\njournal.workspace = true\n";
    assert_eq!(said("vault", manifest), [""; 0]);
}

#[test]
fn a_crate_above_may_not() {
    assert_eq!(
        said("journal", "[dependencies]\nserde = \"1\"\nvault.workspace = true\n"),
        ["crates/journal/Cargo.toml:3: `journal` must not know `vault`; it may know decide"]
    );
}

#[test]
fn every_way_of_naming_a_crate_is_read() {
    for manifest in [
        "[dependencies]\nvault = { path = \"../vault\" }",
        "[dependencies.vault]\npath = \"../vault\"",
        "[dev-dependencies]\nvault.workspace = true",
        "[build-dependencies]\n\"vault\" = \"1\"",
        "[target.'cfg(unix)'.dependencies]\nvault.workspace = true",
        "[dependencies]\nsafe = { package = \"vault\", path = \"../vault\" }",
    ] {
        assert_eq!(said("policy", manifest).len(), 1, "{manifest}");
    }
}

#[test]
fn the_simulated_world_is_known_to_tests_alone() {
    assert_eq!(said("server", "[dev-dependencies]\nsim.workspace = true"), [""; 0]);
    assert_eq!(said("server", "[dependencies]\nsim.workspace = true").len(), 1);
}

#[test]
fn a_database_in_a_flow_is_refused() {
    let found = said("flows", "[dependencies]\nrusqlite.workspace = true");
    assert!(found.iter().any(|it| it.contains("take `rusqlite` out of `flows`")), "{found:?}");
}

#[test]
fn the_decision_rests_on_nothing() {
    assert_eq!(said("decide", "[dependencies]\nserde.workspace = true").len(), 1);
    assert_eq!(said("decide", "[dev-dependencies]\nproptest.workspace = true").len(), 0);
}

#[test]
fn a_new_crate_needs_a_row() {
    assert_eq!(said("helpers", "[dependencies]").len(), 1);
}
