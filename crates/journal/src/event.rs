//! Log information: partitions by day of receipt and class of retention, each a file of its own.

use decide::Timestamp;

use crate::limit::EVENTS_DAY_BYTES_MAX;
use crate::moving::table::{Form, Table, plain, text};
use crate::record;
use crate::sealed::Sealed;
use crate::sql::{Dialect, Query, Statement, Text, Unmet, Value, values};

const DAY_SECONDS: i64 = 86_400;

/// The day of receipt and the class of retention: `20261122-security`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partition(String);

impl Partition {
    /// The partition of an instant and a class; `None` when the class is not from 1 to 32 lower-case
    /// letters, digits or hyphens, or the instant is outside the years 1970 to 9999.
    pub fn of(received: Timestamp, class: &str) -> Option<Self> {
        let day = received.millis().div_euclid(86_400_000);
        let (year, month, date) = civil(day)?;
        Self::parse(&format!("{year:04}{month:02}{date:02}-{class}"))
    }

    /// Reads the text form.
    pub fn parse(text: &str) -> Option<Self> {
        let (day, class) = text.split_once('-')?;
        let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        let fits = day.len() == 8
            && day.bytes().all(|it| it.is_ascii_digit())
            && (1..=32).contains(&class.len())
            && class.bytes().all(plain);
        fits.then(|| Self(text.to_owned()))
    }

    /// Seconds until the day of receipt is over, and another takes what comes.
    pub fn seconds_left(now: Timestamp) -> u64 {
        let gone = now.millis().div_euclid(1_000).rem_euclid(DAY_SECONDS);
        DAY_SECONDS.saturating_sub(gone).unsigned_abs()
    }

    /// The text form: what the tag is made over, and the name of the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day, as `20261122`.
    pub fn day(&self) -> &str {
        self.0.split_once('-').map_or("", |(day, _)| day)
    }

    /// The class of retention.
    pub fn class(&self) -> &str {
        self.0.split_once('-').map_or("", |(_, class)| class)
    }
}

/// The civil date of a day since 1970 (Howard Hinnant, `civil_from_days`).
fn civil(day: i64) -> Option<(i64, i64, i64)> {
    let shifted = day.checked_add(719_468).filter(|_| (0..=2_932_896).contains(&day))?;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let leaps = of_era
        .checked_sub(of_era.div_euclid(1_460))?
        .checked_add(of_era.div_euclid(36_524))?
        .checked_sub(of_era.div_euclid(146_096))?;
    let year_of_era = leaps.div_euclid(365);
    let days_before = year_of_era
        .checked_mul(365)?
        .checked_add(year_of_era.div_euclid(4))?
        .checked_sub(year_of_era.div_euclid(100))?;
    let of_year = of_era.checked_sub(days_before)?;
    let shifted_month = of_year.checked_mul(5)?.checked_add(2)?.div_euclid(153);
    let before_month = shifted_month.checked_mul(153)?.checked_add(2)?.div_euclid(5);
    let date = of_year.checked_sub(before_month)?.checked_add(1)?;
    let month = shifted_month.checked_add(if shifted_month < 10 { 3 } else { -9 })?;
    let year = year_of_era.checked_add(era.checked_mul(400)?)?;
    Some((year.checked_add(i64::from(month <= 2))?, month, date))
}

/// How many events of a kind one hour saw: all that statistics keep in clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventCount {
    /// The declared kind.
    pub kind: String,
    /// The hour's beginning.
    pub hour: Timestamp,
    /// How many.
    pub count: u32,
}

/// One sealed block of a person's events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Where it lies.
    pub partition: Partition,
    /// Its place there; what came later has a higher one.
    pub place: i64,
    /// When it was received.
    pub received: Timestamp,
    /// The events.
    pub sealed: Sealed,
}

/// One block that is about to be written.
#[derive(Debug)]
pub(crate) struct NewBlock {
    pub(crate) tag: [u8; 16],
    pub(crate) sealed: Sealed,
    pub(crate) counts: Vec<EventCount>,
    pub(crate) received: Timestamp,
    pub(crate) bytes: u64,
    pub(crate) most: u64,
}

