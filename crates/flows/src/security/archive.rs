//! The archive: what is left of a closed case when its texts are gone, moved out of the people's rows
//! into sealed files, without saying whose it was. It shows what came in and how it ended, and who was
//! erased is not in it: nobody is.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use decide::Timestamp;
use journal::ClosedCase;
use policy::Duration;
use serde::{Deserialize, Serialize};
use vault::{Roots, Stream, Vault};

use crate::queue::{HOLDS, MESSAGES, REQUESTS};
use crate::time::when;
use crate::{Flows, Stop};

/// How the files end.
const END: &str = ".archive";
/// Cases that are read at a time.
const PAGE: u32 = 500;

/// What is moved, and for how long it is kept there.
#[derive(Debug, Clone)]
pub struct Archiving {
    /// The folder of archives.
    pub to: PathBuf,
    /// How long after its deadline a closed case is moved.
    pub after: Duration,
    /// How long an archive is kept; for ever where nothing is said.
    pub keep: Option<Duration>,
}

/// A case in an archive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Archived {
    /// Its id.
    pub case: String,
    /// Its kind.
    pub kind: String,
    /// How it ended.
    pub state: String,
    /// When it came in.
    pub received: String,
    /// Until when somebody had to act.
    pub due: String,
}

/// Moves what is old enough; answers how many cases, and into which file. In the file before they go:
/// after a crash in between they stand in two, and are shown once.
///
/// # Errors
/// When the folder cannot be written, or the rows not be read.
pub async fn archive(
    flows: &Flows,
    ask: &Archiving,
    now: Timestamp,
) -> Result<(u64, Option<PathBuf>), Stop> {
    let old = gathered(flows, ask.after, now).await?;
    let file = if old.is_empty() {
        None
    } else {
        let (vault, to, lines) = (flows.vault().clone(), ask.to.clone(), lines(&old)?);
        let written = tokio::task::spawn_blocking(move || write(&vault, &to, &lines, now));
        let written = written.await.map_err(|error| Stop::Broken(error.to_string()))?;
        Some(written.map_err(|error| broken(&ask.to, &error))?)
    };
    let mut moved = 0_u64;
    for region in flows.regions() {
        let here: Vec<ClosedCase> =
            old.iter().filter(|it| it.id.region() == *region).cloned().collect();
        for some in here.chunks(256) {
            let gone = flows.journal().scratch().drop_closed(*region, some).await?;
            moved = moved.saturating_add(gone);
        }
    }
    forget(flows, ask, now).map_err(|error| broken(&ask.to, &error))?;
    Ok((moved, file))
}

fn broken(dir: &Path, error: &io::Error) -> Stop {
    Stop::Broken(format!("`{}`: {error}", dir.display()))
}

/// Closed cases whose time among the rows is over.
async fn gathered(flows: &Flows, after: Duration, now: Timestamp) -> Result<Vec<ClosedCase>, Stop> {
    let book = flows.book();
    let mut old = Vec::new();
    for region in flows.regions() {
        let over = |it: &ClosedCase| {
            if !may_go(it) {
                return false;
            }
            let due = book.policy().due(region.as_str(), it.due, after);
            due.is_ok_and(|it| it <= now)
        };
        let mut last = None;
        loop {
            let door = flows.journal().scratch();
            let page = door.closed_cases(*region, (now, last), PAGE).await?;
            let Some(end) = page.last() else { break };
            last = Some(end.id);
            old.extend(page.into_iter().filter(over));
        }
    }
    Ok(old)
}

/// Whether nothing asks for a case any more. What somebody agreed to, and who was told, stays with its
/// person; and what the log attests of an erasure stays for whoever has the link to it.
fn may_go(it: &ClosedCase) -> bool {
    let kind = it.kind.as_str();
    let named = [&REQUESTS[..], &MESSAGES, &HOLDS].iter().any(|all| all.contains(&kind));
    let about: serde_json::Value = serde_json::from_str(&it.about).unwrap_or_default();
    named && about.as_object().is_some_and(|it| !it.contains_key("attested"))
}

fn lines(old: &[ClosedCase]) -> Result<Vec<u8>, Stop> {
    let mut lines = Vec::new();
    for it in old {
        let line = Archived {
            case: it.id.to_string(),
            kind: it.kind.clone(),
            state: it.state.clone(),
            received: when(it.received),
            due: when(it.due),
        };
        let line = serde_json::to_string(&line).map_err(|it| Stop::Broken(it.to_string()))?;
        lines.extend_from_slice(line.as_bytes());
        lines.push(b'\n');
    }
    Ok(lines)
}

fn write(vault: &Vault, dir: &Path, lines: &[u8], now: Timestamp) -> io::Result<PathBuf> {
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let mut id = [0; 16];
    vault.random(&mut id).map_err(io::Error::other)?;
    let name = format!("{:020}-{:032x}{END}", now.millis().max(0), u128::from_be_bytes(id));
    let path = dir.join(name);
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
    let mut sealing = vault.seal_stream(Stream::Archive, id, BufWriter::new(file))?;
    sealing.write_all(lines)?;
    sealing.finish()?.into_inner().map_err(io::Error::from)?.sync_all()?;
    File::open(dir)?.sync_all()?;
    Ok(path)
}

/// Archives whose time is over go.
fn forget(flows: &Flows, ask: &Archiving, now: Timestamp) -> io::Result<()> {
    let (Some(keep), true) = (ask.keep, ask.to.is_dir()) else { return Ok(()) };
    let book = flows.book();
    for path in files(&ask.to)? {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let made = name.as_deref().and_then(|it| it.split('-').next()?.parse().ok());
        let Some(made) = made.map(Timestamp::from_millis) else { continue };
        let due = book.policy().due(book.policy().header.home(), made, keep);
        if due.is_ok_and(|it| it <= now) {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

fn files(from: &Path) -> io::Result<Vec<PathBuf>> {
    if from.is_file() {
        return Ok(vec![from.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(from)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(END) {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// What stands in an archive, or in a folder of them, each case once.
///
/// # Errors
/// When the keys are others, or a file was changed or cut off.
pub fn archived(keys: &Path, from: &Path) -> io::Result<BTreeSet<Archived>> {
    let vault = Vault::new(Roots::open(keys).map_err(io::Error::other)?);
    let mut all = BTreeSet::new();
    for path in files(from)? {
        let opened = vault.open_stream(Stream::Archive, BufReader::new(File::open(path)?))?;
        for line in BufReader::new(opened).lines() {
            all.insert(serde_json::from_str(&line?).map_err(io::Error::other)?);
        }
    }
    Ok(all)
}
