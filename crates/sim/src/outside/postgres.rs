//! A PostgreSQL server as a process: made anew in a folder, stopped, killed, started again. It ends
//! with its owner.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::cluster::{self, children, free_ports, output, own_folder, signal, unprivileged};

/// Where Debian keeps each version's programs.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Seconds for a server to come up, also after a crash, or to go.
const PATIENCE: u32 = 60;
/// The account and the database that the program gets. The account is no superuser.
const ACCOUNT: &str = "kept";

/// A server, running or not.
#[derive(Debug)]
pub struct Postgres {
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    settings: Vec<String>,
    server: Option<Child>,
}

impl Postgres {
    /// Makes a server in a folder, with an account and a database for the program.
    ///
    /// # Errors
    /// When PostgreSQL is not installed, or does not start; the error holds what it said.
    pub fn start(folder: &Path, settings: &[&str]) -> io::Result<Self> {
        own_folder(folder)?;
        let programs = programs()?;
        let data = folder.join("data").display().to_string();
        let make = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--username=postgres"];
        let make = [&make[..], &["--no-sync", "-D", &data]].concat();
        output(&mut unprivileged(&programs.join("initdb"))?, &make)?;
        let port = free_ports(1)?.into_iter().next().ok_or(io::ErrorKind::AddrInUse)?;
        let settings = settings.iter().map(|it| (*it).to_owned()).collect();
        let mut server = Self { folder: folder.to_owned(), programs, port, settings, server: None };
        server.again()?;
        let at = server.at();
        let at: Vec<&str> = at.iter().map(String::as_str).collect();
        let program = |name: &str| Command::new(server.programs.join(name));
        output(&mut program("createuser"), &[&at[..], &[ACCOUNT]].concat())?;
        output(&mut program("createdb"), &[&at[..], &["-O", ACCOUNT, ACCOUNT]].concat())?;
        Ok(server)
    }

    /// Starts it again after it was stopped or killed, and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up; the error holds what it said.
    pub fn again(&mut self) -> io::Result<()> {
        let log = File::options().create(true).append(true).open(self.log())?;
        let mut run = unprivileged(&self.programs.join("postgres"))?;
        run.arg("-D").arg(self.folder.join("data")).args(["-p", &self.port.to_string()]);
        let fixed =
            ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300"];
        for setting in fixed.into_iter().chain(self.settings.iter().map(String::as_str)) {
            run.args(["-c", setting]);
        }
        self.server = Some(run.stdout(log.try_clone()?).stderr(log).spawn()?);
        cluster::until("the server answers", PATIENCE, || self.answers()).map_err(|error| {
            let said = fs::read_to_string(self.log()).unwrap_or_default();
            io::Error::other(format!("{error}\n{said}"))
        })
    }

    /// Whether it takes connections.
    pub fn answers(&self) -> bool {
        let mut ask = Command::new(self.programs.join("pg_isready"));
        let port = self.port.to_string();
        output(&mut ask, &["-q", "-h", "127.0.0.1", "-p", &port]).is_ok()
    }

    /// How the program reaches it.
    pub fn url(&self) -> String {
        format!("postgres://{ACCOUNT}@127.0.0.1:{}/{ACCOUNT}", self.port)
    }

    /// Carries a statement out as the superuser; answers a line for each row.
    ///
    /// # Errors
    /// When the server says no.
    pub fn ask(&self, statement: &str) -> io::Result<String> {
        let url = format!("postgres://postgres@127.0.0.1:{}/{ACCOUNT}", self.port);
        ask(&url, statement)
    }

    /// Stops it as an operator does who is in a hurry: open transactions are broken off, what is
    /// committed is written down.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn stop(&mut self) -> io::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        signal(server.id(), "INT")?;
        server.wait().map(drop)
    }

    /// `kill -9` of every process of it.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn kill(&mut self) -> io::Result<()> {
        let Some(mut server) = self.server.take() else { return Ok(()) };
        let workers = children(server.id());
        server.kill()?;
        server.wait()?;
        gone(&workers)
    }

    /// Holds every process of it: connections stand, and nothing is answered.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn pause(&self) -> io::Result<()> {
        self.each("STOP")
    }

    /// Lets all go on.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn resume(&self) -> io::Result<()> {
        self.each("CONT")
    }

    fn each(&self, name: &str) -> io::Result<()> {
        let Some(server) = &self.server else { return Ok(()) };
        // The first one first, so that it starts no more.
        signal(server.id(), name)?;
        for worker in children(server.id()) {
            // Gone already: it was at its end.
            signal(worker, name).ok();
        }
        Ok(())
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn at(&self) -> Vec<String> {
        ["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "postgres"]
            .map(str::to_owned)
            .into()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // Nobody reads it again.
        self.kill().ok();
    }
}

/// Kills processes, and waits until they are no more.
///
/// # Errors
/// When one stays.
pub fn gone(processes: &[u32]) -> io::Result<()> {
    for process in processes {
        // Gone already: they end by themselves when their server does.
        signal(*process, "KILL").ok();
    }
    cluster::until("every process ends", PATIENCE, || {
        processes.iter().all(|it| !Path::new(&format!("/proc/{it}")).exists())
    })
}

/// Carries a statement out at any address.
///
/// # Errors
/// When the server says no.
pub fn ask(url: &str, statement: &str) -> io::Result<String> {
    let quiet = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "-v", "ON_ERROR_STOP=1"];
    let mut psql = Command::new(programs()?.join("psql"));
    psql.args(quiet).arg(url).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut asked = psql.spawn()?;
    // By its input: a statement may be longer than a command line.
    if let Some(mut input) = asked.stdin.take() {
        input.write_all(statement.as_bytes())?;
    }
    let answer = asked.wait_with_output()?;
    if answer.status.success() {
        return Ok(String::from_utf8_lossy(&answer.stdout).trim_end().to_owned());
    }
    Err(io::Error::other(String::from_utf8_lossy(&answer.stderr).into_owned()))
}

/// The newest version that is installed.
fn programs() -> io::Result<PathBuf> {
    let versions = fs::read_dir(VERSIONS).map_err(|_| none())?;
    let paths = versions.flatten().map(|it| it.path().join("bin"));
    paths.filter(|it| it.join("postgres").exists()).max().ok_or_else(none)
}

fn none() -> io::Error {
    io::Error::other("install what Debian calls `postgresql`")
}
