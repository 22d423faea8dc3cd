//! A folder in which mail arrives, as a maildir: what lies in `new` is taken in, and goes once that is
//! durable. Whoever is killed in between takes the same mail in once.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use decide::Timestamp;

use super::incoming::{Came, incoming};
use crate::limit::{MAILBOX_BYTES_MAX, MAILBOX_KEPT_MILLIS, MAILBOX_TRIES, MAILS_AT_ONCE};
use crate::{Flows, Stop};

/// How often another mail is begun with.
const STEP_MILLIS: i64 = 10_000;

/// Takes in what lies in the mailbox that is configured; answers how many mails that were.
///
/// # Errors
/// When one cannot be taken in now: it lies there until the next time.
pub async fn fetch(flows: &Flows, now: Timestamp) -> Result<usize, Stop> {
    let desk = flows.desk();
    let Some(folder) = &desk.mailbox else { return Ok(0) };
    forget(&folder.join("cur"), now).await;
    let (mut taken, most) = (0_usize, usize::try_from(MAILS_AT_ONCE).unwrap_or(usize::MAX));
    for path in waiting(&folder.join("new"), now).await {
        if taken >= most {
            break;
        }
        match one(flows, (folder, &path), now).await {
            Ok(true) => taken = taken.saturating_add(1),
            Ok(false) => {}
            // The others would fare no better now.
            Err(stop @ (Stop::Busy | Stop::Unreachable(_))) => return Err(stop),
            // It lies there until the next time, and holds up no other.
            Err(stop) => tracing::warn!(?stop, "a mail in the mailbox waits"),
        }
    }
    Ok(taken)
}

/// The files that wait, oldest name first, as many as are looked at in a step. Where more wait than
/// that, some cannot be taken in yet: each step begins at another one.
async fn waiting(new: &Path, now: Timestamp) -> Vec<PathBuf> {
    let mut paths = files(new).await;
    paths.sort();
    if let Some(steps) = paths.len().checked_div(MAILBOX_TRIES).filter(|it| *it > 0) {
        let step = usize::try_from(now.millis() / STEP_MILLIS).unwrap_or(0);
        let begin = step.checked_rem(steps.saturating_add(1)).unwrap_or(0);
        let begin = begin.saturating_mul(MAILBOX_TRIES).min(paths.len());
        paths.rotate_left(begin);
    }
    paths.truncate(MAILBOX_TRIES);
    paths
}

async fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return paths };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden {
            paths.push(entry.path());
        }
    }
    paths
}

/// What could not be read lies there for people to look at, and not for ever.
async fn forget(kept: &Path, now: Timestamp) {
    for path in files(kept).await {
        let Ok(modified) = tokio::fs::metadata(&path).await.and_then(|it| it.modified()) else {
            continue;
        };
        let came = modified.duration_since(UNIX_EPOCH).map_or(0, |it| it.as_millis());
        let over = i64::try_from(came).unwrap_or(i64::MAX).saturating_add(MAILBOX_KEPT_MILLIS);
        if over <= now.millis() {
            // Another node may have been quicker.
            drop(tokio::fs::remove_file(&path).await);
        }
    }
}

async fn one(flows: &Flows, (folder, path): (&Path, &Path), now: Timestamp) -> Result<bool, Stop> {
    // Another node was quicker, or it is a folder.
    let Ok(size) = tokio::fs::metadata(path).await.map(|it| it.len()) else { return Ok(false) };
    let fits = usize::try_from(size).is_ok_and(|it| it <= MAILBOX_BYTES_MAX);
    let came = if fits {
        let Ok(raw) = tokio::fs::read(path).await else { return Ok(false) };
        incoming(flows, &raw, now).await?
    } else {
        Came::Unreadable
    };
    if came == Came::Unreadable {
        // Nothing is lost that somebody may still want to look at.
        tracing::warn!(bytes = size, "a mail in the mailbox cannot be read; it lies in `cur` now");
        let name = path.file_name().unwrap_or_default();
        let kept = folder.join("cur");
        let moved = async {
            tokio::fs::create_dir_all(&kept).await?;
            tokio::fs::rename(path, kept.join(name)).await
        };
        return gone(moved.await).map(|()| false);
    }
    gone(tokio::fs::remove_file(path).await).map(|()| true)
}

/// Another node may have been quicker to take it away.
fn gone(done: std::io::Result<()>) -> Result<(), Stop> {
    match done {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Stop::Broken(format!("a mail in the mailbox cannot be moved: {}", error.kind())))
        }
        _ => Ok(()),
    }
}
