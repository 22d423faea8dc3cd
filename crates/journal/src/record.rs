//! Records and their entries: what was decided, sealed, and the leaf that stands for it in the log.

mod standing;

use decide::id::RecordId;
use decide::{PersonId, Timestamp};

use crate::limit::SEQUENCE_MAX;
use crate::log::Hash;
use crate::moving::table::{Column, Form, Table, plain};
use crate::place::Place;
use crate::sealed::Sealed;
use crate::sql::{Dialect, Query, Statement, Text, Unmet, values};

pub(crate) use standing::standing;

/// A record as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// Its id.
    pub id: RecordId,
    /// When it was decided.
    pub at: Timestamp,
    /// What [`crate::Record`] reads, under the person's key.
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

/// What came of an outcome, under its owner: the person, or the tag among events.
pub(crate) fn write(
    dialect: Dialect,
    place: &Place,
    owner: [u8; 16],
    record: &NewRecord,
) -> Statement {
    const SQLITE: &str =
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed) VALUES ($1, $2, $3, $4, $5)";
    const CHANGE: Text = Text::each(
        SQLITE,
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed, changed) \
         VALUES ($1, $2, $3, $4, $5, 1)",
    );
    const USE: Text = Text::each(
        SQLITE,
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed, changed) \
         VALUES ($1, $2, $3, $4, $5, 0)",
    );
    const EVENT: Text = Text::each(
        SQLITE,
        "INSERT INTO event_records (tag, record_id, at, leaf, sealed, partition) \
         VALUES ($1, $2, $3, $4, $5, $6)",
    );
    let id = record.id.bits().to_be_bytes();
    let mut values = values![owner, id, record.at, record.leaf.0, record.sealed.as_bytes()];
    match place {
        Place::Kept | Place::People(_) => Statement::new(CHANGE, values),
        Place::Records(_) => Statement::new(USE, values),
        Place::Events(_, partition) => {
            if dialect == Dialect::Postgres {
                values.push(partition.as_str().into());
            }
            Statement::new(EVENT, values)
        }
    }
}

/// The record of a use, on condition that the person's version stands: in one statement, where each
/// costs a round trip.
pub(crate) fn write_held(person: PersonId, version: u64, record: &NewRecord) -> Statement {
    let text = "WITH held AS \
         (SELECT 1 FROM people WHERE person_id = $1 AND version = $2 FOR SHARE) \
         INSERT INTO records (owner_id, record_id, at, leaf, sealed, changed) \
         SELECT $1, CAST($3 AS BYTEA), CAST($4 AS BIGINT), CAST($5 AS BYTEA), \
         CAST($6 AS BYTEA), 0 FROM held";
    let id = record.id.bits().to_be_bytes();
    let sealed = record.sealed.as_bytes();
    let values = values![person, version, id, record.at, record.leaf.0, sealed];
    Statement::new(text, values).or(Unmet::Conflict)
}

/// What the log attests of a person, among the records of changes: a leaf without a record, which
/// stays when those go.
pub(crate) fn attest(person: PersonId, (id, at): (u128, Timestamp), leaf: Hash) -> Statement {
    const ATTEST: Text = Text::each(
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed) VALUES ($1, $2, $3, $4, $5)",
        "INSERT INTO records (owner_id, record_id, at, leaf, sealed, changed) \
         VALUES ($1, $2, $3, $4, $5, 1)",
    );
    let nothing: &[u8] = &[];
    Statement::new(ATTEST, values![person, id.to_be_bytes(), at, leaf.0, nothing])
}

macro_rules! sqlite_rows {
    ($rest:literal) => {
        concat!(
            "SELECT r.record_id, r.at, r.sealed, ",
            "(SELECT s.first_index + r.seq - s.first_seq FROM spans s ",
            "WHERE s.first_seq = (SELECT max(first_seq) FROM spans WHERE first_seq <= r.seq) ",
            "AND s.last_seq >= r.seq) FROM records r ",
            $rest
        )
    };
}

/// A person's records in one place, newest first, from before `before`, up to `n`.
pub(crate) fn of_person(
    place: &Place,
    person: PersonId,
    before: Option<RecordId>,
    n: u32,
) -> Query<SealedRecord> {
    const SQLITE: &str = sqlite_rows!(
        "WHERE r.owner_id = $1 AND r.record_id < $2 ORDER BY r.record_id DESC LIMIT $3"
    );
    const CHANGES: Text = Text::each(
        SQLITE,
        "SELECT record_id, at, sealed, log_index FROM records \
         WHERE owner_id = $1 AND record_id < $2 AND changed = 1 \
         ORDER BY record_id DESC LIMIT $3",
    );
    const USES: Text = Text::each(
        SQLITE,
        "SELECT record_id, at, sealed, log_index FROM records \
         WHERE owner_id = $1 AND record_id < $2 AND changed = 0 \
         ORDER BY record_id DESC LIMIT $3",
    );
    let text = match place {
        Place::Kept | Place::People(_) => CHANGES,
        Place::Records(_) | Place::Events(..) => USES,
    };
    let before = before.map_or([0xff; 16], |it| it.bits().to_be_bytes());
    let region = person.region();
    Query::new(text, values![person, before, n], move |row| {
        Ok(SealedRecord {
            id: RecordId::new(region, row.id(0)?),
            at: row.instant(1)?,
            sealed: Sealed::stored(row.bytes(2)?),
            log_index: row.maybe_int(3)?.map(i64::cast_unsigned),
        })
    })
}

