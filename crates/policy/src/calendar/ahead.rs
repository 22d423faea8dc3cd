//! How far ahead calendars of working days reach: where deadlines are counted in them, a table that ends
//! soon is no small thing.

use decide::Timestamp;
use jiff::civil::{Date, date};

use crate::duration::{Duration, Unit};
use crate::policy::Policy;

/// A region whose deadlines are counted in working days, and whose calendar ends within a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ahead {
    /// The region's code.
    pub region: String,
    /// The name of its calendar.
    pub calendar: String,
    /// The last day that is covered; nothing where today is not.
    pub until: Option<Date>,
}

impl std::fmt::Display for Ahead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { region, calendar, until } = self;
        match until {
            Some(day) => write!(
                f,
                "calendar `{calendar}` of region `{region}` ends on {day}: add the next year to \
                 `holidays/{calendar}.toml` when it is announced"
            ),
            None => write!(
                f,
                "calendar `{calendar}` of region `{region}` does not cover this year: add it to \
                 `holidays/{calendar}.toml`, for deadlines in working days cannot be counted"
            ),
        }
    }
}

impl Policy {
    /// The regions that count a deadline in working days and whose calendar does not reach a year ahead.
    pub fn calendars_ahead(&self, now: Timestamp) -> Vec<Ahead> {
        let regions = self.regions.iter().filter(|(code, _)| self.counts_working_days(code));
        let all = regions.filter_map(|(code, of)| {
            let zone = self.zone(code).ok()?;
            let now = jiff::Timestamp::from_millisecond(now.millis()).ok()?;
            let today = now.to_zoned(zone).date();
            let calendar = self.calendars.get(&of.calendar)?;
            let covered = (today.year()..).take_while(|it| calendar.years.contains(it));
            let until = covered.last().map(|year| date(year, 12, 31));
            let ahead = today.checked_add(jiff::Span::new().years(1)).ok()?;
            let ends = until.is_none_or(|it| it < ahead);
            let named = || Ahead { region: code.clone(), calendar: of.calendar.clone(), until };
            ends.then(named)
        });
        all.collect()
    }

    /// Whether the time for something is counted in working days, and the calendar does not reach to its
    /// end.
    pub fn is_past_calendar(&self, region: &str, from: Timestamp, period: Duration) -> bool {
        let past = |it| matches!(it, Err(crate::duration::Error::PastCalendar { .. }));
        period.unit == Unit::WorkingDay && past(self.due(region, from, period))
    }

    fn counts_working_days(&self, region: &str) -> bool {
        let rights = self
            .rights
            .values()
            .flat_map(|it| it.within.get(region).into_iter().chain(it.extension.get(region)));
        let complaints = self.complaints.iter().filter_map(|it| it.reply.get(region));
        rights.chain(complaints).any(|it| it.unit == Unit::WorkingDay)
    }
}
