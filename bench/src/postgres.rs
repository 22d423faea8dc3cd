//! A PostgreSQL server for the peers: made anew in a folder of its own, durable, on a free port of
//! this machine alone, and gone with the bench.

use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::call::Done;
use crate::probe::said;
use crate::process::{cpu, signal};

/// Where Debian keeps each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The account that Debian's packages make: the server does not run as root.
const OWNER: &str = "postgres";
/// How it is tuned: room for the whole of what a bench keeps, no checkpoint in the middle of a round.
/// Commits are durable before they are acknowledged, which is its own default.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "max_connections=400",
    "fsync=on",
    "synchronous_commit=on",
    "shared_buffers=512MB",
    "max_wal_size=8GB",
    "checkpoint_timeout=30min",
];
/// Times that it is asked whether it is up, and what lies between.
const ASKED_MAX: usize = 400;
const PAUSE: Duration = Duration::from_millis(50);

/// A server that runs until this is dropped.
pub(crate) struct Postgres {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    /// Makes one and starts it.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs()?;
        let folder = tempfile::tempdir().map_err(said)?;
        if is_root() {
            finish(Command::new("chown").arg(OWNER).arg(folder.path()))?;
        }
        let data = folder.path().join("data");
        let mut init = owned(&programs.join("initdb"));
        init.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"]);
        finish(init.arg("-D").arg(&data).stdout(Stdio::null()))?;
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr());
        let port = port.map_err(said)?.port();
        let log = File::create(folder.path().join("log")).map_err(said)?;
        let mut run = owned(&programs.join("postgres"));
        run.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        let socket = format!("unix_socket_directories={}", folder.path().display());
        for setting in SETTINGS.iter().copied().chain([socket.as_str()]) {
            run.arg("-c").arg(setting);
        }
        let quiet = log.try_clone().map_err(said)?;
        let process = run.stdin(Stdio::null()).stdout(quiet).stderr(log).spawn().map_err(said)?;
        let server = Self { process, folder, port };
        server.wait(&programs)?;
        Ok(server)
    }

    /// How it is reached, over TCP, as a handler on another machine would.
    pub(crate) fn dsn(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Where it listens.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// Its version, in words.
    pub(crate) fn version() -> String {
        let version = programs().ok().and_then(|it| {
            let output = Command::new(it.join("postgres")).arg("--version").output().ok()?;
            String::from_utf8(output.stdout).ok()
        });
        version.map_or_else(
            || "PostgreSQL".to_owned(),
            |it| it.trim().replace("postgres (PostgreSQL)", "PostgreSQL"),
        )
    }

    /// The folder of its data: its size is what the peer needs on the disk.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The number of its first process.
    pub(crate) fn id(&self) -> Option<u32> {
        let text = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        text.lines().next()?.parse().ok()
    }

    /// Seconds of processor time that all its processes had.
    pub(crate) fn cpu(&self) -> f64 {
        self.id().map_or(f64::NAN, cpu)
    }

    fn wait(&self, programs: &Path) -> Done {
        let port = self.port.to_string();
        for _ in 0..ASKED_MAX {
            let mut ready = Command::new(programs.join("pg_isready"));
            let said = ready.args(["-q", "-h", "127.0.0.1", "-p", &port]).status();
            if said.is_ok_and(|it| it.success()) {
                return Ok(());
            }
            pause(PAUSE);
        }
        let log = std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        Err(format!("PostgreSQL did not start: {log}"))
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Whoever changed the account may be its parent, so its own file says who it is.
        match self.id() {
            Some(id) => drop(signal("-QUIT", id)),
            None => drop(self.process.kill()),
        }
        drop(self.process.wait());
    }
}

/// Lets another program come up in its own time.
#[expect(clippy::disallowed_methods, reason = "another program comes up in its own time")]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// The newest version that is installed.
fn programs() -> Result<PathBuf, String> {
    let none = || "install what Debian calls `postgresql`".to_owned();
    let versions = std::fs::read_dir(VERSIONS).map_err(|_| none())?;
    let paths = versions.flatten().map(|it| it.path().join("bin"));
    paths.filter(|it| it.join("postgres").exists()).max().ok_or_else(none)
}

/// The program, as an account that a server may run as.
pub(crate) fn owned(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", OWNER, "--"]).arg(program);
    command
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|it| it.stdout.trim_ascii() == b"0")
}

fn finish(command: &mut Command) -> Done {
    let ended = command.status().map_err(|it| format!("{command:?}: {it}"))?;
    if ended.success() { Ok(()) } else { Err(format!("{command:?} ended {ended}")) }
}
