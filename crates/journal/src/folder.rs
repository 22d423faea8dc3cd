//! The data folder: made for its owner alone, locked by one process, true to the configuration.

use std::collections::BTreeSet;
use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use decide::RegionCode;

use crate::fault::OpenFault;
use crate::limit::REGIONS_MAX;

/// The file whose lock says that a process has the folder.
const LOCK: &str = "kept.lock";
/// What a folder and a file of ours let others do: nothing.
const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
const OTHERS: u32 = 0o077;

/// From one to so many regions, each once.
pub(crate) fn check_regions(regions: &[RegionCode]) -> Result<(), OpenFault> {
    let different: BTreeSet<_> = regions.iter().collect();
    let fits = different.len() == regions.len() && (1..=REGIONS_MAX).contains(&regions.len());
    let wrong = OpenFault::Regions { given: regions.len(), most: REGIONS_MAX };
    if fits { Ok(()) } else { Err(wrong) }
}

/// Makes the folder, readable for its owner alone; one that is there already becomes so.
pub(crate) fn make(dir: &Path) -> Result<(), OpenFault> {
    let made = DirBuilder::new().recursive(true).mode(FOLDER).create(dir);
    let made = made.and_then(|()| tighten(dir, FOLDER));
    made.map_err(|error| OpenFault::Io { path: dir.to_path_buf(), error })
}

/// Makes a file for its owner alone where there is none, before the database opens it: SQLite gives
/// the files beside it the same mode.
pub(crate) fn make_file(path: &Path) -> Result<(), OpenFault> {
    let opened =
        OpenOptions::new().create(true).truncate(false).write(true).mode(FILE).open(path).map(drop);
    let made = opened.and_then(|()| tighten(path, FILE));
    made.map_err(|error| OpenFault::Io { path: path.to_path_buf(), error })
}

/// Takes from others what only the owner should have.
fn tighten(path: &Path, mode: u32) -> io::Result<()> {
    let found = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if found & OTHERS == 0 {
        return Ok(());
    }
    std::fs::set_permissions(path, Permissions::from_mode(mode))?;
    let found = format!("{found:o}");
    tracing::warn!(path = %path.display(), found, "others could read it: it is the owner's alone now");
    Ok(())
}

/// Takes the lock; it is let go when the file is dropped, also by a process that is killed.
pub(crate) fn lock(dir: &Path) -> Result<File, OpenFault> {
    let path = dir.join(LOCK);
    let failed = |error| OpenFault::Io { path: path.clone(), error };
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(FILE)
        .open(&path)
        .map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenFault::Locked(dir.to_path_buf())),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// A region that the folder holds and nobody serves would be people without their rights.
pub(crate) fn check_known(dir: &Path, regions: &[RegionCode]) -> Result<(), OpenFault> {
    let failed = |error| OpenFault::Io { path: dir.to_path_buf(), error };
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let region = entry.file_name().to_str().and_then(RegionCode::new);
        let holds = entry.path().join("people.db").exists();
        if let Some(region) = region.filter(|it| holds && !regions.contains(it)) {
            return Err(OpenFault::UnknownRegion(region));
        }
    }
    Ok(())
}
