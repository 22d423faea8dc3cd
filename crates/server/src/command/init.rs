//! `kept init`: a folder with the starter policy to begin from.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::place::starter;
use super::{End, say};

/// Makes a folder with the starter policy in it.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder; it must not be there yet, or be empty.
    dir: PathBuf,
}

impl Init {
    pub(crate) fn run(&self) -> Result<(), End> {
        let dir = &self.dir;
        if dir.exists() && fs::read_dir(dir)?.next().is_some() {
            return Err(End::Wrong(format!("`{}` is not empty: name another one", dir.display())));
        }
        for (name, text) in &starter().files {
            put(&dir.join("policy").join(name), text).map_err(|error| {
                End::Wrong(format!(
                    "`{}` cannot be made: {error}; name a folder that you may write to",
                    dir.display()
                ))
            })?;
        }
        let shown = dir.display();
        say(&format!(
            "made `{shown}/policy`: this is your policy, change it to what you do\n\n  kept check \
             {shown}/policy\n  kept serve --policy {shown}/policy --data {shown}/data --keys \
             {shown}/root.key --checkpoints {shown}/checkpoints --mail-folder {shown}/mail"
        ));
        Ok(())
    }
}

fn put(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::options().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}
