//! What is written down outside, before the log says that it is committed: the entries of a step of the
//! log, and how everybody stands whom a change in it concerns.
//!
//! A state is read after the change was durable, so it is that change's or a later one's. Of several
//! states of a person the one with the highest version counts, in whatever order they were written.

mod read;

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use decide::id::{CaseId, HoldId};
use decide::{PersonId, RegionCode};

use super::BackupFault;
use super::cells::{length, read_row, row};
use crate::fault::Fault;
use crate::job::JobKind;
use crate::limit::{CHANGES_MAX, SEQUENCE_MAX};
use crate::log::{Checkpoint, HASH_BYTES, Hash};
use crate::moving::side::Cells;
use crate::sql::Value;

pub(crate) use crate::people::everybody;
pub(crate) use crate::record::owners;
pub(crate) use crate::sql::TOGETHER;
pub(crate) use read::{Part, ended, read, together};

/// The version byte of a shipment.
const VERSION: u8 = 2;
/// The one before: its states have no requests, no deliveries and no codes.
const BEFORE: u8 = 1;

/// The log at a size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Node {
    /// Entries.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

/// One step of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipment {
    /// What it goes on from.
    pub base: Node,
    /// What it comes to; the same where there is no entry.
    pub to: Node,
    /// Its entries.
    pub leaves: Vec<Hash>,
    /// Keys of applications and members of staff that were ended, by id, since there were any.
    pub ended: Vec<String>,
    /// How people stand.
    pub states: Vec<State>,
}

/// How a person stands, without a single value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State {
    /// Who.
    pub person: PersonId,
    pub(crate) version: u64,
    pub(crate) erased: bool,
    pub(crate) facts: Bits,
    /// Positions of the categories of which something is held, as bits.
    pub(crate) values: u64,
    /// Holds with their keys, as rows of cases.
    pub(crate) holds: Vec<Cells>,
    /// What lies under them, sealed with those keys, as rows of values.
    pub(crate) held: Vec<Cells>,
    /// When a closing or a wait that is under way ends, when holds do, and what others are told by, as
    /// rows of jobs.
    pub(crate) ends: Vec<Cells>,
    /// Closings, what others have still to be told, and a guardian who is asked for, as rows of cases.
    pub(crate) cases: Vec<Cells>,
    /// What takes a closing back, as rows of codes: keyed hashes.
    pub(crate) codes: Vec<Cells>,
    /// What the log attests of somebody erased: owner, record, instant, entry.
    pub(crate) attested: Vec<Cells>,
}

/// The facts that may narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Bits {
    pub(crate) given: u64,
    pub(crate) refused: u64,
    pub(crate) objected: u64,
    pub(crate) shares: u64,
    pub(crate) transfers: u64,
    pub(crate) age: u64,
    pub(crate) account: u64,
}

/// Where steps of the log are written down. What it answers is durable.
pub trait Ship: Send + Sync {
    /// Writes one down.
    ///
    /// # Errors
    /// What failed; the log waits then, and nothing is said of it.
    fn ship(&self, it: &Shipment) -> Result<(), String>;

    /// The last steps that were written down, by whomever: from where to where.
    ///
    /// # Errors
    /// When they cannot be read.
    fn newest(&self) -> Result<Vec<(Node, Node)>, String>;
}

impl Shipment {
    /// People alone, at one size of the log.
    pub const fn of_people(at: Node, states: Vec<State>, ended: Vec<String>) -> Self {
        Self { base: at, to: at, leaves: Vec::new(), ended, states }
    }

    /// As bytes, to be sealed.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        for node in [self.base, self.to] {
            out.extend_from_slice(&node.size.to_be_bytes());
            out.extend_from_slice(&node.root.0);
        }
        let count = |it: usize| u32::try_from(it).unwrap_or(u32::MAX).to_be_bytes();
        out.extend_from_slice(&count(self.leaves.len()));
        self.leaves.iter().for_each(|it| out.extend_from_slice(&it.0));
        let ended = self.ended.iter().map(|it| Value::Text(it.clone())).collect::<Vec<_>>();
        // Whatever is written to a list of bytes finds room.
        let written =
            ended.chunks(CHANGES_MAX).try_for_each(|it| row(&mut out, it)).and_then(|()| {
                row(&mut out, &[])?;
                out.write_all(&count(self.states.len()))?;
                self.states.iter().try_for_each(|it| it.write(&mut out))
            });
        written.map(|()| out).unwrap_or_default()
    }

    /// From bytes.
    ///
    /// # Errors
    /// When they are not those of a shipment, or of a newer program's.
    pub fn from_bytes(mut from: &[u8]) -> Result<Self, BackupFault> {
        let from = &mut from;
        let mut version = [0];
        from.read_exact(&mut version)?;
        let before = version == [BEFORE];
        if version != [VERSION] && !before {
            return Err(BackupFault::List("was written by a newer program".to_owned()));
        }
        let (base, to) = (node(from)?, node(from)?);
        let mut leaves = Vec::new();
        for _ in 0..length(from, SEQUENCE_MAX)? {
            leaves.push(hash(from)?);
        }
        let mut ended = Vec::new();
        loop {
            let row = read_row(from)?;
            if row.is_empty() {
                break;
            }
            ended.extend(row.into_iter().filter_map(|it| match it {
                Value::Text(id) => Some(id),
                Value::Null | Value::Int(_) | Value::Id(_) | Value::Hash(_) | Value::Bytes(_) => {
                    None
                }
            }));
        }
        let mut states = Vec::new();
        for _ in 0..length(from, CHANGES_MAX)? {
            states.push(State::read(from, before)?);
        }
        if from.is_empty() {
            return Ok(Self { base, to, leaves, ended, states });
        }
        Err(BackupFault::List("holds more than was written".to_owned()))
    }
}

