//! A PostgreSQL server for the tests: made anew in a folder of its own, on a free port of this machine
//! alone, and gone with the run. One that `KEPT_TEST_DSN` names is used instead.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::run::{Stop, is_root, say};

/// Where tests look for a server.
pub(crate) const DSN: &str = "KEPT_TEST_DSN";
/// Where Debian keeps each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";
/// The account that Debian's packages make: the server does not run as root.
const OWNER: &str = "postgres";

/// A server that runs until this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    process: Option<Child>,
    folder: PathBuf,
    dsn: String,
}

impl Server {
    /// Starts one, unless the environment names one.
    pub(crate) fn start() -> Result<Self, Stop> {
        if let Some(dsn) = named() {
            return Ok(Self { process: None, folder: PathBuf::new(), dsn });
        }
        let programs = programs()?;
        let folder = std::env::temp_dir().join(format!("kept-postgres-{}", std::process::id()));
        let failed = |error: std::io::Error| {
            Stop::because(format!("make `{}` writable: {error}", folder.display()))
        };
        std::fs::create_dir_all(&folder).map_err(failed)?;
        if is_root() {
            crate::run::finish(Command::new("chown").arg(OWNER).arg(&folder))?;
        }
        let data = folder.join("data");
        let mut init = owned(&programs.join("initdb"));
        init.args(["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"]);
        crate::run::finish(init.arg("-D").arg(&data).stdout(Stdio::null()))?;
        let port = free_port().map_err(failed)?;
        let log = std::fs::File::create(folder.join("log")).map_err(failed)?;
        let mut run = owned(&programs.join("postgres"));
        run.arg("-D").arg(&data).arg("-p").arg(port.to_string());
        // What a test keeps need not outlive the machine: what it proves of durability, it proves with
        // processes that are killed.
        for setting in [
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=400",
            "fsync=off",
        ] {
            run.arg("-c").arg(setting);
        }
        let quiet = log.try_clone().map_err(failed)?;
        let process = run.stdin(Stdio::null()).stdout(quiet).stderr(log).spawn().map_err(failed)?;
        let dsn = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        let server = Self { process: Some(process), folder, dsn };
        server.wait(&programs, port)?;
        say(&format!("a server for the tests: {}", server.dsn));
        Ok(server)
    }

    /// How tests reach it.
    pub(crate) fn dsn(&self) -> &str {
        &self.dsn
    }

    fn wait(&self, programs: &Path, port: u16) -> Result<(), Stop> {
        let port = port.to_string();
        for _ in 0..200 {
            let ready = programs.join("pg_isready");
            if crate::run::answers(ready, &["-q", "-h", "127.0.0.1", "-p", &port]) {
                return Ok(());
            }
            pause();
        }
        let log = self.folder.join("log");
        Err(Stop::because(format!("the server did not start; `{}` says why", log.display())))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let Some(process) = &mut self.process else { return };
        // At once, as a crash would: nobody will read it again. The server is the child of whoever
        // changed the account, so the whole of it is told by its own file.
        let pid = std::fs::read_to_string(self.folder.join("data/postmaster.pid"));
        let pid = pid.ok().and_then(|it| it.lines().next().map(str::to_owned));
        if let Some(pid) = pid {
            drop(Command::new("kill").args(["-QUIT", &pid]).status());
        } else {
            drop(process.kill());
        }
        drop(process.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

#[expect(clippy::disallowed_methods, reason = "another program comes up in its own time")]
fn pause() {
    std::thread::sleep(Duration::from_millis(50));
}

#[expect(clippy::disallowed_methods, reason = "where a server is, the machine says")]
fn named() -> Option<String> {
    std::env::var(DSN).ok()
}

/// The newest version that is installed.
fn programs() -> Result<PathBuf, Stop> {
    let none = || Stop::because("install what Debian calls `postgresql`");
    let versions = std::fs::read_dir(VERSIONS).map_err(|_| none())?;
    let paths = versions.flatten().map(|it| it.path().join("bin"));
    paths.filter(|it| it.join("postgres").exists()).max().ok_or_else(none)
}

/// The program, as an account that a server may run as.
fn owned(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", OWNER, "--"]).arg(program);
    command
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
