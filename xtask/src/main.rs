//! The project's chores: `cargo xtask tidy | ci | test | sim | bench | deny`. Nothing here is part of the product,
//! and it rests on the standard library alone, so that it is built in a moment on a new machine.

mod bench;
mod ci;
mod deny;
mod prepare;
mod run;
mod rust;
mod server;
mod sim;
mod test;
mod tidy;
mod tree;

use std::path::PathBuf;
use std::process::ExitCode;

use run::{Stop, say};

const USAGE: &str = "\
cargo xtask tidy               the shape of the repository: layers, headers, lengths, words
cargo xtask ci                 fmt, tidy, deny, clippy, docs, then every test
cargo xtask bench --all|NAME   figures beside their peers; `--write` puts them into the results
cargo xtask test [ARGUMENTS]   installs what tests need, runs them all; arguments go to nextest
cargo xtask sim --hours N      years of the simulated world, from seeds that no run played before
cargo xtask deny [--advisories]  licences, bans, sources; advisories need their database";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = root().and_then(|root| match words.as_slice() {
        ["tidy"] => tidy(&root),
        ["bench", rest @ ..] => bench::run(&root, rest),
        ["ci"] => ci::run(&root),
        ["test", rest @ ..] => test::run(&root, rest),
        ["sim", "--hours", hours] => sim::run(&root, hours),
        ["deny"] => deny::run(&root, deny::Advisories::Skipped),
        ["deny", "--advisories"] => deny::run(&root, deny::Advisories::Checked),
        _ => Err(Stop::because(format!("give one of these commands\n{USAGE}"))),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => {
            stop.tell();
            ExitCode::FAILURE
        }
    }
}

/// The folder of the workspace.
fn root() -> Result<PathBuf, Stop> {
    // At run time: a path baked in with `env!` would outlive a copied `target/`.
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = here.as_ref().and_then(|it| it.parent());
    root.map(PathBuf::from).ok_or_else(|| Stop::because("run it as `cargo xtask`"))
}

fn tidy(root: &std::path::Path) -> Result<(), Stop> {
    let tree = tree::Tree::read(root)
        .map_err(|error| Stop::because(format!("make the repository readable: {error}")))?;
    let faults = tidy::faults(&tree);
    for fault in &faults {
        say(fault);
    }
    match faults.len() {
        0 => Ok(()),
        count => Err(Stop::because(format!("tidy found {count} faults, listed above"))),
    }
}
