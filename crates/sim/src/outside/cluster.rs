//! Several nodes of the program over one database, and what starting other people's servers takes:
//! free ports, an account that a database server accepts, waiting with a bound.

use std::fs;
use std::io;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::kept::{self, Kept};

/// The account that Debian's packages make: a database server does not run as root.
const OWNER: &str = "postgres";
/// Between two looks at what another program is doing.
const PAUSE: Duration = Duration::from_millis(50);
/// Looks in a second.
const LOOKS: u32 = 20;

/// One installation, whatever number of nodes serve it.
#[derive(Debug, Clone)]
pub struct Cluster {
    program: PathBuf,
    folder: PathBuf,
    /// Where the rows are, as the command line has it.
    rows: [String; 2],
}

/// A node that serves.
#[derive(Debug)]
pub struct Node {
    process: Kept,
    address: String,
}

impl Cluster {
    /// An installation in a database; keys, checkpoints, mail and what each node says go to a folder.
    pub fn new(program: &Path, folder: &Path, database: &str) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self { program, folder, rows: ["--database".to_owned(), database.to_owned()] }
    }

    /// An installation in a data folder, which one node at a time serves.
    pub fn alone(program: &Path, folder: &Path, data: &Path) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self { program, folder, rows: ["--data".to_owned(), kept::text(data)] }
    }

    /// Starts a node. Each has checkpoints of its own.
    ///
    /// # Errors
    /// When it ends before it listens; the error holds what it said.
    pub fn start(&self, name: &str, more: &[&str]) -> io::Result<Node> {
        let checkpoints = kept::text(&self.folder.join("checkpoints").join(name));
        let mail = kept::text(&self.folder.join("mail"));
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--mail-folder", &mail];
        arguments.extend(["--checkpoints", &checkpoints]);
        let place = self.place();
        arguments.extend(place.iter().map(String::as_str).chain(more.iter().copied()));
        let log = self.folder.join(format!("{name}.log"));
        let process =
            Kept::start(&self.program, &arguments, "listening", &log).map_err(|error| {
                let said = fs::read_to_string(&log).unwrap_or_default();
                io::Error::other(format!("{error}\n{said}"))
            })?;
        let line = process.said().iter().find_map(|it| it.split("http://").nth(1));
        let address = line.and_then(|it| it.split(['/', ' ']).next()).unwrap_or_default();
        Ok(Node { address: address.to_owned(), process })
    }

    /// Makes a key of an application for a purpose.
    ///
    /// # Errors
    /// When the program says no.
    pub fn key(&self, purpose: &str) -> io::Result<String> {
        let said = self.run(&["key", "app", "add", "--name", "shop", "--purposes", purpose])?;
        let key = said.split_whitespace().find(|it| it.starts_with("kept_app_"));
        key.map(str::to_owned).ok_or_else(|| io::Error::other(said))
    }

    /// Holds the log against its key and against every checkpoint that any node has kept.
    ///
    /// # Errors
    /// When it does not verify.
    pub fn verify(&self) -> io::Result<String> {
        let mut arguments = vec!["journal".to_owned(), "verify".to_owned()];
        for node in fs::read_dir(self.folder.join("checkpoints"))? {
            arguments.extend(["--checkpoints".to_owned(), kept::text(&node?.path())]);
        }
        self.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// Proves that the entry of a record is in the log.
    ///
    /// # Errors
    /// When there is no proof.
    pub fn prove(&self, record: &str) -> io::Result<String> {
        self.run(&["journal", "prove", record])
    }

    /// What a node wrote to its log.
    pub fn said(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(format!("{name}.log"))).unwrap_or_default()
    }

    fn place(&self) -> [String; 4] {
        let [kind, rows] = self.rows.clone();
        [kind, rows, "--keys".to_owned(), kept::text(&self.folder.join("root.key"))]
    }

    /// Runs a command of the program to its end.
    fn run(&self, command: &[&str]) -> io::Result<String> {
        let place = self.place();
        let arguments: Vec<&str> =
            command.iter().copied().chain(place.iter().map(String::as_str)).collect();
        output(&mut Command::new(&self.program), &arguments)
    }
}

