//! Records and their entries: what was decided, sealed, and the leaf that stands for it in the log.

use decide::id::RecordId;
use decide::{PersonId, RegionCode, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::Fault;
use crate::limit::SEQUENCE_MAX;
use crate::log::Hash;
use crate::sealed::Sealed;

/// A record as it is kept. Its plaintext is 32 bytes of blind, then the record's JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// Its id.
    pub id: RecordId,
    /// When it was decided.
    pub at: Timestamp,
    /// Blind and record, under the person's key.
    pub sealed: Sealed,
    /// Where its entry stands in the log; `None` while it waits to be brought in.
    pub log_index: Option<u64>,
}

/// A record that is about to be written.
#[derive(Debug)]
pub(crate) struct NewRecord {
    pub(crate) id: RecordId,
    pub(crate) at: Timestamp,
    pub(crate) leaf: Hash,
    pub(crate) sealed: Sealed,
}

/// Writes a record; its entry is queued with it, for it is the same row.
pub(crate) fn write(file: &Connection, owner: &[u8; 16], record: &NewRecord) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed) VALUES ($1, $2, $3, $4, $5)",
    )?
    .execute(params![
        owner,
        record.id.bits().to_be_bytes(),
        record.at.millis(),
        record.leaf.0,
        record.sealed.as_bytes(),
    ])?;
    Ok(())
}

/// Where the entry of a row stands: within the last run that begins before it.
const WITH_INDEX: &str = "SELECT r.record_id, r.at, r.sealed, \
     (SELECT s.first_index + r.seq - s.first_seq FROM spans s \
      WHERE s.first_seq = (SELECT max(first_seq) FROM spans WHERE first_seq <= r.seq) \
      AND s.last_seq >= r.seq) FROM records r";

fn row(row: &Row<'_>, region: RegionCode) -> Result<SealedRecord, rusqlite::Error> {
    Ok(SealedRecord {
        id: RecordId::new(region, u128::from_be_bytes(row.get(0)?)),
        at: Timestamp::from_millis(row.get(1)?),
        sealed: Sealed::stored(row.get(2)?),
        log_index: row.get::<_, Option<i64>>(3)?.map(i64::cast_unsigned),
    })
}

/// A person's records in this file, newest first, from before `before`.
pub(crate) fn of_person(
    file: &Connection,
    person: PersonId,
    before: Option<RecordId>,
    n: u32,
) -> Result<Vec<SealedRecord>, Fault> {
    let before = before.map_or([0xff; 16], |it| it.bits().to_be_bytes());
    let mut statement = file.prepare_cached(&format!(
        "{WITH_INDEX} WHERE r.owner_id = $1 AND r.record_id < $2 \
         ORDER BY r.record_id DESC LIMIT $3"
    ))?;
    let owner = crate::people::id(person);
    let rows = statement.query_map(params![owner, before, n], |it| row(it, person.region()))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One record, wherever it is in this file.
pub(crate) fn find(file: &Connection, id: RecordId) -> Result<Option<SealedRecord>, Fault> {
    let mut statement = file.prepare_cached(&format!("{WITH_INDEX} WHERE r.record_id = $1"))?;
    let found =
        statement.query_row([id.bits().to_be_bytes()], |it| row(it, id.region())).optional()?;
    Ok(found)
}

/// An entry that waits: its place in the queue, and its leaf.
pub(crate) type Waiting = (i64, Hash);

/// Entries that wait, oldest first.
pub(crate) fn waiting(file: &Connection) -> Result<Vec<Waiting>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT seq, leaf FROM records \
         WHERE seq > (SELECT coalesce(max(last_seq), 0) FROM spans) ORDER BY seq LIMIT $1",
    )?;
    let most = i64::try_from(SEQUENCE_MAX).unwrap_or(i64::MAX);
    let rows = statement.query_map([most], |row| Ok((row.get(0)?, Hash(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first index in the log after every one that this file knows of.
pub(crate) fn known_until(file: &Connection) -> Result<u64, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT coalesce(max(first_index + last_seq - first_seq + 1), 0) FROM spans",
    )?;
    let until: i64 = statement.query_row([], |row| row.get(0))?;
    Ok(until.cast_unsigned())
}

/// A run of entries that stands in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
    pub(crate) first_index: u64,
}

/// Marks runs as being in the log.
pub(crate) fn mark(file: &Connection, spans: &[Span]) -> Result<(), Fault> {
    let mut statement = file.prepare_cached(
        "INSERT INTO spans (first_seq, last_seq, first_index) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING",
    )?;
    for span in spans {
        statement.execute(params![
            span.first_seq,
            span.last_seq,
            span.first_index.cast_signed()
        ])?;
    }
    Ok(())
}

/// An erased person's records go, once their entries are in the log; answers how many went and how
/// many still wait.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(u64, u64), Fault> {
    let owner = crate::people::id(person);
    let gone = file
        .prepare_cached(
            "DELETE FROM records WHERE owner_id = $1 \
             AND seq <= (SELECT coalesce(max(last_seq), 0) FROM spans)",
        )?
        .execute([owner])?;
    let left: i64 = file
        .prepare_cached("SELECT count(*) FROM records WHERE owner_id = $1")?
        .query_row([owner], |row| row.get(0))?;
    Ok((u64::try_from(gone).unwrap_or(u64::MAX), left.cast_unsigned()))
}
