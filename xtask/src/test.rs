//! Runs every test there is, in one run of nextest, whose totals are the last lines.

use std::path::Path;

use crate::ci::ALL_BUT_BENCH;
use crate::prepare;
use crate::run::{Stop, cargo, finish, step};
use crate::server::{DSN, Server};

/// Prepares the machine, builds, runs the examples in the documentation and then all else. Given
/// arguments, it prepares and hands them to nextest: `cargo xtask test -p policy bad`.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<(), Stop> {
    step("prepare", || prepare::machine(root))?;
    let narrowed =
        arguments.iter().any(|it| matches!(*it, "-p" | "--package") || it.starts_with("-p"));
    if narrowed {
        return nextest(root, &[], arguments);
    }
    // Everything at once, and the program itself with it: tests of the whole start it.
    step("build", || {
        let mut command = cargo(root);
        finish(command.arg("build").args(ALL_BUT_BENCH).args(["--locked", "--all-targets"]))
    })?;
    if arguments.is_empty() {
        step("examples in the documentation", || {
            finish(cargo(root).args(["test", "--doc", "--locked", "--quiet"]).args(ALL_BUT_BENCH))
        })?;
    }
    nextest(root, ALL_BUT_BENCH, arguments)
}

/// Not a step: nothing may be said after it.
fn nextest(root: &Path, crates: &[&str], arguments: &[&str]) -> Result<(), Stop> {
    let server = Server::start()?;
    let mut command = cargo(root);
    command.args(["nextest", "run", "--locked"]).args(crates).args(arguments);
    finish(command.env(DSN, server.dsn()))
}