/// The entry of a record that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Where it stands in the log; `None` while it waits.
    pub(crate) index: Option<u64>,
}

/// The entry of a record.
pub(crate) fn entry_of(id: RecordId) -> Query<Entry> {
    const INDEX: Text = Text::each(
        sqlite_rows!("WHERE r.record_id = $1"),
        "SELECT record_id, at, sealed, log_index FROM records WHERE record_id = $1 UNION ALL \
         SELECT record_id, at, sealed, log_index FROM event_records WHERE record_id = $1",
    );
    Query::new(INDEX, values![id.bits().to_be_bytes()], |row| {
        Ok(Entry { index: row.maybe_int(3)?.map(i64::cast_unsigned) })
    })
}

/// Where what is attested of a person stands in the log, the newest first.
pub(crate) fn attested(person: PersonId) -> Query<Entry> {
    const INDEX: Text = Text::each(
        sqlite_rows!(
            "WHERE r.owner_id = $1 AND length(r.sealed) = 0 ORDER BY r.record_id DESC LIMIT 1"
        ),
        "SELECT record_id, at, sealed, log_index FROM records WHERE owner_id = $1 \
         AND length(sealed) = 0 ORDER BY record_id DESC LIMIT 1",
    );
    Query::new(INDEX, values![person], |row| {
        Ok(Entry { index: row.maybe_int(3)?.map(i64::cast_unsigned) })
    })
}

/// Of an erased person's records up to `n` go, as far as their entries are in the log.
pub(crate) fn erase(person: PersonId, n: usize) -> Statement {
    const ERASE: Text = Text::each(
        "DELETE FROM records WHERE seq IN (SELECT seq FROM records WHERE owner_id = $1 \
         AND length(sealed) > 0 AND seq <= coalesce((SELECT last_seq FROM spans \
         ORDER BY first_seq DESC LIMIT 1), 0) LIMIT $2)",
        "DELETE FROM records WHERE owner_id = $1 AND record_id IN (SELECT record_id FROM records \
         WHERE owner_id = $1 AND length(sealed) > 0 AND log_index IS NOT NULL \
         ORDER BY record_id LIMIT $2)",
    );
    Statement::new(ERASE, values![person, i64::try_from(n).unwrap_or(i64::MAX)])
}

/// Whether a record of a person is left.
pub(crate) fn left(person: PersonId) -> Query<()> {
    let text = "SELECT 1 FROM records WHERE owner_id = $1 AND length(sealed) > 0 LIMIT 1";
    Query::new(text, values![person], |_| Ok(()))
}

/// Its place in the file, and its leaf.
pub(crate) type Waiting = (i64, Hash);

/// What waits in a file, in the order of the file. Rows are appended one after another there, so what
/// waits is what comes after the last that does not; and spans lie one after the other, so the one that
/// begins last ends last. It is looked up, for there are as many as there were steps of the sequencer.
pub(crate) fn waiting() -> Query<Waiting> {
    let text = "SELECT seq, leaf FROM records WHERE seq > coalesce(\
         (SELECT last_seq FROM spans ORDER BY first_seq DESC LIMIT 1), 0) ORDER BY seq LIMIT $1";
    let most = i64::try_from(SEQUENCE_MAX).unwrap_or(i64::MAX);
    Query::new(text, values![most], |row| Ok((row.int(0)?, Hash(row.array(1)?))))
}

/// How far into the log a file knows its entries.
pub(crate) fn known_until() -> Query<u64> {
    let text = "SELECT coalesce(max(first_index + last_seq - first_seq + 1), 0) FROM spans";
    Query::new(text, values![], |row| row.bits(0))
}

/// Whose records of changes lie in a run of rows of a file.
pub(crate) fn owners(first: i64, last: i64) -> Query<[u8; 16]> {
    let text = "SELECT DISTINCT owner_id FROM records WHERE seq >= $1 AND seq <= $2";
    Query::new(text, values![first, last], |row| row.array(0))
}

/// A run of rows and entries that rise together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) first_seq: i64,
    pub(crate) last_seq: i64,
    pub(crate) first_index: u64,
}

/// Notes where a run of entries stands in the log.
pub(crate) fn mark(span: &Span) -> Statement {
    let text = "INSERT INTO spans (first_seq, last_seq, first_index) VALUES ($1, $2, $3) \
         ON CONFLICT DO NOTHING";
    Statement::new(text, values![span.first_seq, span.last_seq, span.first_index])
}

/// Where several write at once, rows do not appear in the order of any number: each says by itself
/// whether it waits, in one of two queues.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Queue {
    Records,
    Events,
}

impl Queue {
    pub(crate) const ALL: [Self; 2] = [Self::Records, Self::Events];
}

