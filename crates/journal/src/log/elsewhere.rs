//! The checkpoints that an auditor kept elsewhere, as they stood before the log was looked at.
//!
//! They are read first: a log that is being written goes on while it is read, and a checkpoint that
//! came to be meanwhile would be ahead of what was seen, as after a tail was cut off.

use std::fs;
use std::path::PathBuf;

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::folder::Folder;
use super::note::Note;
use super::outside::is_checkpoint;
use super::store::{Store, Tiles};
use super::vkey::Vkey;

/// What was kept elsewhere, unopened: each with the path it was given by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Elsewhere(Vec<(String, Vec<u8>)>);

impl Elsewhere {
    /// Reads them. Each path is a checkpoint file or a folder of them.
    ///
    /// In a folder, a file that is cut off is what a crash left of a checkpoint that nobody was
    /// shown yet: it says nothing, as if it were not there. One that is named itself must be whole.
    pub fn read(paths: &[PathBuf]) -> Result<Self, Fault> {
        let mut all = Vec::new();
        for path in paths {
            let shown = path.display().to_string();
            if !path.is_dir() {
                let bytes = fs::read(path).map_err(Fault::io(&shown))?;
                all.push((shown, bytes));
                continue;
            }
            let folder = Folder::open(path);
            let names = folder.names().map_err(Fault::io(&shown))?;
            for name in names.into_iter().filter(|name| is_checkpoint(name)) {
                let shown = format!("{shown}/{name}");
                let bytes = folder.tile(&name).map_err(Fault::io(&shown))?;
                let whole = bytes.filter(|bytes| Note::parse(&shown, bytes).is_ok());
                all.extend(whole.map(|bytes| (shown, bytes)));
            }
        }
        Ok(Self(all))
    }

    /// Opened, smallest first: one that the key did not sign is a fault.
    pub fn open(&self, vkey: &Vkey) -> Result<Vec<(String, Checkpoint)>, Fault> {
        let open = |(shown, bytes): &(String, Vec<u8>)| {
            Checkpoint::open(shown, bytes, vkey).map(|checkpoint| (shown.clone(), checkpoint))
        };
        let mut all = self.0.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        all.sort_by_key(|(_, checkpoint)| checkpoint.size);
        Ok(all)
    }
}
