//! The product as a process: built once, started on a data folder, asked where it listens.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::call::Done;
use crate::probe::{root, said};
use crate::process::Program;

/// A `kept serve` that runs until this is dropped.
pub(crate) struct Kept {
    program: Program,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Kept {
    /// Serves what lies in `folder` (see `seed`), with more arguments where they are wanted. One
    /// address of this machine counts as a proxy, so that a bench can speak for many clients.
    ///
    /// # Errors
    /// When it cannot be built or does not start.
    pub(crate) fn serve(folder: &Path, more: &[&str]) -> Result<Self, String> {
        let mut command = Command::new(program()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--proxy", "127.0.0.1"]);
        command.arg("--keys").arg(folder.join("root.key"));
        if !more.contains(&"--database") {
            command.arg("--data").arg(folder.join("data"));
        }
        command.args(more);
        let log = folder.join("kept.log");
        let program = Program::start(&mut command, "listening on http://", &log)?;
        let address = program.value("listening on http://").and_then(|it| it.parse().ok());
        let address = address.ok_or("it did not say where it listens")?;
        Ok(Self { program, address })
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }

    /// Ends it gently.
    ///
    /// # Errors
    /// When it does not end with success.
    pub(crate) fn stop(self) -> Done {
        self.program.stop()
    }
}

/// The program of this checkout, built like the bench itself.
///
/// # Errors
/// When it does not build.
pub(crate) fn program() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut build = Command::new(cargo);
    build.current_dir(root()).args(["build", "-q", "-p", "server", "--bin", "kept"]);
    if !cfg!(debug_assertions) {
        build.arg("--release");
    }
    // Passed on, they would make build scripts run again.
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            build.env_remove(&name);
        }
    }
    let ended = build.status().map_err(said)?;
    if !ended.success() {
        return Err("`kept` does not build".to_owned());
    }
    let here = std::env::current_exe().map_err(said)?;
    Ok(here.with_file_name("kept"))
}
