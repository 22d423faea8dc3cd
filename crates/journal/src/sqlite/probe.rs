//! By what a destroyed key is found in raw bytes: the end of its wrapped form, which is as random as
//! the key. Kept, turned, beside the erased until the bytes were looked through.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use decide::{PersonId, RegionCode};

use crate::fault::Fault;
use crate::limit::{SWEEP_CHUNK_BYTES, UNSWEPT_MAX};
use crate::sealed::WrappedKey;
use crate::sql::{Query, Statement, values};

/// Bytes of a key that are looked for.
pub(super) const PROBE_BYTES: usize = 16;
/// Bytes that are looked at together. Of a probe, one word out of its first eight lies on a multiple
/// of eight bytes, wherever the probe lies: so only those of a file are looked at.
const WORD_BYTES: usize = 8;
/// Rows of the sieve, each of 64 bits, by which most words are known not to be one of those that are
/// looked for: a mebibyte.
const SIEVE_ROWS: usize = 1 << 17;
/// How far the upper bits of a mixed word are moved to name a row, and then a bit of it.
const ROW_SHIFT: u32 = 64 - 17;
const BIT_SHIFT: u32 = ROW_SHIFT - 6;

/// What is looked for.
pub(crate) type Probe = [u8; PROBE_BYTES];

/// Keeps by what the key is found, in the outcome that destroys it.
pub(crate) fn keep(person: PersonId, key: &WrappedKey) -> Option<Statement> {
    let probe = key.as_bytes().last_chunk::<PROBE_BYTES>()?;
    let text = "INSERT INTO destroyed (person_id, probe) VALUES ($1, $2) \
         ON CONFLICT (person_id) DO NOTHING";
    Some(Statement::new(text, values![person, turned(*probe)]))
}

/// What is to be looked for: the first people by their ids, up to [`UNSWEPT_MAX`].
pub(super) fn kept(region: RegionCode) -> Query<(PersonId, Probe)> {
    let text = "SELECT person_id, probe FROM destroyed ORDER BY person_id LIMIT $1";
    let most = i64::try_from(UNSWEPT_MAX).unwrap_or(i64::MAX);
    Query::new(text, values![most], move |row| {
        Ok((PersonId::new(region, row.id(0)?), turned(row.array(1)?)))
    })
}

/// It was looked for.
pub(super) fn forget(person: PersonId) -> Statement {
    Statement::new("DELETE FROM destroyed WHERE person_id = $1", values![person])
}

/// Each bit turned: what stands in a row is not what is looked for.
fn turned(probe: Probe) -> Probe {
    probe.map(|it| !it)
}

/// Finds any of many probes in one pass over a file.
pub(super) struct Search {
    sieve: Vec<u64>,
    words: Vec<u64>,
}

impl Search {
    pub(super) fn new(probes: &[Probe]) -> Self {
        let each = probes.iter().flat_map(|it| it.array_windows::<WORD_BYTES>().take(WORD_BYTES));
        let mut words: Vec<u64> = each.map(|it| u64::from_le_bytes(*it)).collect();
        words.sort_unstable();
        let mut sieve = vec![0_u64; SIEVE_ROWS];
        for word in &words {
            let (at, bit) = place(*word);
            if let Some(row) = sieve.get_mut(at) {
                *row |= bit;
            }
        }
        Self { sieve, words }
    }

    /// Whether there is something to look for.
    pub(super) const fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    fn has(&self, word: u64) -> bool {
        let (at, bit) = place(word);
        let may = self.sieve.get(at).is_some_and(|it| it & bit != 0);
        may && self.words.binary_search(&word).is_ok()
    }

    /// Whether any stands in a database file or in one of its logs; and how many bytes that were.
    pub(super) fn found(&self, path: &Path) -> Result<(bool, u64), Fault> {
        let mut sum = 0_u64;
        for end in ["", "-wal", "-journal"] {
            let mut name = path.as_os_str().to_owned();
            name.push(end);
            let (found, bytes) = match File::open(&name) {
                Ok(file) => self.stands_in(file)?,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => (false, 0),
                Err(error) => return Err(Fault::broken(error)),
            };
            sum = sum.saturating_add(bytes);
            if found {
                return Ok((true, sum));
            }
        }
        Ok((false, sum))
    }

    fn stands_in(&self, mut file: File) -> Result<(bool, u64), Fault> {
        let most = u64::try_from(SWEEP_CHUNK_BYTES).unwrap_or(u64::MAX);
        let mut chunk = Vec::with_capacity(SWEEP_CHUNK_BYTES);
        let mut sum = 0_u64;
        loop {
            chunk.clear();
            // Whole chunks but for the last, so that words keep their places.
            let read = file.by_ref().take(most).read_to_end(&mut chunk).map_err(Fault::broken)?;
            let (words, _) = chunk.as_chunks::<WORD_BYTES>();
            if words.iter().any(|it| self.has(u64::from_le_bytes(*it))) {
                return Ok((true, sum));
            }
            sum = sum.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            if read == 0 {
                return Ok((false, sum));
            }
        }
    }
}

/// Where a word stands in the sieve: a row, and a bit of it.
fn place(word: u64) -> (usize, u64) {
    // Multiplied, so that neighbours and numbers of few bits are spread too.
    let mixed = word.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let row = usize::try_from(mixed >> ROW_SHIFT).unwrap_or(0);
    (row, 1_u64.rotate_left(u32::try_from((mixed >> BIT_SHIFT) & 63).unwrap_or(0)))
}

#[cfg(test)]
mod tests;
