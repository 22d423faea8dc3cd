//! A folder in which mail arrives, as a maildir: what lies in `new` is taken in, and goes once that is
//! durable. Whoever is killed in between takes the same mail in once.

use std::path::{Path, PathBuf};

use decide::Timestamp;

use super::incoming::{Came, incoming};
use crate::limit::{MAILBOX_BYTES_MAX, MAILS_AT_ONCE};
use crate::{Flows, Stop};

/// Takes in what lies in the mailbox that is configured; answers how many mails that were.
///
/// # Errors
/// When one cannot be taken in now: it lies there until the next time.
pub async fn fetch(flows: &Flows, now: Timestamp) -> Result<usize, Stop> {
    let desk = flows.desk();
    let Some(folder) = &desk.mailbox else { return Ok(0) };
    let mut taken = 0_usize;
    for path in waiting(&folder.join("new")).await {
        match one(flows, (folder, &path), now).await {
            Ok(true) => taken = taken.saturating_add(1),
            Ok(false) => {}
            // The others would fare no better now.
            Err(stop @ (Stop::Full { .. } | Stop::Busy | Stop::Unreachable(_))) => {
                return Err(stop);
            }
            // It lies there until the next time, and holds up no other.
            Err(stop) => tracing::warn!(?stop, "a mail in the mailbox waits"),
        }
    }
    Ok(taken)
}

/// The files that wait, oldest name first, as many as are taken at a time.
async fn waiting(new: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(new).await else { return paths };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden {
            paths.push(entry.path());
        }
    }
    paths.sort();
    paths.truncate(usize::try_from(MAILS_AT_ONCE).unwrap_or(usize::MAX));
    paths
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