fn hash(from: &mut &[u8]) -> Result<Hash, BackupFault> {
    let mut bytes = [0; HASH_BYTES];
    from.read_exact(&mut bytes)?;
    Ok(Hash(bytes))
}

fn node(from: &mut &[u8]) -> Result<Node, BackupFault> {
    let mut size = [0; 8];
    from.read_exact(&mut size)?;
    Ok(Node { size: u64::from_be_bytes(size), root: hash(from)? })
}

impl State {
    /// Without a hold, and as what comes after it.
    pub(super) fn end(&mut self, hold: CaseId) {
        let id = Value::Bytes(hold.bits().to_be_bytes().to_vec());
        let job = JobKind::about("hold-ends", HoldId::from(hold));
        self.version = self.version.saturating_add(1);
        self.holds.retain(|it| it.get(1) != Some(&id));
        self.held.retain(|it| it.last() != Some(&id));
        self.ends.retain(|it| it.get(1) != Some(&job.as_str().into()));
    }

    /// Whether nothing is left of somebody that anybody has still to do, or to show.
    pub(super) const fn is_bare(&self) -> bool {
        self.cases.is_empty() && self.holds.is_empty()
    }

    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let Bits { given, refused, objected, shares, transfers, age, account } = self.facts;
        let mut cells = vec![
            Value::Text(self.person.region().to_string()),
            Value::from(self.person),
            Value::from(self.version),
            Value::from(u64::from(self.erased)),
        ];
        let bits = [given, refused, objected, shares, transfers, age, account, self.values];
        cells.extend(bits.map(Value::from));
        row(out, &cells)?;
        let Self { holds, held, ends, cases, codes, attested, .. } = self;
        for rows in [holds, held, ends, cases, codes, attested] {
            rows.iter().try_for_each(|it| row(out, it))?;
            row(out, &[])?;
        }
        Ok(())
    }

    fn read(from: &mut &[u8], before: bool) -> Result<Self, BackupFault> {
        let wrong = || BackupFault::List("holds a state that cannot be read".to_owned());
        let mut cells = read_row(from)?.into_iter();
        let (Some(Value::Text(region)), Some(Value::Bytes(id))) = (cells.next(), cells.next())
        else {
            return Err(wrong());
        };
        let region = RegionCode::new(&region).ok_or_else(wrong)?;
        let id = id.try_into().map(u128::from_be_bytes).map_err(|_| wrong())?;
        let mut bits = || match cells.next() {
            Some(Value::Int(it)) => Ok(it.cast_unsigned()),
            Some(
                Value::Null | Value::Id(_) | Value::Hash(_) | Value::Bytes(_) | Value::Text(_),
            )
            | None => Err(wrong()),
        };
        let (version, erased) = (bits()?, bits()? != 0);
        let facts = Bits {
            given: bits()?,
            refused: bits()?,
            objected: bits()?,
            shares: bits()?,
            transfers: bits()?,
            age: bits()?,
            account: bits()?,
        };
        let values = bits()?;
        let (holds, held, ends) = (rows(from)?, rows(from)?, rows(from)?);
        let mut since = || if before { Ok(Vec::new()) } else { rows(from) };
        let (cases, codes, attested) = (since()?, since()?, since()?);
        let person = PersonId::new(region, id);
        Ok(Self {
            person,
            version,
            erased,
            facts,
            values,
            holds,
            held,
            ends,
            cases,
            codes,
            attested,
        })
    }
}

fn rows(from: &mut &[u8]) -> Result<Vec<Cells>, BackupFault> {
    let mut rows = Vec::new();
    loop {
        let row = read_row(from)?;
        if row.is_empty() {
            return Ok(rows);
        }
        rows.push(row);
    }
}

/// What goes out with a step of the log, and where to.
pub(crate) struct Told {
    pub(crate) ship: Arc<dyn Ship>,
    pub(crate) states: Vec<State>,
    pub(crate) ended: Vec<String>,
}

impl Told {
    /// Writes a step down. Failed, the step must not be taken.
    pub(crate) fn ship(
        self,
        base: Checkpoint,
        to: Checkpoint,
        leaves: &[Hash],
    ) -> Result<(), Fault> {
        let node = |it: Checkpoint| Node { size: it.size, root: it.root };
        let Self { ship, states, ended } = self;
        let it =
            Shipment { base: node(base), to: node(to), leaves: leaves.to_vec(), ended, states };
        ship.ship(&it).map_err(Fault::Unreachable)
    }
}

#[cfg(test)]
pub(in crate::backup) mod tests;
