//! What was seen outside: the checkpoints against which a list of changes is held.

use std::path::PathBuf;
use std::slice::from_ref;

use crate::backup::BackupFault;
use crate::log::{Checkpoint, Elsewhere, Vkey};

/// Every checkpoint that was seen outside. A folder that was named and keeps none is a wrong one.
pub(super) fn seen(
    outside: &[PathBuf],
    vkey: &Vkey,
) -> Result<Vec<(String, Checkpoint)>, BackupFault> {
    let mut all = Vec::new();
    for path in outside {
        let there: &[PathBuf] = if path.exists() { from_ref(path) } else { &[] };
        let here = Elsewhere::read(there)?.open(vkey)?;
        if here.is_empty() {
            return Err(BackupFault::List(format!(
                "cannot be held against `{}`: no checkpoint of the log lies there; name the folder that \
                 keeps them",
                path.display()
            )));
        }
        all.extend(here);
    }
    Ok(all)
}
