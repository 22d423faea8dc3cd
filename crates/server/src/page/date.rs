//! Days and times as the language of a page writes them, in the time zone of the region that the page
//! is about: a deadline is the day that the person has, not the day in Greenwich.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use super::frame::Frame;
use super::words::Words;

const MINUTE: &str = "%H:%M";
const SECOND: &str = "%H:%M:%S";

/// The day of an instant, or a day: `22 November 2026`. What is neither stays as it is.
pub(crate) fn day(f: &Frame, at: &str) -> String {
    on(f.w, &f.zone, at)
}

/// The minute of an instant.
pub(crate) fn minute(f: &Frame, at: &str) -> String {
    until(f.w, &f.zone, (at, MINUTE))
}

/// The second of an instant.
pub(crate) fn second(f: &Frame, at: &str) -> String {
    until(f.w, &f.zone, (at, SECOND))
}

/// The minute of an instant in a zone.
pub(crate) fn minute_in(w: &Words, zone: &TimeZone, at: &str) -> String {
    until(w, zone, (at, MINUTE))
}

fn zoned(zone: &TimeZone, at: &str) -> Option<Zoned> {
    at.parse::<Timestamp>().ok().map(|it| it.to_zoned(zone.clone()))
}

fn on(w: &Words, zone: &TimeZone, at: &str) -> String {
    match (zoned(zone, at), at.parse::<Date>()) {
        (Some(it), _) => written(w, it.date()),
        (None, Ok(date)) => written(w, date),
        (None, Err(_)) => at.to_owned(),
    }
}

fn written(w: &Words, date: Date) -> String {
    date.strftime(w.day_form).to_string()
}

fn until(w: &Words, zone: &TimeZone, (at, form): (&str, &str)) -> String {
    let Some(it) = zoned(zone, at) else { return at.to_owned() };
    let (day, time, zone) = (written(w, it.date()), it.strftime(form), name(it.offset()));
    format!("{day}{}{time}{}{zone}{}", w.day_and_time, w.zone_before, w.zone_after)
}

/// What everybody can reckon with, where an abbreviation means one thing here and another there.
fn name(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let (sign, size) = (if minutes < 0 { '-' } else { '+' }, minutes.unsigned_abs());
    match (size / 60, size % 60) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, rest) => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

#[cfg(test)]
mod tests;
