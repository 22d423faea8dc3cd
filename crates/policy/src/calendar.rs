//! Working days: weekends, holidays and make-up days of a place, for the years that its table covers.

mod ahead;

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use crate::duration::Error;

pub use ahead::Ahead;

/// The working days of a place.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// The name of its file, without folder and ending.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The whole years that the table covers.
    pub years: BTreeSet<i16>,
    /// Weekdays off, counted from Monday, which is 1.
    pub weekend: BTreeSet<i8>,
    /// Days off beside the weekend.
    pub holidays: BTreeSet<Date>,
    /// Days of a weekend that are worked.
    pub working: BTreeSet<Date>,
}

impl Calendar {
    /// Saturday and Sunday.
    pub fn usual_weekend() -> BTreeSet<i8> {
        [Weekday::Saturday, Weekday::Sunday].map(Weekday::to_monday_one_offset).into()
    }

    /// Whether a day is worked; an error for a year that the table does not cover.
    pub fn is_working(&self, day: Date) -> Result<bool, Error> {
        if !self.years.contains(&day.year()) {
            return Err(Error::PastCalendar { calendar: self.name.clone(), year: day.year() });
        }
        let weekend = self.weekend.contains(&day.weekday().to_monday_one_offset());
        Ok(self.working.contains(&day) || !weekend && !self.holidays.contains(&day))
    }

    /// The day that is the `count`-th working day after `from`.
    pub fn working_days_after(&self, from: Date, count: u32) -> Result<Date, Error> {
        let mut day = from;
        let mut left = count;
        while left > 0 {
            day = day.tomorrow().map_err(|_| Error::OutOfRange)?;
            if self.is_working(day)? {
                left = left.saturating_sub(1);
            }
        }
        Ok(day)
    }
}
