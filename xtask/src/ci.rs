//! What a change must pass, cheapest first, so that it fails soon; the tests come last and have the
//! last word.

use std::path::Path;

use crate::run::{Stop, cargo, finish, step};
use crate::{deny, test, tidy};

/// `bench` brings other policy engines with it, whose build is longer than our own. It is compiled
/// when figures are taken, and kept out of every step here but formatting and tidy.
pub(crate) const ALL_BUT_BENCH: &[&str] = &["--workspace", "--exclude", "bench"];

/// Runs every step; the last lines of output are nextest's own totals.
pub(crate) fn run(root: &Path) -> Result<(), Stop> {
    step("fmt", || finish(cargo(root).args(["fmt", "--all", "--check"])))?;
    step("tidy", || tidy(root))?;
    step("deny", || deny::run(root, deny::Advisories::Skipped))?;
    step("clippy", || {
        let mut command = cargo(root);
        command.arg("clippy").args(ALL_BUT_BENCH).args(["--locked", "--all-targets"]);
        finish(command.args(["--", "-D", "warnings"]))
    })?;
    step("docs", || {
        let mut command = cargo(root);
        command.arg("doc").args(ALL_BUT_BENCH).args(["--locked", "--no-deps"]);
        finish(command.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    test::run(root, &[])
}
