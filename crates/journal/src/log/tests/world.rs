//! A small log in memory or in a folder, and a disk that can fail at any step.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::rc::Rc;

use decide::Timestamp;

use super::*;

pub(in crate::log) fn signer() -> Signer {
    Signer::from_seed("log.example/kept", &[7; 32]).unwrap()
}

pub(in crate::log) fn entries(from: u64, to: u64) -> Vec<Hash> {
    (from..to).map(|i| entry(format!("record {i}").as_bytes(), &[(i % 256) as u8; 32])).collect()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Tiles of a tree that was appended to in batches.
pub(super) fn tiles(entries: &[Hash], batch: usize) -> (Tree, Memory) {
    let (mut tree, memory) = (Tree::new(), Memory::default());
    for part in entries.chunks(batch.max(1)) {
        for write in tree.append(part) {
            memory.0.borrow_mut().seen.insert(write.path.to_string(), write.bytes);
        }
    }
    (tree, memory)
}

#[derive(Debug, Default)]
pub(super) struct Disk {
    /// What a reader sees.
    pub(super) seen: BTreeMap<String, Vec<u8>>,
    /// What a power failure leaves.
    pub(super) durable: BTreeMap<String, Vec<u8>>,
    /// Steps until everything fails.
    pub(super) left: Option<usize>,
    pub(super) steps: usize,
}

impl Disk {
    fn step(&mut self) -> io::Result<()> {
        self.steps += 1;
        match &mut self.left {
            Some(0) => Err(io::Error::other("pulled the plug")),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Loses what was not durable. A file that was written since is torn or empty.
    pub(super) fn lose_power(&mut self) {
        for (path, bytes) in std::mem::take(&mut self.seen) {
            if !self.durable.contains_key(&path) && path.starts_with("tile/") {
                let half = bytes.len() / 2;
                self.durable.insert(path, bytes[..half].to_vec());
            }
        }
        self.seen = self.durable.clone();
    }
}

/// Several of these share a disk of their own each, or one step counter through `left`.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory(pub(super) Rc<RefCell<Disk>>);

impl Tiles for Memory {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.borrow().seen.get(path).cloned())
    }
}

impl Store for Memory {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        if let Err(error) = disk.step() {
            // Part of the file may have been written before the failure.
            disk.seen.insert(path.to_owned(), bytes[..bytes.len() / 3].to_vec());
            return Err(error);
        }
        disk.seen.insert(path.to_owned(), bytes.to_vec());
        Ok(())
    }

    fn put_loose(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.put(path, bytes)
    }

    fn rename(&mut self, from: &str, to: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.step()?;
        let bytes = disk.seen.remove(from).unwrap();
        disk.seen.insert(to.to_owned(), bytes);
        Ok(())
    }

    fn append(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        let stepped = disk.step();
        let whole = stepped.is_ok();
        let part = if whole { bytes } else { &bytes[..bytes.len() / 2] };
        disk.seen.get_mut(path).unwrap().extend_from_slice(part);
        let now = disk.seen[path].clone();
        disk.durable.insert(path.to_owned(), now);
        stepped
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.step()?;
        disk.durable = disk.seen.clone();
        Ok(())
    }

    fn prune(&mut self, folder: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.step()?;
        let below = format!("{folder}/");
        disk.seen.retain(|path, _| !path.starts_with(&below));
        Ok(())
    }

    fn remove(&mut self, name: &str) -> io::Result<()> {
        let mut disk = self.0.borrow_mut();
        disk.step()?;
        disk.seen.remove(name);
        Ok(())
    }

    fn times(&self) -> io::Result<Vec<(String, Timestamp)>> {
        let names = self.names()?;
        Ok(names.into_iter().map(|it| (it, Timestamp::from_millis(0))).collect())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.0.borrow().seen.keys().filter(|name| !name.contains('/')).cloned().collect())
    }
}
