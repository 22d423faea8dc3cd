//! Holding the public log against its key and against the checkpoints that were kept elsewhere. It
//! needs no running server and no lock: an auditor does it with a copy.

use std::path::Path;

use decide::id::RecordId;
pub use journal::log::Elsewhere;
use journal::log::{self, ProofBundle, Report, TilePath, Vkey};
use vault::Roots;

use crate::{Flows, Stop};

/// Whether a path below `/tile/` names a tile, so that nothing else of the disk is served.
pub fn is_tile(path: &str) -> bool {
    TilePath::parse(path).is_some()
}

/// With what a log is verified.
#[derive(Debug)]
pub enum Key<'a> {
    /// The public key, as `/privacy.json` shows it.
    Public(&'a str),
    /// The key file of the installation.
    File(&'a Path),
}

impl Key<'_> {
    /// Whether it can be a key at all: whoever gives none has asked wrongly, and the log is not wrong.
    ///
    /// # Errors
    /// What to give.
    pub fn fits(&self) -> Result<(), String> {
        match self {
            Self::Public(text) => Vkey::parse(text).map(drop).map_err(|fault| fault.to_string()),
            Self::File(path) if path.is_file() => Ok(()),
            Self::File(path) => Err(format!(
                "there is no key file `{}`: name it with `--keys FILE`, or give the public key with \
                 `--vkey`",
                path.display()
            )),
        }
    }
}

/// Verifies a log in its folder: the one in a data folder, or a copy. What was kept elsewhere is
/// read before, and before the copy is made: the log may go on meanwhile.
///
/// # Errors
/// What is wrong, and where.
pub fn verify_log(dir: &Path, key: &Key<'_>, outside: &Elsewhere) -> Result<Report, String> {
    let vkey = public(dir, key)?;
    log::verify(dir, outside, &vkey).map_err(|fault| fault.to_string())
}

fn public(dir: &Path, key: &Key<'_>) -> Result<Vkey, String> {
    match key {
        Key::Public(text) => Vkey::parse(text).map_err(|fault| fault.to_string()),
        Key::File(path) => {
            let roots = Roots::open(path).map_err(|fault| fault.to_string())?;
            let origin = origin(dir)?;
            let signer = roots.log_signer(&origin).map_err(|fault| fault.to_string())?;
            Ok(signer.vkey().clone())
        }
    }
}

/// The first line of the checkpoint is the name of the log.
fn origin(dir: &Path) -> Result<String, String> {
    let path = dir.join("checkpoint");
    let text = std::fs::read_to_string(&path)
        .map_err(|error| format!("`{}` cannot be read: {error}", path.display()))?;
    Ok(text.lines().next().unwrap_or("").to_owned())
}

/// Proves that a record's entry stands in the log.
///
/// # Errors
/// `NotFound` for a record that nobody has, `NotNow` for one that is not in the log yet.
pub async fn prove_record(flows: &Flows, record: RecordId) -> Result<ProofBundle, Stop> {
    let index = flows.journal().log_index(record).await?;
    let index = index.ok_or_else(|| {
        Stop::NotNow(
            "the record waits for its place in the log; ask again in two seconds".to_owned(),
        )
    })?;
    Ok(flows.journal().prove(index).await?)
}
