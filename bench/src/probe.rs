//! What the machine is like at this moment: cores, load, what a durable write costs, which commit.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::now;

/// Writes of which the median is taken.
const WRITES: usize = 200;
const PAGE: [u8; 4096] = [7; 4096];

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let above = here.and_then(|it| it.parent().map(Path::to_owned));
    above.or_else(|| std::env::current_dir().ok()).unwrap_or_else(|| PathBuf::from("."))
}

/// Milliseconds of one `fdatasync` after 4 KiB were appended to a file where benches keep theirs, in
/// the median of 200.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn fdatasync() -> Result<f64, String> {
    let folder = tempfile::tempdir().map_err(said)?;
    let mut file = File::create(folder.path().join("probe")).map_err(said)?;
    let mut times = Vec::with_capacity(WRITES);
    for _ in 0..WRITES {
        let start = now();
        file.write_all(&PAGE).and_then(|()| file.sync_data()).map_err(said)?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    times.sort_by(f64::total_cmp);
    Ok(times.get(WRITES / 2).copied().unwrap_or(f64::NAN))
}

/// The three load averages.
pub(crate) fn load() -> String {
    let said = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    said.split(' ').take(3).collect::<Vec<_>>().join(", ")
}

/// Cores and their kind.
pub(crate) fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let said = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let kind = said.lines().find_map(|it| it.strip_prefix("model name")?.split_once(':'));
    let kind = kind.map_or("unknown", |(_, kind)| kind.trim());
    format!("{cores} cores ({kind})")
}

/// The commit that is checked out, with a mark where files differ from it.
pub(crate) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").current_dir(root()).args(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        output.status.success().then(|| text.trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no", "--", "crates", "bench/src"]);
    if changed.is_some_and(|it| it.is_empty()) { commit } else { format!("{commit} and changes") }
}

/// An error in words.
pub(crate) fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}
