//! What is written down outside, before the log says that it is committed: the entries of a step of the
//! log, and how everybody stands whom a change in it concerns.
//!
//! A state is read after the change was durable, so it is that change's or a later one's. Of several
//! states of a person the one with the highest version counts, in whatever order they were written.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use decide::{PersonId, RegionCode, Timestamp};

use super::BackupFault;
use super::cells::{length, read_row, row};
use crate::fault::Fault;
use crate::limit::{CHANGES_MAX, SEQUENCE_MAX};
use crate::log::{Checkpoint, HASH_BYTES, Hash};
use crate::moving::side::Cells;
use crate::sql::{Query, Value};

/// The version byte of a shipment.
const VERSION: u8 = 1;
/// People that are read in one statement.
pub(crate) const TOGETHER: usize = 16;

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
    /// When a closing that is under way ends.
    pub(crate) closes: Option<Timestamp>,
    /// Holds with their keys, as rows of cases.
    pub(crate) holds: Vec<Cells>,
    /// What lies under them, sealed with those keys, as rows of values.
    pub(crate) held: Vec<Cells>,
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
    pub(crate) const fn of_people(at: Node, states: Vec<State>, ended: Vec<String>) -> Self {
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
        if version != [VERSION] {
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
            states.push(State::read(from)?);
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
        cells.push(self.closes.into());
        row(out, &cells)?;
        for rows in [&self.holds, &self.held] {
            rows.iter().try_for_each(|it| row(out, it))?;
            row(out, &[])?;
        }
        Ok(())
    }

    fn read(from: &mut &[u8]) -> Result<Self, BackupFault> {
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
        let closes = bits().ok().map(|it| Timestamp::from_millis(it.cast_signed()));
        let (holds, held) = (rows(from)?, rows(from)?);
        let person = PersonId::new(region, id);
        Ok(Self { person, version, erased, facts, values, closes, holds, held })
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

/// [`TOGETHER`] placeholders.
macro_rules! of_some {
    ($text:literal) => {
        concat!(
            $text,
            " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
    };
}

/// One part of what is known of a person.
pub(crate) enum Part {
    Person(Box<State>),
    Value { category: u64, held: Option<Cells> },
    Hold(Cells),
    Closes(Timestamp),
}

/// The statements that read up to [`TOGETHER`] people of a region, erased ones included. The version
/// comes first: what is read after it is as new or newer.
pub(crate) fn read(region: RegionCode, people: &[PersonId]) -> [Query<(PersonId, Part)>; 4] {
    // Fewer than there is room for: the last one is asked for again.
    let all = people.iter().chain(people.iter().last().into_iter().cycle());
    let values: Vec<Value> = all.take(TOGETHER).map(|it| Value::from(*it)).collect();
    let person = move |id| PersonId::new(region, id);
    let facts = of_some!(
        "SELECT person_id, version, erased, given, refused, objected, shares, transfers, age, \
         account FROM people WHERE person_id"
    );
    let facts = Query::new(facts, values.clone(), move |row| {
        let person = person(row.id(0)?);
        let facts = Bits {
            given: row.bits(3)?,
            refused: row.bits(4)?,
            objected: row.bits(5)?,
            shares: row.bits(6)?,
            transfers: row.bits(7)?,
            age: row.bits(8)?,
            account: row.bits(9)?,
        };
        let state = State {
            person,
            version: row.bits(1)?,
            erased: row.int(2)? != 0,
            facts,
            values: 0,
            closes: None,
            holds: Vec::new(),
            held: Vec::new(),
        };
        Ok((person, Part::Person(Box::new(state))))
    });
    let text = of_some!(
        "SELECT person_id, category, source, collected, due, \
         CASE WHEN hold IS NOT NULL THEN sealed END, hold FROM person_values WHERE person_id"
    );
    let held = Query::new(text, values.clone(), move |row| {
        let person = person(row.id(0)?);
        let category = row.bits(1)?;
        let held = row.maybe_bytes(6)?.map(|hold| -> Result<Cells, Fault> {
            Ok(vec![
                Value::from(person),
                Value::from(category),
                Value::Int(row.int(2)?),
                Value::Int(row.int(3)?),
                row.maybe_int(4)?.into(),
                Value::Bytes(row.bytes(5)?),
                Value::Bytes(hold),
            ])
        });
        Ok((person, Part::Value { category, held: held.transpose()? }))
    });
    let text = of_some!(
        "SELECT person_id, case_id, kind, state, received, due, open, assigned, about, sealed, \
         own_key FROM cases WHERE kind = 'hold' AND own_key IS NOT NULL AND person_id"
    );
    let holds = Query::new(text, values.clone(), move |row| {
        let person = person(row.id(0)?);
        let cells = vec![
            Value::from(person),
            Value::Bytes(row.bytes(1)?),
            Value::Text(row.text(2)?),
            Value::Text(row.text(3)?),
            Value::Int(row.int(4)?),
            Value::Int(row.int(5)?),
            Value::Int(row.int(6)?),
            Value::Text(row.text(7)?),
            Value::Text(row.text(8)?),
            row.maybe_bytes(9)?.into(),
            Value::Bytes(row.bytes(10)?),
        ];
        Ok((person, Part::Hold(cells)))
    });
    let text = of_some!("SELECT person_id, due FROM jobs WHERE kind = 'erase' AND person_id");
    let closes = Query::new(text, values, move |row| {
        Ok((person(row.id(0)?), Part::Closes(row.instant(1)?)))
    });
    [facts, held, holds, closes]
}

/// Puts the parts together; the facts of each person come first.
pub(crate) fn together(parts: Vec<(PersonId, Part)>) -> Vec<State> {
    let mut states = std::collections::BTreeMap::new();
    for (person, part) in parts {
        match part {
            Part::Person(state) => {
                states.insert(person, *state);
            }
            Part::Value { category, held } => {
                let Some(state) = states.get_mut(&person) else { continue };
                let bit = u32::try_from(category).ok().and_then(|it| 1_u64.checked_shl(it));
                state.values |= bit.unwrap_or(0);
                state.held.extend(held);
            }
            Part::Hold(cells) => {
                if let Some(state) = states.get_mut(&person) {
                    state.holds.push(cells);
                }
            }
            Part::Closes(at) => {
                if let Some(state) = states.get_mut(&person) {
                    state.closes = Some(at);
                }
            }
        }
    }
    states.into_values().collect()
}

/// Keys and members of staff that were ended.
pub(crate) fn ended() -> Query<String> {
    let text = "SELECT key_id FROM app_keys WHERE ended IS NOT NULL UNION ALL \
         SELECT staff_id FROM staff WHERE ended IS NOT NULL";
    Query::new(text, Vec::new(), |row| row.text(0))
}

/// Whose records of changes lie in a run of rows of a file.
pub(crate) fn owners(first: i64, last: i64) -> Query<[u8; 16]> {
    let text = "SELECT DISTINCT owner_id FROM records WHERE seq >= $1 AND seq <= $2";
    Query::new(text, vec![Value::Int(first), Value::Int(last)], |row| row.array(0))
}

/// People in the order of their ids, the erased ones too.
pub(crate) fn everybody(region: RegionCode, after: Option<PersonId>) -> Query<PersonId> {
    let text = "SELECT person_id FROM people WHERE person_id > $1 ORDER BY person_id LIMIT $2";
    let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
    let n = i64::try_from(CHANGES_MAX).unwrap_or(i64::MAX);
    Query::new(text, vec![after.into(), n.into()], move |row| Ok(PersonId::new(region, row.id(0)?)))
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
