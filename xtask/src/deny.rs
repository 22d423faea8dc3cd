//! Licences, bans and sources of everything that is built in, by the policy in `deny.toml`.

use std::path::Path;

use crate::ci::ALL_BUT_BENCH;
use crate::run::{Stop, answers, cargo, finish, say};

/// Whether known holes in dependencies are looked up as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Advisories {
    /// The database of advisories is fetched and compared: run before a release, and daily.
    Checked,
    /// Not looked up: the answer would change without a change here, and needs a network.
    Skipped,
}

/// Installs `cargo-deny` where it is missing, and checks. Building it takes about four minutes on
/// two cores, once a machine.
pub(crate) fn run(root: &Path, advisories: Advisories) -> Result<(), Stop> {
    if !answers("cargo-deny", &["--version"]) {
        say("installing cargo-deny");
        finish(cargo(root).args(["install", "cargo-deny", "--locked", "--quiet"]))?;
    }
    let mut command = cargo(root);
    // The engines that figures are compared with are in no binary that anybody runs.
    command.arg("deny").args(ALL_BUT_BENCH).args(["--locked", "check", "--hide-inclusion-graph"]);
    command.args(["bans", "licenses", "sources"]);
    if advisories == Advisories::Checked {
        command.arg("advisories");
    }
    finish(&mut command)
}