/// A record whose entry waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unplaced {
    pub(crate) owner: [u8; 16],
    pub(crate) record: [u8; 16],
    pub(crate) leaf: Hash,
    /// Whether it is the record of a change.
    pub(crate) changed: bool,
}

/// What waits in a queue, oldest first, from after a record.
pub(crate) fn unplaced(queue: Queue, after: Option<[u8; 16]>, n: usize) -> Query<Unplaced> {
    let text = match queue {
        Queue::Records => {
            "SELECT owner_id, record_id, leaf, changed FROM records \
             WHERE log_index IS NULL AND record_id > $1 ORDER BY record_id LIMIT $2"
        }
        Queue::Events => {
            "SELECT tag, record_id, leaf, CAST(0 AS BIGINT) FROM event_records \
             WHERE log_index IS NULL AND record_id > $1 ORDER BY record_id LIMIT $2"
        }
    };
    let most = i64::try_from(n).unwrap_or(i64::MAX);
    Query::new(text, values![after.unwrap_or_default(), most], |row| {
        Ok(Unplaced {
            owner: row.array(0)?,
            record: row.array(1)?,
            leaf: Hash(row.array(2)?),
            changed: row.int(3)? != 0,
        })
    })
}

/// Whether anything waits in a partition of events.
pub(crate) fn waits_in(partition: &str) -> Query<()> {
    let text = "SELECT 1 FROM event_records WHERE partition = $1 AND log_index IS NULL LIMIT 1";
    Query::new(text, values![partition], |_| Ok(()))
}

/// Tells records where their entries stand: arrays of owners, records and places.
pub(crate) const fn place(queue: Queue) -> &'static str {
    match queue {
        Queue::Records => {
            "UPDATE records SET log_index = placed.at FROM \
             unnest(CAST($1 AS BYTEA[]), CAST($2 AS BYTEA[]), CAST($3 AS BIGINT[])) \
             AS placed (owner_id, record_id, at) WHERE records.owner_id = placed.owner_id \
             AND records.record_id = placed.record_id AND records.log_index IS NULL"
        }
        Queue::Events => {
            "UPDATE event_records SET log_index = placed.at FROM \
             unnest(CAST($1 AS BYTEA[]), CAST($2 AS BYTEA[]), CAST($3 AS BIGINT[])) \
             AS placed (tag, record_id, at) WHERE event_records.tag = placed.tag \
             AND event_records.record_id = placed.record_id AND event_records.log_index IS NULL"
        }
    }
}

const MOVED_KEY: &[Column] = &[plain("owner_id"), plain("record_id")];
const MOVED_REST: &[&str] = &["at", "leaf", "sealed", "log_index"];
/// In a file the place follows from `seq` and the span that it falls into.
const MOVED_SQLITE: Form = Form {
    from: "(SELECT r.owner_id, r.record_id, r.at, r.leaf, r.sealed, \
         (SELECT s.first_index + r.seq - s.first_seq FROM spans s \
         WHERE s.first_seq = (SELECT max(first_seq) FROM spans WHERE first_seq <= r.seq) \
         AND s.last_seq >= r.seq) AS log_index FROM records r)",
    into: "records",
    named: &[("log_index", "seq")],
    also: &[],
};

const fn moved(name: &'static str, postgres: Form) -> Table {
    let (key, rest) = (MOVED_KEY, MOVED_REST);
    Table { name, key, rest, sqlite: MOVED_SQLITE, postgres, placed: true }
}

/// Records of changes, as they are moved to another engine.
pub(crate) const MOVED_CHANGES: Table = moved(
    "records of changes",
    Form {
        from: "(SELECT owner_id, record_id, at, leaf, sealed, log_index FROM records \
             WHERE changed = 1)",
        into: "records",
        named: &[],
        also: &[("changed", "1")],
    },
);

/// Records of uses and refusals, as they are moved.
pub(crate) const MOVED_USES: Table = moved(
    "records of uses",
    Form {
        from: "(SELECT owner_id, record_id, at, leaf, sealed, log_index FROM records \
             WHERE changed = 0)",
        into: "records",
        named: &[],
        also: &[("changed", "0")],
    },
);

/// Records of events, as they are moved.
pub(crate) const MOVED_EVENTS: Table = moved(
    "event_records",
    Form {
        from: "(SELECT tag AS owner_id, record_id, at, leaf, sealed, log_index \
             FROM event_records WHERE partition = :partition)",
        into: "event_records",
        named: &[("owner_id", "tag")],
        also: &[("partition", ":partition")],
    },
);

/// In a file whose rows were given their places in the log as numbers, one span says so of all; and
/// what comes next comes after them.
pub(crate) fn adopt(size: u64) -> Vec<Statement> {
    if size == 0 {
        return Vec::new();
    }
    let span = Span { first_seq: 1, last_seq: size.cast_signed(), first_index: 0 };
    let forget = "DELETE FROM sqlite_sequence WHERE name = 'records'";
    let go_on = "INSERT INTO sqlite_sequence (name, seq) VALUES ('records', $1)";
    vec![mark(&span), Statement::new(forget, values![]), Statement::new(go_on, values![size])]
}
