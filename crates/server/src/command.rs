//! The command line. Exit codes: 0 done, 1 the answer is no, 2 wrong use or input.

mod archive;
mod backup;
mod cease;
mod config;
mod demo;
mod desk;
mod doctor;
mod init;
mod key;
mod log;
mod migrate;
mod people;
mod place;
mod policies;
mod policy;
mod process;
mod restore;
mod serve;
mod systems;
mod texts;

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use tokio::signal::unix::{SignalKind, signal};

use crate::limit::THREADS_SECONDS_MAX;

/// How a command ended, when it was not done.
#[derive(Debug)]
pub(crate) enum End {
    /// The answer is no; the text says why.
    No(String),
    /// Wrong use or input; the text says what to do.
    Wrong(String),
}

impl From<std::io::Error> for End {
    fn from(error: std::io::Error) -> Self {
        Self::Wrong(error.to_string())
    }
}

/// Kept: a server that keeps a privacy policy's promises.
#[derive(Debug, Parser)]
#[command(name = "kept", version, about)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a folder with a policy to start from.
    Init(init::Init),
    /// Check a policy: faults, figures, translations, and how many promises are enforced.
    Check(policies::Check),
    /// Say what a new policy widens, narrows or only words anew.
    Diff(policies::Diff),
    /// Answer one request in words.
    Explain(policies::Explain),
    /// Format the declarations of a policy.
    Fmt(policies::Fmt),
    /// Publish a version of the policy, or list those that are stored.
    Policy(policy::Policy),
    /// Serve.
    Serve(serve::Serve),
    /// Show everything at once, with invented people.
    Demo(demo::Demo),
    /// Keys of applications, partners and staff.
    Key(key::Key),
    /// Show, export or erase a person.
    People(people::People),
    /// Move a stopped installation from a data folder to a database, or back.
    Migrate(migrate::Migrate),
    /// Make a backup, beside whoever serves.
    Backup(backup::Backup),
    /// Move closed cases out of the people's rows, or show an archive.
    Archive(archive::Archive),
    /// Go back to a backup, with every erasure and every no since.
    Restore(restore::Restore),
    /// End a product or the whole service: plan, announce, run, report, cancel.
    Cease(cease::Cease),
    /// Verify the public log, or prove a record.
    Journal(log::Journal),
    /// Look whether everything is as it should be.
    Doctor(doctor::Doctor),
}

/// Runs what the arguments say.
pub fn run() -> ExitCode {
    let arguments = match config::with_file(std::env::args_os().collect()) {
        Ok(arguments) => arguments,
        Err(End::No(why) | End::Wrong(why)) => {
            complain(&why);
            return ExitCode::from(2);
        }
    };
    process::forbid_core_dumps();
    // Wrong use ends here, with 2 and clap's own words.
    let line = Line::parse_from(arguments);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            complain(&format!("the runtime could not be started: {error}"));
            return ExitCode::from(2);
        }
    };
    let ended = runtime.block_on(line.command.run());
    // A thread that waits for a database that hangs keeps nobody here.
    runtime.shutdown_timeout(Duration::from_secs(THREADS_SECONDS_MAX));
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(End::No(why)) => {
            complain(&why);
            ExitCode::from(1)
        }
        Err(End::Wrong(why)) => {
            complain(&why);
            ExitCode::from(2)
        }
    }
}

impl Command {
    async fn run(self) -> Result<(), End> {
        match self {
            Self::Init(it) => it.run(),
            Self::Check(it) => it.run().await,
            Self::Diff(it) => it.run(),
            Self::Explain(it) => it.run(),
            Self::Fmt(it) => it.run(),
            Self::Policy(it) => it.run().await,
            Self::Serve(it) => it.run().await,
            Self::Demo(it) => it.run().await,
            Self::Key(it) => it.run().await,
            Self::People(it) => it.run().await,
            Self::Migrate(it) => it.run().await,
            Self::Backup(it) => it.run().await,
            Self::Archive(it) => it.run().await,
            Self::Restore(it) => it.run().await,
            Self::Cease(it) => it.run().await,
            Self::Journal(it) => it.run().await,
            Self::Doctor(it) => it.run().await,
        }
    }
}

/// Writes what was asked for. Whoever reads may have seen enough (`kept check | head`): then nothing
/// is owed any more.
pub(crate) fn say(text: &str) {
    let _gone: std::io::Result<()> = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
}

/// Writes what is wrong.
#[expect(clippy::print_stderr, reason = "the command line's complaints go there")]
fn complain(text: &str) {
    if !text.is_empty() {
        eprintln!("kept: {}", text.trim_end_matches('\n'));
    }
}

/// Ends when the process is told to: Ctrl-C or `SIGTERM`. From the call on it listens, so that whoever
/// is told that we are ready can tell us to stop.
pub(crate) fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminated = signal(SignalKind::terminate())?;
    let mut interrupted = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}
