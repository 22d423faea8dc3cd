//! Log information: partitions by day of receipt and class of retention, each a file of its own.

use decide::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;
use crate::limit::EVENTS_DAY_BYTES_MAX;
use crate::sealed::Sealed;

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
}

pub(crate) fn write(file: &Connection, block: &NewBlock) -> Result<(), Fault> {
    weigh(file, block)?;
    file.prepare_cached("INSERT INTO blocks (tag, received, sealed) VALUES ($1, $2, $3)")?
        .execute(params![block.tag, block.received.millis(), block.sealed.as_bytes()])?;
    let mut statement = file.prepare_cached(
        "INSERT INTO event_counts (kind, hour, n) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, hour) DO UPDATE SET n = event_counts.n + excluded.n",
    )?;
    for count in &block.counts {
        statement.execute(params![count.kind, count.hour.millis(), count.count])?;
    }
    Ok(())
}

/// Counts the bytes under the tag; what would be too much of one person is not written.
fn weigh(file: &Connection, block: &NewBlock) -> Result<(), Fault> {
    let bytes = i64::try_from(block.sealed.as_bytes().len()).unwrap_or(i64::MAX);
    let mut statement = file.prepare_cached(
        "INSERT INTO tag_bytes (tag, bytes) VALUES ($1, $2) \
         ON CONFLICT (tag) DO UPDATE SET bytes = tag_bytes.bytes + excluded.bytes RETURNING bytes",
    )?;
    let sum: i64 = statement.query_row(params![block.tag, bytes], |row| row.get(0))?;
    if sum.cast_unsigned() <= EVENTS_DAY_BYTES_MAX {
        return Ok(());
    }
    Err(Fault::Full { seconds: Partition::seconds_left(block.received) })
}

/// The bytes under a tag.
pub(crate) fn bytes_of_tag(file: &Connection, tag: &[u8; 16]) -> Result<u64, Fault> {
    let mut statement = file.prepare_cached("SELECT bytes FROM tag_bytes WHERE tag = $1")?;
    let bytes = statement.query_row(params![tag], |row| row.get::<_, i64>(0)).optional()?;
    Ok(bytes.unwrap_or(0).cast_unsigned())
}

/// The blocks under a tag, newest first, from before `before`: up to `n`, and no further than the
/// block with which they come to so many bytes.
pub(crate) fn under_tag(
    file: &Connection,
    (partition, tag): (&Partition, &[u8; 16]),
    before: Option<i64>,
    (n, bytes): (u32, usize),
) -> Result<Vec<Block>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT seq, received, sealed FROM blocks WHERE tag = $1 AND seq < $2 \
         ORDER BY seq DESC LIMIT $3",
    )?;
    let mut rows = statement.query(params![tag, before.unwrap_or(i64::MAX), n])?;
    let mut found = Vec::new();
    let mut sum = 0_usize;
    while sum < bytes
        && let Some(row) = rows.next()?
    {
        let sealed = Sealed::stored(row.get(2)?);
        sum = sum.saturating_add(sealed.as_bytes().len());
        let (place, received) = (row.get(0)?, Timestamp::from_millis(row.get(1)?));
        found.push(Block { partition: partition.clone(), place, received, sealed });
    }
    Ok(found)
}

/// The counts of a partition, by hour and kind.
pub(crate) fn counts(file: &Connection) -> Result<Vec<EventCount>, Fault> {
    let mut statement =
        file.prepare_cached("SELECT kind, hour, n FROM event_counts ORDER BY hour, kind")?;
    let rows = statement.query_map([], |row| {
        Ok(EventCount {
            kind: row.get(0)?,
            hour: Timestamp::from_millis(row.get(1)?),
            count: row.get(2)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