/// Puts the partition before what is bound, where it is a column and not a file.
fn within(dialect: Dialect, partition: &Partition, values: Vec<Value>) -> Vec<Value> {
    match dialect {
        Dialect::Sqlite => values,
        Dialect::Postgres => {
            std::iter::once(Value::from(partition.as_str())).chain(values).collect()
        }
    }
}

/// Writes a block, what it weighs under its tag, and what statistics need.
pub(crate) fn write(dialect: Dialect, partition: &Partition, block: &NewBlock) -> Vec<Statement> {
    const BLOCK: Text = Text::each(
        "INSERT INTO blocks (tag, received, sealed) VALUES ($1, $2, $3)",
        "INSERT INTO blocks (partition, tag, received, sealed) VALUES ($1, $2, $3, $4)",
    );
    // In slots of its tag, so that two that count at once do not wait for each other.
    const COUNT: Text = Text::each(
        "INSERT INTO event_counts (kind, hour, n) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, hour) DO UPDATE SET n = event_counts.n + excluded.n",
        "INSERT INTO event_counts (partition, kind, hour, n, slot) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (partition, kind, hour, slot) \
         DO UPDATE SET n = event_counts.n + excluded.n",
    );
    let place = |values| within(dialect, partition, values);
    let sealed = block.sealed.as_bytes();
    let mut statements = vec![
        weigh(dialect, partition, block),
        Statement::new(BLOCK, place(values![block.tag, block.received, sealed])),
    ];
    for count in &block.counts {
        let mut values = values![count.kind.as_str(), count.hour, count.count];
        if dialect == Dialect::Postgres {
            let slot = block.tag.first().map_or(0, |it| it & SLOTS_MASK);
            values.push(slot.into());
        }
        statements.push(Statement::new(COUNT, place(values)));
    }
    statements
}

/// Slots of a count, less one.
const SLOTS_MASK: u8 = 63;

/// Counts the bytes under the tag; what would be too much of one person is not written.
fn weigh(dialect: Dialect, partition: &Partition, block: &NewBlock) -> Statement {
    const WEIGH: Text = Text::each(
        "INSERT INTO tag_bytes (tag, bytes) VALUES ($1, $2) ON CONFLICT (tag) \
         DO UPDATE SET bytes = tag_bytes.bytes + excluded.bytes \
         WHERE tag_bytes.bytes + excluded.bytes <= $3",
        "INSERT INTO tag_bytes (partition, tag, bytes) VALUES ($1, $2, $3) \
         ON CONFLICT (partition, tag) DO UPDATE SET bytes = tag_bytes.bytes + excluded.bytes \
         WHERE tag_bytes.bytes + excluded.bytes <= $4",
    );
    let most = block.most.min(EVENTS_DAY_BYTES_MAX);
    let values = within(dialect, partition, values![block.tag, block.bytes, most]);
    Statement::new(WEIGH, values)
        .or(Unmet::Full { seconds: Partition::seconds_left(block.received) })
}

/// The bytes under a tag.
pub(crate) fn bytes_of_tag(dialect: Dialect, partition: &Partition, tag: &[u8; 16]) -> Query<u64> {
    const BYTES: Text = Text::each(
        "SELECT bytes FROM tag_bytes WHERE tag = $1",
        "SELECT bytes FROM tag_bytes WHERE partition = $1 AND tag = $2",
    );
    Query::new(BYTES, within(dialect, partition, values![*tag]), |row| row.bits(0))
}

