//! Instants as text, and the few questions that are asked of civil dates.

use decide::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// An instant as answers write it: RFC 3339 in UTC.
pub fn when(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map_or_else(|_| String::new(), |it| it.to_string())
}

/// Reads RFC 3339.
pub fn instant(text: &str) -> Option<Timestamp> {
    let at: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_millis(at.as_millisecond()))
}

/// The day that it is at an instant in a zone.
pub(crate) fn day(at: Timestamp, zone: &TimeZone) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(at.millis()).ok()?;
    Some(at.to_zoned(zone.clone()).date())
}

/// Full years from a birth date to a day; a birthday on 29 February is kept on 1 March.
pub(crate) fn full_years(born: Date, today: Date) -> Option<i16> {
    let years = today.year().checked_sub(born.year())?;
    let before = (today.month(), today.day()) < (born.month(), born.day());
    years.checked_sub(i16::from(before)).filter(|it| *it >= 0)
}

#[cfg(test)]
mod tests;