impl Node {
    /// Where it listens: `127.0.0.1:7600`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Bytes of memory that it holds, by the system's own word.
    ///
    /// # Errors
    /// When it is not there any more.
    pub fn memory(&self) -> io::Result<u64> {
        let text = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = text.lines().find_map(|it| it.strip_prefix("VmRSS:"));
        let kib = line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok());
        kib.map(|it| it.saturating_mul(1024)).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Holds it in the middle of what it does; it does not notice.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn pause(&self) -> io::Result<()> {
        signal(self.process.id(), "STOP")
    }

    /// Lets it go on.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn resume(&self) -> io::Result<()> {
        signal(self.process.id(), "CONT")
    }

    /// `SIGTERM`, and waits for the end.
    ///
    /// # Errors
    /// When it does not end with success.
    pub fn stop(self) -> io::Result<()> {
        self.process.stop()
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn kill(self) -> io::Result<()> {
        self.process.kill()
    }
}

/// Looks again and again, for so many seconds at most, until it is so.
///
/// # Errors
/// When it never was; the error says what was waited for.
pub fn until(what: &str, seconds: u32, mut so: impl FnMut() -> bool) -> io::Result<()> {
    for _ in 0..seconds.saturating_mul(LOOKS) {
        if so() {
            return Ok(());
        }
        pause();
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, format!("{what}: not after {seconds} seconds")))
}

/// A moment in which another program does something.
#[expect(clippy::disallowed_methods, reason = "other programs do things in their own time")]
pub fn pause() {
    std::thread::sleep(PAUSE);
}

/// Ports of this machine on which nobody listens, each once.
///
/// # Errors
/// When there are none.
pub fn free_ports(count: usize) -> io::Result<Vec<u16>> {
    // Held together, so that none comes twice.
    let held: Vec<TcpListener> =
        (0..count).map(|_| TcpListener::bind(("127.0.0.1", 0))).collect::<io::Result<_>>()?;
    held.iter().map(|it| it.local_addr().map(|it| it.port())).collect()
}

/// A program that runs as somebody whom a database server accepts.
///
/// # Errors
/// When there is nobody such: Debian's `postgresql` is not installed.
pub fn unprivileged(program: &Path) -> io::Result<Command> {
    let mut command = Command::new(program);
    // No server of ours outlives us by reading from our terminal.
    command.stdin(Stdio::null());
    if is_root()? {
        command.uid(number(&["-u", OWNER])?).gid(number(&["-g", OWNER])?);
    }
    Ok(command)
}

/// Makes a folder that the same somebody owns.
///
/// # Errors
/// When the system does not let us.
pub fn own_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    if is_root()? {
        std::os::unix::fs::chown(
            folder,
            Some(number(&["-u", OWNER])?),
            Some(number(&["-g", OWNER])?),
        )?;
    }
    Ok(())
}

/// Whether we may do everything.
///
/// # Errors
/// When the system does not say.
pub fn is_root() -> io::Result<bool> {
    Ok(number(&["-u"])? == 0)
}

fn number(of: &[&str]) -> io::Result<u32> {
    output(&mut Command::new("id"), of)?.trim().parse().map_err(io::Error::other)
}

/// Sends a signal.
///
/// # Errors
/// When the process is not there any more.
pub fn signal(process: u32, name: &str) -> io::Result<()> {
    let (name, process) = (format!("-{name}"), process.to_string());
    output(&mut Command::new("kill"), &[&name, &process]).map(drop)
}

/// Every process that another one started, as far as they are still there.
pub fn children(process: u32) -> Vec<u32> {
    let found = output(&mut Command::new("pgrep"), &["-P", &process.to_string()]);
    found.unwrap_or_default().lines().filter_map(|it| it.parse().ok()).collect()
}

/// Runs a command to its end, and answers what it said.
///
/// # Errors
/// When it does not end with success; the error holds what it said.
pub fn output(command: &mut Command, arguments: &[&str]) -> io::Result<String> {
    let output = command.args(arguments).stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(said);
    }
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(io::Error::other(format!(
        "`{}` ended {}: {said}{why}",
        command.get_program().display(),
        output.status
    )))
}
