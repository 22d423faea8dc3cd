//! Runs other programs step by step, says how long each took, and stops at the first that fails.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Why a chore ended early.
#[derive(Debug)]
pub(crate) struct Stop(Option<String>);

impl Stop {
    /// Ended for a reason that has not been told yet.
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self(Some(reason.into()))
    }

    /// Ended by a program whose own last lines say why: nothing may come after them.
    pub(crate) fn told() -> Self {
        Self(None)
    }

    /// Says the reason, if nobody has.
    pub(crate) fn tell(&self) {
        if let Some(reason) = &self.0 {
            // With standard error closed there is nobody to tell.
            drop(writeln!(std::io::stderr(), "xtask: {reason}"));
        }
    }
}

/// A line on standard output.
pub(crate) fn say(line: &str) {
    // A reader that went away does not stop the chore.
    drop(writeln!(std::io::stdout(), "{line}"));
}

/// Does one step and says how long it took.
pub(crate) fn step(name: &str, work: impl FnOnce() -> Result<(), Stop>) -> Result<(), Stop> {
    say(&format!("==> {name}"));
    let began = now();
    let done = work();
    let end = if done.is_ok() { "done" } else { "failed" };
    say(&format!("==> {name}: {end} in {} s", began.elapsed().as_secs()));
    done
}

#[expect(clippy::disallowed_methods, reason = "a chore says how long its steps took")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The cargo that runs us, without what it told us of ourselves: passed on, `CARGO_PKG_VERSION` and
/// its like would make build scripts run again.
pub(crate) fn cargo(root: &Path) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.current_dir(root);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a program to its end; its output goes where ours goes.
pub(crate) fn finish(command: &mut Command) -> Result<(), Stop> {
    let status = command.status().map_err(|error| {
        Stop::because(format!("install `{}`: {error}", command.get_program().display()))
    })?;
    if status.success() { Ok(()) } else { Err(Stop::told()) }
}

/// Whether a program answers to these arguments; what it says is dropped.
pub(crate) fn answers<S: AsRef<OsStr>>(program: S, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|it| it.status.success())
}

/// Whether this runs as root.
pub(crate) fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|it| it.stdout.starts_with(b"0\n"))
}
