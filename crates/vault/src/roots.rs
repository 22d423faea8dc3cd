//! The root keys: one per region, one to index, one to sign the log. A file of mode 0600.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decide::RegionCode;
use zeroize::{Zeroize as _, Zeroizing};

use crate::cipher::{KEY, Key, Mac, Ready};

/// The first line of a key file.
const HEADER: &str = "kept-keys-v1";
/// The largest key file that is read, in bytes.
const FILE_MAX: u64 = 64 * 1024;

/// The root keys of an installation.
pub struct Roots {
    regions: BTreeMap<RegionCode, Root>,
    log: Key,
}

pub(crate) struct Root {
    wrap: Key,
    index: Key,
    /// Wraps the keys of persons.
    pub(crate) wrapping: Ready,
    /// Marks in the blind index.
    pub(crate) marking: Mac,
}

impl Root {
    fn new(wrap: Key, index: Key) -> Result<Self, crate::Fault> {
        let (wrapping, marking) = (wrap.ready()?, Mac::new(&index));
        Ok(Self { wrap, index, wrapping, marking })
    }
}

/// Why a key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RootsFault {
    /// It cannot be read or written.
    #[error("key file `{path}`: {cause}")]
    File {
        /// The file.
        path: String,
        /// What the operating system says.
        cause: io::Error,
    },
    /// Others may read it.
    #[error("key file `{0}` can be read by others: run `chmod 600 {0}`")]
    Open(String),
    /// It is not a key file.
    #[error("key file `{path}`, line {line}: {say}")]
    Malformed {
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What to write instead.
        say: &'static str,
    },
    /// The generator failed.
    #[error("the secure random generator failed")]
    Random,
}

impl Roots {
    /// Fresh keys for these regions, kept nowhere.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn fresh(regions: &[RegionCode]) -> Result<Self, RootsFault> {
        let key = || Key::fresh().map_err(|_| RootsFault::Random);
        let mut map = BTreeMap::new();
        for region in regions {
            let root = Root::new(key()?, key()?).map_err(|_| RootsFault::Random)?;
            map.insert(*region, root);
        }
        Ok(Self { regions: map, log: key()? })
    }

    /// Makes a key file that is not there yet. Durable when it returns.
    ///
    /// # Errors
    /// When the file exists or cannot be written.
    pub fn create(path: &Path, regions: &[RegionCode]) -> Result<Self, RootsFault> {
        let roots = Self::fresh(regions)?;
        let file = |cause| RootsFault::File { path: path.display().to_string(), cause };
        let mut out =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(file)?;
        out.write_all(roots.text().as_bytes()).map_err(file)?;
        out.sync_all().map_err(file)?;
        if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
            File::open(folder).and_then(|it| it.sync_all()).map_err(file)?;
        }
        Ok(roots)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// When it cannot be read, others may read it, or it is not a key file.
    pub fn open(path: &Path) -> Result<Self, RootsFault> {
        let file = |cause| RootsFault::File { path: path.display().to_string(), cause };
        let input = File::open(path).map_err(file)?;
        let mode = input.metadata().map_err(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(RootsFault::Open(path.display().to_string()));
        }
        let mut text = Zeroizing::new(String::new());
        input.take(FILE_MAX).read_to_string(&mut text).map_err(file)?;
        Self::parse(&text).map_err(|(line, say)| RootsFault::Malformed {
            path: path.display().to_string(),
            line,
            say,
        })
    }

    fn text(&self) -> Zeroizing<String> {
        let base64 = |key: &Key| Zeroizing::new(STANDARD.encode(key.bytes()));
        let mut text = Zeroizing::new(format!("{HEADER}\n"));
        for (region, root) in &self.regions {
            for (word, key) in [("wrap", &root.wrap), ("index", &root.index)] {
                for part in [region.as_str(), " ", word, " ", base64(key).as_str(), "\n"] {
                    text.push_str(part);
                }
            }
        }
        for part in ["- log ", base64(&self.log).as_str(), "\n"] {
            text.push_str(part);
        }
        text
    }

    fn parse(text: &str) -> Result<Self, (usize, &'static str)> {
        let mut lines = text.lines().zip(1_usize..);
        if lines.next().is_none_or(|(it, _)| it != HEADER) {
            return Err((1, "the first line of a key file is `kept-keys-v1`"));
        }
        let mut found: BTreeMap<(String, String), Key> = BTreeMap::new();
        for (line, number) in lines.filter(|(it, _)| !it.trim().is_empty()) {
            let mut words = line.split(' ');
            let (Some(of), Some(word), Some(key), None) =
                (words.next(), words.next(), words.next(), words.next())
            else {
                return Err((number, "write `REGION wrap|index KEY` or `- log KEY`"));
            };
            let key = read_key(key).ok_or((number, "a key is 32 bytes in base64"))?;
            if found.insert((of.to_owned(), word.to_owned()), key).is_some() {
                return Err((number, "this key stands here twice"));
            }
        }
        let log = found.remove(&("-".to_owned(), "log".to_owned()));
        let log = log.ok_or((1, "the line `- log KEY` is missing"))?;
        let mut regions = BTreeMap::new();
        let codes: Vec<String> = found.keys().map(|(of, _)| of.clone()).collect();
        for of in codes {
            let code = RegionCode::new(&of).ok_or((1, "a region is 1 to 8 letters or digits"))?;
            let wrap = found.remove(&(of.clone(), "wrap".to_owned()));
            let index = found.remove(&(of, "index".to_owned()));
            if let (Some(wrap), Some(index)) = (wrap, index) {
                let root = Root::new(wrap, index);
                regions.insert(code, root.map_err(|_| (1, "a key is 32 bytes in base64"))?);
            } else if !regions.contains_key(&code) {
                return Err((1, "each region has one `wrap` and one `index` line"));
            }
        }
        if found.is_empty() {
            Ok(Self { regions, log })
        } else {
            Err((1, "keys are called `wrap`, `index` and `log`"))
        }
    }

    /// The regions that have keys.
    pub fn regions(&self) -> impl Iterator<Item = RegionCode> {
        self.regions.keys().copied()
    }

    /// The signer of the log.
    ///
    /// # Errors
    /// When the name is not one that a log may have.
    pub fn log_signer(&self, name: &str) -> Result<journal::log::Signer, journal::log::Fault> {
        journal::log::Signer::from_seed(name, self.log.bytes())
    }

    /// The key of what belongs to the installation: it follows from the one that every key file has.
    pub(crate) fn own(&self) -> Key {
        self.log.derive(&[b"kept-own-v1"])
    }

    /// The key of what leaves the installation sealed, backups first of all. It is in none of them.
    pub(crate) fn outside(&self) -> Key {
        self.log.derive(&[b"kept-outside-v1"])
    }

    /// What the key is made of by which browsers know us; another number, another one.
    pub(crate) fn push(&self, number: u8) -> Key {
        self.log.derive(&[b"kept-push-v1", &[number]])
    }

    pub(crate) fn region(&self, code: RegionCode) -> Result<&Root, crate::Fault> {
        self.regions.get(&code).ok_or_else(|| crate::Fault::NoRoot(code.to_string()))
    }
}

fn read_key(text: &str) -> Option<Key> {
    let mut bytes = STANDARD.decode(text).ok()?;
    let key = (bytes.len() == KEY).then(|| Key::from_slice(&bytes).ok()).flatten();
    bytes.zeroize();
    key
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Roots").field("regions", &self.regions.keys()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
