//! Programs beside this one: started, waited for, their processor time and memory read, ended.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::call::Done;
use crate::probe::said;

/// The system counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;

/// A program that runs until this is dropped.
pub(crate) struct Program {
    child: Child,
    lines: Vec<String>,
}

impl Program {
    /// Starts it and waits for a line on its standard output that holds `ready`; its standard error
    /// goes to a file.
    ///
    /// # Errors
    /// When it cannot be started, or ends before it is ready.
    pub(crate) fn start(command: &mut Command, ready: &str, log: &Path) -> Result<Self, String> {
        let log = File::options().create(true).append(true).open(log).map_err(said)?;
        let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().map_err(|it| format!("{command:?}: {it}"))?;
        let out = child.stdout.take().ok_or("no standard output")?;
        let mut program = Self { child, lines: Vec::new() };
        let mut lines = BufReader::new(out).lines();
        for line in lines.by_ref() {
            let line = line.map_err(said)?;
            let is_ready = line.contains(ready);
            program.lines.push(line);
            if is_ready {
                // The rest is read and dropped, so that the process never waits for us.
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(program);
            }
        }
        Err(format!("{command:?} ended before it was ready: {}", program.lines.join("\n")))
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// What stands behind a label in one of the lines that it said until it was ready.
    pub(crate) fn value(&self, label: &str) -> Option<&str> {
        self.lines.iter().find_map(|it| it.split_once(label)).map(|(_, rest)| rest.trim())
    }

    /// `SIGTERM`, and waits for the end.
    ///
    /// # Errors
    /// When it does not end with success.
    pub(crate) fn stop(mut self) -> Done {
        signal("-TERM", self.id())?;
        let ended = self.child.wait().map_err(said)?;
        if ended.success() { Ok(()) } else { Err(format!("it ended {ended}")) }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Without effect on one that has ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Sends a signal.
///
/// # Errors
/// When there is no such process.
pub(crate) fn signal(name: &str, id: u32) -> Done {
    let sent = Command::new("kill").args([name, &id.to_string()]).status().map_err(said)?;
    if sent.success() { Ok(()) } else { Err(format!("process {id} is not there")) }
}

/// Seconds of processor time that a process and its children had, also those that have ended.
pub(crate) fn cpu(id: u32) -> f64 {
    let mut sum = own(id, true);
    for child in children(id) {
        sum += own(child, false);
    }
    sum
}

/// Bytes of memory that a process holds, by the system's own word: `VmRSS`, or `VmHWM` for the most.
pub(crate) fn memory(id: u32, word: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|it| it.strip_prefix(word)?.strip_prefix(':'));
    let kib = line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0).saturating_mul(1024)
}

/// What stands in a process's `stat` behind its name.
fn stat(id: u32) -> Vec<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let rest = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    rest.split_whitespace().map(|it| it.parse().unwrap_or(0)).collect()
}

fn own(id: u32, with_ended: bool) -> f64 {
    let stat = stat(id);
    // State, parent, group, …: its own time at 11 and 12, that of children that ended at 13 and 14.
    let upto = if with_ended { 15 } else { 13 };
    let ticks: u64 = stat.iter().take(upto).skip(11).sum();
    u32::try_from(ticks).map_or(f64::NAN, f64::from) / TICKS
}

/// The processes whose parent is this one.
pub(crate) fn children(id: u32) -> Vec<u32> {
    let Ok(all) = std::fs::read_dir("/proc") else { return Vec::new() };
    let ids = all.flatten().filter_map(|it| it.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|it| stat(*it).get(1).copied() == Some(u64::from(id))).collect()
}
