//! How much time is left, in words: the clock that every queue shows.

use super::view::Clock;
use super::words::Words;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// When less than this part of the time is left, it is short.
const SHORT: i64 = 4;

/// The clock of something that is open.
pub(super) fn clock(w: &'static Words, due: &str, (left, whole): (i64, i64)) -> Clock {
    let (text, tone) = if left < 0 {
        (format!("{}{}", w.overdue_by, span(w, left.saturating_neg())), "bad")
    } else {
        let short = left.saturating_mul(SHORT) < whole;
        let text = format!("{}{}{}", w.left_before, span(w, left), w.left_after);
        (text, if short { "warn" } else { "good" })
    };
    Clock { at: due.to_owned(), left: text, tone }
}

/// The same where only the ends of the time are known.
pub(super) fn running(w: &'static Words, (from, due): (&str, &str), left: i64) -> Clock {
    let whole = flows::instant(from).zip(flows::instant(due));
    let whole =
        whole.map(|(from, due)| due.millis().saturating_sub(from.millis()).div_euclid(1_000));
    clock(w, due, (left, whole.unwrap_or(left)))
}

/// The time of something that is over.
pub(super) fn still(at: &str) -> Clock {
    Clock { at: at.to_owned(), left: String::new(), tone: "quiet" }
}

/// A span of time, in the two largest units that it has.
fn span(w: &Words, seconds: i64) -> String {
    let part = |n: i64, unit: (&str, &str)| {
        let word = if n == 1 { unit.0 } else { unit.1 };
        format!("{n}{}{word}", w.unit_gap)
    };
    let (days, hours, minutes) = (seconds / DAY, seconds % DAY / HOUR, seconds % HOUR / MINUTE);
    let both = |one: String, other: String| format!("{one}{}{other}", w.unit_gap);
    match (days, hours) {
        (1.., _) if hours == 0 || days > 13 => part(days, (w.day, w.days)),
        (1.., _) => both(part(days, (w.day, w.days)), part(hours, (w.hour, w.hours))),
        (_, 1..) if minutes == 0 => part(hours, (w.hour, w.hours)),
        (_, 1..) => both(part(hours, (w.hour, w.hours)), part(minutes, (w.minute, w.minutes))),
        _ => part(minutes, (w.minute, w.minutes)),
    }
}

#[cfg(test)]
mod tests;
