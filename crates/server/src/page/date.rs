//! Days and times as the language of a page writes them.

use jiff::civil::Date;

use super::words::Words;

/// The day of an instant, or a day: `22 November 2026`. What is neither stays as it is.
pub(crate) fn day(w: &Words, at: &str) -> String {
    let day = at.split('T').next().unwrap_or(at);
    match day.parse::<Date>() {
        Ok(date) => date.strftime(w.day_form).to_string(),
        Err(_) => at.to_owned(),
    }
}

/// The minute of an instant.
pub(crate) fn minute(w: &Words, at: &str) -> String {
    until(w, at, "20:24".len())
}

/// The second of an instant.
pub(crate) fn second(w: &Words, at: &str) -> String {
    until(w, at, "20:24:10".len())
}

fn until(w: &Words, at: &str, letters: usize) -> String {
    let Some((_, time)) = at.split_once('T') else { return day(w, at) };
    let time: String = time.trim_end_matches('Z').chars().take(letters).collect();
    format!("{}{}{time}{}", day(w, at), w.day_and_time, w.utc)
}

#[cfg(test)]
mod tests;
