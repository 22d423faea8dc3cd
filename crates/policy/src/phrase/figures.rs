//! Figures that prose states: a number with a unit, in English or Chinese.

use crate::duration::Unit;
use crate::read::{Figure, Measure};

/// A figure and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) figure: Figure,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

const NUMBERS: [&str; 19] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] =
    ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const HAN_DIGITS: [(char, u32); 12] = [
    ('〇', 0),
    ('零', 0),
    ('一', 1),
    ('二', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
];

/// What a number is of.
#[derive(Clone, Copy)]
enum Of {
    Time(Unit),
    Other(Measure),
}

const HAN_UNITS: [(&str, Of); 19] = [
    ("个工作日", Of::Time(Unit::WorkingDay)),
    ("工作日", Of::Time(Unit::WorkingDay)),
    ("个小时", Of::Time(Unit::Hour)),
    ("小时", Of::Time(Unit::Hour)),
    ("个自然日", Of::Time(Unit::Day)),
    ("个自然月", Of::Time(Unit::Month)),
    ("个月", Of::Time(Unit::Month)),
    ("周岁", Of::Time(Unit::Year)),
    ("周年", Of::Time(Unit::Year)),
    ("岁", Of::Time(Unit::Year)),
    ("年", Of::Time(Unit::Year)),
    ("周", Of::Time(Unit::Week)),
    ("天", Of::Time(Unit::Day)),
    ("日", Of::Time(Unit::Day)),
    ("分钟", Of::Other(Measure::Minute)),
    ("公里", Of::Other(Measure::Kilometre)),
    ("千米", Of::Other(Measure::Kilometre)),
    ("米", Of::Other(Measure::Metre)),
    ("人", Of::Other(Measure::Person)),
];

/// All figures of a text.
pub(crate) fn figures(text: &str, language: &str) -> Vec<Found> {
    if language.starts_with("zh") { han(text) } else { latin(text) }
}

fn figure(count: u32, of: Of) -> Figure {
    match of {
        Of::Time(unit) => Figure::Time(count, unit),
        Of::Other(measure) => Figure::Other(count, measure),
    }
}

/// Words with their bytes.
fn words(text: &str) -> Vec<(usize, &str)> {
    let mut all = Vec::new();
    let mut start = None;
    for (at, letter) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        let inside = letter.is_alphanumeric() || letter == ',' && start.is_some();
        match (inside, start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                all.push((from, text.get(from..at).unwrap_or("").trim_end_matches(',')));
                start = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    all
}

fn latin(text: &str) -> Vec<Found> {
    let words = words(text);
    let mut all = Vec::new();
    let mut position = 0_usize;
    while let Some((start, word)) = words.get(position).copied() {
        position = position.saturating_add(1);
        let Some(mut count) = latin_number(word) else { continue };
        let mut last = (start, word);
        // `twenty-four` is one number.
        if let Some((at, ones)) =
            words.get(position).copied().filter(|_| TENS.contains(&&*word.to_lowercase()))
            && beside(text, last, at)
            && let Some(more) = latin_number(ones).filter(|it| *it < 10)
        {
            count = count.saturating_add(more);
            last = (at, ones);
            position = position.saturating_add(1);
        }
        let rest = words.get(position..).unwrap_or(&[]);
        if let Some((of, end)) = latin_of((text, last), rest) {
            all.push(Found { figure: figure(count, of), start, end });
        }
    }
    all
}

/// What the words after a number say it is of, and where they end.
fn latin_of((text, last): (&str, (usize, &str)), rest: &[(usize, &str)]) -> Option<(Of, usize)> {
    let (at, unit) = *rest.first()?;
    if !beside(text, last, at) {
        return None;
    }
    let lower = unit.to_lowercase();
    let working = matches!(lower.as_str(), "working" | "business");
    if working || matches!(lower.as_str(), "calendar" | "full") {
        let (at, next) = *rest.get(1)?;
        let of = latin_unit(&next.to_lowercase())?;
        let day = matches!(of, Of::Time(Unit::Day));
        let of = if working && day { Of::Time(Unit::WorkingDay) } else { of };
        return Some((of, at.saturating_add(next.len())));
    }
    latin_unit(&lower).map(|of| (of, at.saturating_add(unit.len())))
}

/// Whether nothing but a space, a hyphen or emphasis stands between a word and what begins at `next`.
fn beside(text: &str, (start, word): (usize, &str), next: usize) -> bool {
    let between = text.get(start.saturating_add(word.len())..next).unwrap_or("\0");
    between.chars().all(|it| it.is_whitespace() || matches!(it, '-' | '*' | '_'))
}

fn latin_number(word: &str) -> Option<u32> {
    if word.bytes().all(|it| it.is_ascii_digit() || it == b',') {
        return word.replace(',', "").parse().ok();
    }
    let lower = word.to_lowercase();
    let place = |list: &[&str]| {
        list.iter().position(|it| *it == lower).and_then(|it| u32::try_from(it).ok())
    };
    let tens = || place(&TENS).map(|it| it.saturating_add(2).saturating_mul(10));
    place(&NUMBERS).map(|it| it.saturating_add(1)).or_else(tens)
}

fn latin_unit(word: &str) -> Option<Of> {
    Some(match word {
        "hour" | "hours" => Of::Time(Unit::Hour),
        "day" | "days" => Of::Time(Unit::Day),
        "week" | "weeks" => Of::Time(Unit::Week),
        "month" | "months" => Of::Time(Unit::Month),
        "year" | "years" => Of::Time(Unit::Year),
        "minute" | "minutes" => Of::Other(Measure::Minute),
        "km" | "kilometre" | "kilometres" | "kilometer" | "kilometers" => {
            Of::Other(Measure::Kilometre)
        }
        "metre" | "metres" | "meter" | "meters" => Of::Other(Measure::Metre),
        "people" | "persons" => Of::Other(Measure::Person),
        _ => return None,
    })
}

fn han(text: &str) -> Vec<Found> {
    let mut all = Vec::new();
    let mut from = 0_usize;
    // After `12 月` a day of that month is no figure.
    let mut month_at = None;
    while let Some(rest) = text.get(from..).filter(|it| !it.is_empty()) {
        let step = rest.chars().next().map_or(1, char::len_utf8);
        let Some((count, length, digits)) = han_number(rest) else {
            from = from.saturating_add(step);
            continue;
        };
        let after = from.saturating_add(length);
        let tail = text.get(after..).unwrap_or("");
        let bare = tail.trim_start_matches([' ', '*', '_']);
        let unit_at = after.saturating_add(tail.len().saturating_sub(bare.len()));
        let ordinal = text.get(..from).is_some_and(|it| it.ends_with('第'));
        if digits && bare.starts_with('月') {
            let month = unit_at.saturating_add('月'.len_utf8());
            month_at = Some(month);
            from = month;
            continue;
        }
        let unit = HAN_UNITS.iter().find(|it| bare.starts_with(it.0));
        let date = unit.is_some_and(|it| {
            it.0 == "日" && month_at.is_some_and(|month| near(text, month, from))
        }) || unit.is_some_and(|it| it.0 == "年" && (1900..=9999).contains(&count));
        if let Some((word, of)) = unit.filter(|it| !date && !ordinal && (digits || it.0 != "人")) {
            let end = unit_at.saturating_add(word.len());
            all.push(Found { figure: figure(count, *of), start: from, end });
            from = end;
        } else {
            from = after;
        }
    }
    all
}

/// Whether only spaces stand between two places.
fn near(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|it| it.trim().is_empty())
}

/// A number at the beginning: its value, its bytes, and whether it is in digits.
fn han_number(text: &str) -> Option<(u32, usize, bool)> {
    let digits =
        text.len().saturating_sub(text.trim_start_matches(|it: char| it.is_ascii_digit()).len());
    if digits > 0 {
        let count = text.get(..digits)?.parse().unwrap_or(u32::MAX);
        return Some((count, digits, true));
    }
    let letters =
        text.chars().take_while(|it| han_digit(*it).is_some() || matches!(it, '十' | '百'));
    let word: String = letters.collect();
    (!word.is_empty()).then(|| (han_value(&word), word.len(), false))
}

fn han_digit(letter: char) -> Option<u32> {
    HAN_DIGITS.iter().find(|it| it.0 == letter).map(|it| it.1)
}

/// `三十` is 30, `十二` is 12, `一百零五` is 105.
fn han_value(word: &str) -> u32 {
    let (mut sum, mut digit) = (0_u32, None);
    for letter in word.chars() {
        let unit = match letter {
            '十' => 10,
            '百' => 100,
            _ => {
                digit = han_digit(letter);
                continue;
            }
        };
        sum = sum.saturating_add(digit.take().unwrap_or(1).saturating_mul(unit));
    }
    sum.saturating_add(digit.unwrap_or(0))
}
