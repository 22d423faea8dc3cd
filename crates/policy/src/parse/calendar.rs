//! Calendars of working days.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use super::front::toml;
use crate::calendar::Calendar;
use crate::diagnostic::At;
use crate::limit::TITLE_MAX;
use crate::read::{Fields, Reading, Spot, date, integer};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

/// Reads one calendar.
pub(crate) fn calendar(reading: &mut Reading, name: &str, file: usize, text: &str) -> Calendar {
    let mut all = Calendar { name: name.to_owned(), ..Calendar::default() };
    let Some(table) = toml(reading, text, At::new(file, 0, text.len())) else { return all };
    let spot = Spot { at: At::new(file, 0, 0), base: 0 };
    let mut fields = Fields::plain(reading, &table, spot, "calendar");
    all.title = fields.plain_text("title", TITLE_MAX).map(|it| it.0).unwrap_or_default();
    fields.plain_text("source", TITLE_MAX);
    all.years = years(&mut fields);
    all.weekend = weekend(&mut fields);
    all.holidays = days(&mut fields, "holidays", &all.years);
    all.working = days(&mut fields, "working", &all.years);
    for both in all.holidays.intersection(&all.working) {
        let message = format!("{both} is a holiday and a working day");
        let fault = fields.reading.faults.error("calendar", At::new(file, 0, 0), message);
        fault.help("take it out of `holidays` or `working`");
    }
    fields.finish();
    all
}

fn years(fields: &mut Fields<'_>) -> BTreeSet<i16> {
    let mut all = BTreeSet::new();
    for (value, at) in fields.items("years") {
        match integer(value)
            .and_then(|it| i16::try_from(it).ok())
            .filter(|it| (1970..=9000).contains(it))
        {
            Some(year) => {
                all.insert(year);
            }
            None => fields.wrong((value, at), "a year", "2026"),
        }
    }
    if all.is_empty() {
        fields.missing("years", "[2026]");
    }
    all
}

fn weekend(fields: &mut Fields<'_>) -> BTreeSet<i8> {
    let Some(names) = fields.texts("weekend") else { return Calendar::usual_weekend() };
    let mut all = BTreeSet::new();
    for (name, at) in names {
        if let Some((_, day)) = WEEKDAYS.iter().find(|it| it.0 == name) {
            all.insert(day.to_monday_one_offset());
        } else {
            let message = format!("`{name}` is no day of the week");
            fields.reading.faults.error("calendar", at, message).help("write such as `sunday`");
        }
    }
    if all.len() == WEEKDAYS.len() {
        // Nothing would ever be due: counting working days must end.
        let at = fields.at();
        fields
            .reading
            .faults
            .error("calendar", at, "no day of the week is worked")
            .help("leave one out");
    }
    all
}

fn days(fields: &mut Fields<'_>, name: &'static str, years: &BTreeSet<i16>) -> BTreeSet<Date> {
    let mut all = BTreeSet::new();
    for (value, at) in fields.items(name) {
        let Some(day) = date(value) else {
            fields.wrong((value, at), "a date without a time", "2026-01-01");
            continue;
        };
        if !years.contains(&day.year()) {
            let message = format!("{day} lies outside of the years that the calendar covers");
            let fault = fields.reading.faults.error("calendar", at, message);
            fault.help(format!("add {} to `years` once all of it is listed", day.year()));
        }
        all.insert(day);
    }
    all
}
