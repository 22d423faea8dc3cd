//! A log on a file system: the folder that is also served as it stands.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use decide::Timestamp;

use super::store::{Store, Tiles};

/// A folder of tiles and checkpoints.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    // Kept open, so that a publish costs one write and one fdatasync.
    tail: Option<(String, File)>,
    dirty: BTreeSet<PathBuf>,
}

impl Folder {
    /// Opens the folder, making it if it is not there.
    pub fn create(root: impl Into<PathBuf>) -> io::Result<Self> {
        let mut folder = Self::open(root);
        let root = folder.root.clone();
        folder.make(&root)?;
        folder.sync()?;
        Ok(folder)
    }

    /// Names a folder to read from; it need not exist yet.
    pub fn open(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), tail: None, dirty: BTreeSet::new() }
    }

    /// Where it stands.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes a folder with its parents and remembers whose entries must become durable.
    fn make(&mut self, path: &Path) -> io::Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            self.make(parent)?;
            self.dirty.insert(parent.to_path_buf());
        }
        match fs::create_dir(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn write(&mut self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let created = match File::create(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if let Some(parent) = path.parent() {
                    self.make(parent)?;
                }
                File::create(path)
            }
            other => other,
        };
        created?.write_all(bytes)?;
        self.dirty.insert(path.to_path_buf());
        if let Some(parent) = path.parent() {
            self.dirty.insert(parent.to_path_buf());
        }
        Ok(())
    }
}

impl Tiles for Folder {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Store for Folder {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.root.join(path);
        self.write(&path, bytes)
    }

    fn put_loose(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        File::create(self.root.join(path))?.write_all(bytes)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let (old, new) = (self.root.join(from), self.root.join(to));
        fs::rename(&old, &new)?;
        if self.dirty.remove(&old) {
            self.dirty.insert(new);
        }
        self.dirty.insert(self.root.clone());
        if self.tail.as_ref().is_some_and(|(name, _)| name == to) {
            self.tail = None;
        }
        Ok(())
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let kept = self.tail.take().filter(|(name, _)| name == path);
        let (name, mut file) = match kept {
            Some(tail) => tail,
            None => (path.to_owned(), File::options().append(true).open(self.root.join(path))?),
        };
        file.write_all(bytes)?;
        file.sync_data()?;
        self.tail = Some((name, file));
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        // Files before folders is not needed: a name without its bytes is as lost as no name.
        for path in &self.dirty {
            match File::open(path) {
                Ok(file) => file.sync_all()?,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        self.dirty.clear();
        Ok(())
    }

    fn prune(&mut self, folder: &str) -> io::Result<()> {
        let path = self.root.join(folder);
        self.dirty.retain(|dirty| !dirty.starts_with(&path));
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        let path = self.root.join(name);
        self.dirty.remove(&path);
        match fs::remove_file(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn times(&self) -> io::Result<Vec<(String, Timestamp)>> {
        let mut times = Vec::new();
        for name in self.names()? {
            let written = fs::metadata(self.root.join(&name))?.modified()?;
            let since = written.duration_since(UNIX_EPOCH).unwrap_or_default();
            let millis = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
            times.push((name, Timestamp::from_millis(millis)));
        }
        Ok(times)
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        match fs::read_dir(&self.root) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            Err(error) => return Err(error),
            Ok(files) => {
                for file in files {
                    let file = file?;
                    if file.file_type()?.is_file() {
                        names.extend(file.file_name().into_string());
                    }
                }
            }
        }
        names.sort_unstable();
        Ok(names)
    }
}
