//! The command line.

use std::process::ExitCode;

/// Runs what the arguments say.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
