//! Rows as bytes. What is read was sealed by us, and is still held to bounds.

use std::io::{self, Read, Write};

use decide::RegionCode;

use super::BackupFault;
use crate::event::Partition;
use crate::limit::{BACKUP_CELL_BYTES_MAX, BACKUP_ROWS_MAX};
use crate::moving::side::Cells;
use crate::place::Place;
use crate::sql::Value;

/// What stands in a stream.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// What the whole is, as JSON. First.
    Header(String),
    /// The rows that follow are of this table.
    Table { place: Place, name: String, columns: String },
    /// Rows.
    Rows(Vec<Cells>),
    /// Nothing follows.
    End,
}

const HEADER: u8 = b'H';
const TABLE: u8 = b'T';
const ROWS: u8 = b'R';
const END: u8 = b'E';

/// Writes items.
pub(super) struct Items<W>(pub(super) W);

impl<W: Write> Items<W> {
    pub(super) fn header(&mut self, json: &str) -> io::Result<()> {
        self.0.write_all(&[HEADER])?;
        bytes(&mut self.0, json.as_bytes())
    }

    pub(super) fn table(&mut self, place: &Place, name: &str, columns: &str) -> io::Result<()> {
        self.0.write_all(&[TABLE])?;
        bytes(&mut self.0, called(place).as_bytes())?;
        bytes(&mut self.0, name.as_bytes())?;
        bytes(&mut self.0, columns.as_bytes())
    }

    pub(super) fn rows(&mut self, rows: &[Cells]) -> io::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        self.0.write_all(&[ROWS])?;
        count(&mut self.0, rows.len())?;
        rows.iter().try_for_each(|it| row(&mut self.0, it))
    }

    pub(super) fn end(&mut self) -> io::Result<()> {
        self.0.write_all(&[END])
    }
}

fn count(to: &mut impl Write, n: usize) -> io::Result<()> {
    let n = u32::try_from(n).map_err(io::Error::other)?;
    to.write_all(&n.to_be_bytes())
}

fn bytes(to: &mut impl Write, it: &[u8]) -> io::Result<()> {
    count(to, it.len())?;
    to.write_all(it)
}

/// One row: how many cells, and each with its kind.
pub(super) fn row(to: &mut impl Write, cells: &[Value]) -> io::Result<()> {
    count(to, cells.len())?;
    cells.iter().try_for_each(|cell| {
        let (kind, it): (u8, &[u8]) = match cell {
            Value::Null => (0, &[]),
            Value::Int(it) => {
                to.write_all(&[1])?;
                return to.write_all(&it.to_be_bytes());
            }
            Value::Text(it) => (2, it.as_bytes()),
            Value::Bytes(it) => (3, it),
            Value::Id(it) => (3, it),
            Value::Hash(it) => (3, it),
        };
        to.write_all(&[kind])?;
        if kind == 0 { Ok(()) } else { bytes(to, it) }
    })
}

/// The next item.
pub(super) fn item(from: &mut impl Read) -> Result<Item, BackupFault> {
    match one(from)? {
        HEADER => Ok(Item::Header(text(from)?)),
        TABLE => {
            let place = text(from)?;
            let unknown = || BackupFault::format(format!("`{place}` is no place of ours"));
            let place = place_of(&place).ok_or_else(unknown)?;
            Ok(Item::Table { place, name: text(from)?, columns: text(from)? })
        }
        ROWS => {
            let n = length(from, BACKUP_ROWS_MAX)?;
            Ok(Item::Rows((0..n).map(|_| read_row(from)).collect::<Result<_, _>>()?))
        }
        END => Ok(Item::End),
        other => Err(BackupFault::format(format!("an item of kind {other} is not known"))),
    }
}

fn one(from: &mut impl Read) -> Result<u8, BackupFault> {
    let mut byte = [0];
    from.read_exact(&mut byte)?;
    Ok(u8::from_be_bytes(byte))
}

pub(super) fn length(from: &mut impl Read, most: usize) -> Result<usize, BackupFault> {
    let mut bytes = [0; 4];
    from.read_exact(&mut bytes)?;
    let n = usize::try_from(u32::from_be_bytes(bytes)).unwrap_or(usize::MAX);
    if n <= most { Ok(n) } else { Err(BackupFault::format("it holds something too long")) }
}

fn read_bytes(from: &mut impl Read) -> Result<Vec<u8>, BackupFault> {
    let mut bytes = vec![0; length(from, BACKUP_CELL_BYTES_MAX)?];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn text(from: &mut impl Read) -> Result<String, BackupFault> {
    String::from_utf8(read_bytes(from)?).map_err(|_| BackupFault::format("a text is no text"))
}

pub(super) fn read_row(from: &mut impl Read) -> Result<Cells, BackupFault> {
    let n = length(from, BACKUP_ROWS_MAX)?;
    let cell = |from: &mut _| match one(from)? {
        0 => Ok(Value::Null),
        1 => {
            let mut bytes = [0; 8];
            Read::read_exact(from, &mut bytes)?;
            Ok(Value::Int(i64::from_be_bytes(bytes)))
        }
        2 => Ok(Value::Text(text(from)?)),
        3 => Ok(Value::Bytes(read_bytes(from)?)),
        _ => Err(BackupFault::format("a cell of a kind that is not known")),
    };
    (0..n).map(|_| cell(from)).collect()
}

/// A place in words.
fn called(place: &Place) -> String {
    match place {
        Place::Kept => "installation".to_owned(),
        Place::People(region) => format!("{region} people"),
        Place::Records(region) => format!("{region} records"),
        Place::Events(region, partition) => format!("{region} events {}", partition.as_str()),
    }
}

fn place_of(text: &str) -> Option<Place> {
    let words: Vec<&str> = text.split(' ').collect();
    match words.as_slice() {
        ["installation"] => Some(Place::Kept),
        [region, "people"] => Some(Place::People(RegionCode::new(region)?)),
        [region, "records"] => Some(Place::Records(RegionCode::new(region)?)),
        [region, "events", partition] => {
            Some(Place::Events(RegionCode::new(region)?, Partition::parse(partition)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
