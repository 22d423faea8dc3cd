//! An installation moves to the other engine: with its keys, for its log is completed first and
//! compared after.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use decide::Timestamp;
use journal::{Database, Moving};
use vault::{Roots, Vault};

use crate::OpenFault;

pub use journal::{Carried, MoveFault, Moved, Watch};

/// Why an installation was not moved.
#[derive(Debug, thiserror::Error)]
pub enum Unmoved {
    /// The keys, or the source.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// The move.
    #[error(transparent)]
    Move(#[from] MoveFault),
}

/// Moves an installation that nobody serves.
///
/// # Errors
/// When the keys do not open, a side is in use, the target is not empty, or what arrived differs.
pub async fn migrate(
    (from, to): (Database, Database),
    keys: &Path,
    outside: Vec<PathBuf>,
    now: Timestamp,
    watch: Watch<'_>,
) -> Result<Moved, Unmoved> {
    let origin = match &from {
        Database::Folder(dir) => recorded(dir),
        Database::Shared(it) => it.origin().await.map_err(OpenFault::from)?,
    };
    let origin = origin.ok_or(MoveFault::Nothing)?;
    let roots = Roots::open(keys).map_err(OpenFault::from)?;
    let signer = roots.log_signer(&origin).map_err(OpenFault::from)?;
    let seal = Arc::new(Vault::new(roots));
    Ok(Moving { from, to, outside }.run(seal, signer, now, watch).await?)
}

/// The name of the log that a folder holds: the first line of its checkpoint.
fn recorded(dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(dir.join("log/checkpoint")).ok()?;
    text.lines().next().map(str::to_owned).filter(|it| !it.is_empty())
}
