//! The repository's text, read once, and what a check says about it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;

/// Folders that hold what was built or fetched, never what was written.
const SKIPPED: &[&str] = &[
    ".git",
    "target",
    "node_modules",
    "dist",
    "shots",
    "__pycache__",
    "corpus",
    "artifacts",
    "coverage",
];

/// Every text file of the repository by its path from the root, with `/` between folders.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    files: BTreeMap<String, String>,
}

impl Tree {
    /// Reads every text file below `root`; pictures and other bytes that are no UTF-8 are left out.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        tree.gather(root, "")?;
        Ok(tree)
    }

    fn gather(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.file_type()?.is_dir() {
                if !SKIPPED.contains(&name.as_str()) {
                    self.gather(&entry.path(), &format!("{path}/"))?;
                }
                continue;
            }
            match fs::read_to_string(entry.path()) {
                Ok(text) => {
                    self.files.insert(path, text);
                }
                // A file that went away while we read, or one that is not text.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::InvalidData | io::ErrorKind::NotFound
                    ) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// A tree that exists only in a test.
    #[cfg(test)]
    pub(crate) fn planted(files: &[(&str, &str)]) -> Self {
        let own = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self { files: files.iter().map(own).collect() }
    }

    /// The text of one file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// The files below a folder (`""` for all) whose name ends so, in the order of their paths.
    pub(crate) fn under<'tree>(
        &'tree self,
        folder: &'tree str,
        ending: &'tree str,
    ) -> impl Iterator<Item = (&'tree str, &'tree str)> {
        self.files
            .iter()
            .filter(move |(path, _)| path.starts_with(folder) && path.ends_with(ending))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

/// Whether a file holds tests and nothing else.
pub(crate) fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.contains("/tests/")
}

/// Something that a check found, and what to do about it.
#[derive(Debug)]
pub(crate) struct Fault {
    path: String,
    line: usize,
    remedy: String,
}

impl Fault {
    /// A fault in a line; lines count from 1.
    pub(crate) fn at(path: &str, line: usize, remedy: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, remedy: remedy.into() }
    }

    /// A fault of a file as a whole, or of one that is not there.
    pub(crate) fn of(path: &str, remedy: impl Into<String>) -> Self {
        Self::at(path, 0, remedy)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(out, "{}: {}", self.path, self.remedy),
            line => write!(out, "{}:{line}: {}", self.path, self.remedy),
        }
    }
}

/// Lines with their numbers, from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| (index.saturating_add(1), line))
}

#[cfg(test)]
mod tests;
