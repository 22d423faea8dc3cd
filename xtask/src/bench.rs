//! Figures: builds the benches once and runs one of them, or all in turn.

use std::path::Path;
use std::process::Command;

use crate::run::{Stop, cargo, finish, say, step};

/// Runs the benches that are named, with their arguments, or with `--all` every one that there is;
/// `--write` puts their reports into `bench/RESULTS.md`. One that misses its goal does not keep the
/// others from running.
pub(crate) fn run(root: &Path, arguments: &[&str]) -> Result<(), Stop> {
    step("build", || {
        finish(cargo(root).args(["build", "--release", "--locked", "-p", "bench"]))?;
        finish(cargo(root).args([
            "build",
            "--release",
            "--locked",
            "-p",
            "server",
            "--bin",
            "kept",
        ]))
    })?;
    let program = root.join("target/release/bench");
    let bench = || {
        let mut command = Command::new(&program);
        // It looks for the policy and for its own folder from there.
        command.current_dir(root).env("CARGO_MANIFEST_DIR", root.join("bench"));
        command
    };
    let Some((_, flags)) = arguments.split_first().filter(|(first, _)| **first == "--all") else {
        return finish(bench().args(arguments));
    };
    let listed = bench().arg("list").output();
    let listed = listed.map_err(|error| Stop::because(format!("run the benches: {error}")))?;
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut missed = Vec::new();
    for name in names.lines() {
        if step(name, || finish(bench().arg(name).args(flags))).is_err() {
            missed.push(name);
        }
    }
    if missed.is_empty() {
        return Ok(());
    }
    say(&format!("goals are missed, or something went wrong, in: {}", missed.join(", ")));
    Err(Stop::told())
}
