//! Durations as a policy states them, and what lies that far ahead.

use decide::Timestamp;
use jiff::tz::TimeZone;
use jiff::{Span, Zoned};

use crate::calendar::Calendar;
use crate::clause::retention::Anonymise;
use crate::limit::DURATION_MAX;
use crate::word::words;

words!(
    /// A unit of duration.
    Unit {
        /// Sixty minutes.
        Hour = "hour",
        /// A day of the region's calendar: from one local time to the same on the next day.
        Day = "day",
        /// Seven days.
        Week = "week",
        /// A calendar month, clamped to the month's last day.
        Month = "month",
        /// A calendar year.
        Year = "year",
        /// A day on which the region works.
        WorkingDay = "working day",
    }
);

words!(
    /// The event that a retention runs from.
    Anchor {
        /// The value was collected.
        Collected = "collected",
        /// The person was last active.
        LastActive = "last-active",
        /// The account was closed.
        AccountClosed = "account-closed",
        /// The consent that it rests on was withdrawn.
        ConsentWithdrawn = "consent-withdrawn",
    }
);

/// A whole number of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Duration {
    /// How many, from 1 to 1,000.
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Default for Duration {
    fn default() -> Self {
        Self { count: 1, unit: Unit::Day }
    }
}

/// How long something is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keep {
    /// From when.
    pub after: Anchor,
    /// For how long.
    pub period: Duration,
    /// The law that stipulates it.
    pub law: Option<String>,
    /// The clause that says so.
    pub clause: String,
    /// How it is anonymised then; `None` where it is deleted.
    pub anonymise: Option<Anonymise>,
}

/// Why no instant could be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The calendar of working days does not reach that far.
    #[error(
        "calendar `{calendar}` does not cover `{year}`: add the year to `holidays/{calendar}.toml`"
    )]
    PastCalendar {
        /// The calendar's name.
        calendar: String,
        /// The year that it does not cover.
        year: i16,
    },
    /// The result is outside of the years that can be written.
    #[error("the date is out of range: give a shorter duration")]
    OutOfRange,
    /// The region is not declared.
    #[error("region `{region}` is not declared: add `[region.{region}]`")]
    UnknownRegion {
        /// Its code.
        region: String,
    },
}

impl Duration {
    /// Reads `30 days`, `1 month`, `15 working days`, `24 hours`.
    pub fn parse(text: &str) -> Option<Self> {
        let (count, unit) = text.split_once(' ')?;
        let plain = !count.starts_with('0') && count.bytes().all(|it| it.is_ascii_digit());
        let count: u32 =
            count.parse().ok().filter(|it| plain && (1..=DURATION_MAX).contains(it))?;
        let unit = Unit::from_word(unit).or_else(|| Unit::from_word(unit.strip_suffix('s')?))?;
        Some(Self { count, unit })
    }

    /// As a span of the calendar; working days are none, they are counted.
    fn span(self) -> Option<Result<Span, jiff::Error>> {
        let count = i64::from(self.count);
        Some(match self.unit {
            Unit::Hour => Span::new().try_hours(count),
            Unit::Day => Span::new().try_days(count),
            Unit::Week => Span::new().try_weeks(count),
            Unit::Month => Span::new().try_months(count),
            Unit::Year => Span::new().try_years(count),
            Unit::WorkingDay => return None,
        })
    }

    /// The instant that lies this far after `from`, on the clocks and in the calendar of a region.
    pub fn after(self, from: &Zoned, calendar: &Calendar) -> Result<Zoned, Error> {
        let Some(span) = self.span() else {
            let day = calendar.working_days_after(from.date(), self.count)?;
            let at = day.to_datetime(from.time()).to_zoned(from.time_zone().clone());
            return at.map_err(|_| Error::OutOfRange);
        };
        span.and_then(|span| from.checked_add(span)).map_err(|_| Error::OutOfRange)
    }

    /// An instant from which this duration leads to `end` or not beyond it; `None` for working days,
    /// which are counted forwards alone, and past the years that can be written.
    pub fn before_timestamp(self, end: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let span = self.span()?;
        let end = jiff::Timestamp::from_millisecond(end.millis()).ok()?.to_zoned(zone.clone());
        let start = end.checked_sub(span.ok()?).ok()?;
        Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
    }

    /// The same for the product's timestamps.
    pub fn after_timestamp(
        self,
        from: Timestamp,
        zone: &TimeZone,
        calendar: &Calendar,
    ) -> Result<Timestamp, Error> {
        let start =
            jiff::Timestamp::from_millisecond(from.millis()).map_err(|_| Error::OutOfRange)?;
        let end = self.after(&start.to_zoned(zone.clone()), calendar)?;
        Ok(Timestamp::from_millis(end.timestamp().as_millisecond()))
    }

    /// Hours that it lasts at least and at most; for comparing durations without a date.
    pub fn hours(self) -> (u64, u64) {
        let (least, most) = match self.unit {
            Unit::Hour => (1, 1),
            Unit::Day => (23, 25),
            Unit::Week => (167, 169),
            Unit::Month => (28 * 24 - 1, 31 * 24 + 1),
            Unit::Year => (365 * 24, 366 * 24),
            // Between working days may lie long holidays; a month in a row is none anywhere.
            Unit::WorkingDay => (24, 31 * 24),
        };
        let count = u64::from(self.count);
        (count.saturating_mul(least), count.saturating_mul(most))
    }

    /// Whether it certainly lasts longer than another.
    pub fn outlasts(self, other: Self) -> bool {
        if self.unit == other.unit {
            return self.count > other.count;
        }
        self.hours().0 > other.hours().1
    }
}

impl std::fmt::Display for Duration {
    /// As it is written in a policy.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let plural = if self.count == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.count, self.unit.word())
    }
}

#[cfg(test)]
mod tests;