/// The blocks under a tag, newest first, from before `before`: up to `n`, and no further than the
/// block with which they come to so many bytes. Lengths alone are added up: of what is not given
/// nothing is read but its length.
pub(crate) fn under_tag(
    dialect: Dialect,
    (partition, tag): (&Partition, &[u8; 16]),
    before: Option<i64>,
    (n, bytes): (u32, usize),
) -> Query<Block> {
    const BLOCKS: Text = Text::each(
        "SELECT seq, received, sealed FROM blocks JOIN (SELECT seq AS place, \
         sum(n) OVER (ORDER BY seq DESC) - n AS earlier \
         FROM (SELECT seq, length(sealed) AS n FROM blocks WHERE tag = $1 AND seq < $2 \
         ORDER BY seq DESC LIMIT $3) AS newest) AS summed ON seq = place \
         WHERE earlier < $4 ORDER BY seq DESC",
        "SELECT seq, received, sealed FROM blocks JOIN (SELECT seq AS place, \
         sum(n) OVER (ORDER BY seq DESC) - n AS earlier \
         FROM (SELECT seq, length(sealed) AS n FROM blocks \
         WHERE partition = $1 AND tag = $2 AND seq < $3 \
         ORDER BY seq DESC LIMIT $4) AS newest) AS summed ON seq = place \
         WHERE partition = $1 AND tag = $2 AND earlier < $5 ORDER BY seq DESC",
    );
    let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
    let values = values![*tag, before.unwrap_or(i64::MAX), n, bytes];
    let partition = partition.clone();
    Query::new(BLOCKS, within(dialect, &partition, values), move |row| {
        let (place, received) = (row.int(0)?, row.instant(1)?);
        let sealed = Sealed::stored(row.bytes(2)?);
        Ok(Block { partition: partition.clone(), place, received, sealed })
    })
}

/// The counts of a partition, by hour and kind.
pub(crate) fn counts(dialect: Dialect, partition: &Partition) -> Query<EventCount> {
    const COUNTS: Text = Text::each(
        "SELECT kind, hour, n FROM event_counts ORDER BY hour, kind",
        "SELECT kind, hour, CAST(sum(n) AS BIGINT) FROM event_counts WHERE partition = $1 \
         GROUP BY kind, hour ORDER BY hour, kind",
    );
    Query::new(COUNTS, within(dialect, partition, values![]), |row| {
        Ok(EventCount { kind: row.text(0)?, hour: row.instant(1)?, count: row.small(2)? })
    })
}

/// What a partition holds, as it is moved to another engine.
pub(crate) const MOVED: &[Table] = &[
    Table {
        name: "blocks",
        key: &[plain("tag"), plain("seq")],
        rest: &["received", "sealed"],
        sqlite: Form::plain("blocks"),
        postgres: Form {
            from: "(SELECT tag, seq, received, sealed FROM blocks WHERE partition = :partition)",
            into: "blocks",
            named: &[],
            also: &[("partition", ":partition")],
        },
        placed: false,
    },
    Table {
        name: "tag_bytes",
        key: &[plain("tag")],
        rest: &["bytes"],
        sqlite: Form::plain("tag_bytes"),
        postgres: Form {
            from: "(SELECT tag, bytes FROM tag_bytes WHERE partition = :partition)",
            into: "tag_bytes",
            named: &[],
            also: &[("partition", ":partition")],
        },
        placed: false,
    },
    Table {
        name: "event_counts",
        key: &[text("kind"), plain("hour")],
        rest: &["n"],
        sqlite: Form::plain("event_counts"),
        // The slots of a count come to one.
        postgres: Form {
            from: "(SELECT kind, hour, CAST(sum(n) AS BIGINT) AS n FROM event_counts \
                 WHERE partition = :partition GROUP BY kind, hour)",
            into: "event_counts",
            named: &[],
            also: &[("partition", ":partition"), ("slot", "0")],
        },
        placed: false,
    },
    record::MOVED_EVENTS,
];

/// Blocks that come after a move have higher places than those that came with it.
pub(crate) fn adopt() -> Query<i64> {
    let text = "SELECT setval(pg_get_serial_sequence('blocks', 'seq'), \
         coalesce(max(seq), 0) + 1, false) FROM blocks";
    Query::new(text, values![], |row| row.int(0))
}
