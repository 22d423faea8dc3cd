//! The program as a process: started, asked where it is, stopped gently or killed.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

/// A running `kept`.
#[derive(Debug)]
pub struct Kept {
    child: Child,
    said: Vec<String>,
}

impl Kept {
    /// Starts the program and waits until it has said a line that holds `ready`. What it writes to
    /// its log goes to `log`.
    ///
    /// # Errors
    /// When it cannot be started, or ends before it is ready; the error holds what it said.
    pub fn start(program: &Path, arguments: &[&str], ready: &str, log: &Path) -> io::Result<Self> {
        let log = File::options().create(true).append(true).open(log)?;
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let out = child.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut lines = BufReader::new(out).lines();
        let mut said = Vec::new();
        for line in lines.by_ref() {
            let line = line?;
            let is_ready = line.contains(ready);
            said.push(line);
            if is_ready {
                // The rest is read and dropped, so that the process never waits for us.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(Self { child, said });
            }
        }
        child.wait()?;
        Err(io::Error::other(format!("it ended before it was ready: {}", said.join("\n"))))
    }

    /// What it said until it was ready.
    pub fn said(&self) -> &[String] {
        &self.said
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What stands behind a label at the beginning of one of the lines that it said.
    pub fn value(&self, label: &str) -> Option<&str> {
        self.said.iter().find_map(|it| it.trim().strip_prefix(label).map(str::trim))
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn kill(mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// `SIGTERM`, and waits for the end.
    ///
    /// # Errors
    /// When the system does not let us, or the program does not end with success.
    pub fn stop(mut self) -> io::Result<()> {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status()?;
        let ended = self.child.wait()?;
        if ended.success() { Ok(()) } else { Err(io::Error::other(format!("it ended {ended}"))) }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        // Without effect on one that has ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs the program to its end.
///
/// # Errors
/// When it cannot be started.
pub fn run(program: &Path, arguments: &[&str]) -> io::Result<Output> {
    Command::new(program).args(arguments).stdin(Stdio::null()).output()
}

/// The folder of the checkout, found from the folder of a crate in it.
pub fn checkout(manifest: &str) -> PathBuf {
    Path::new(manifest).ancestors().nth(2).unwrap_or(Path::new(".")).to_owned()
}

/// The whole of a folder as one path argument.
pub fn text(path: &Path) -> String {
    path.display().to_string()
}
