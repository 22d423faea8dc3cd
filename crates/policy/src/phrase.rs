//! What prose may interpolate, and the words for it in each language.

pub(crate) mod figures;
pub(crate) mod holes;
mod paths;
mod reason;
pub(crate) mod state;
mod words;

use decide::spec::Basis;
use jiff::civil::Date;

use crate::clause::retention::Anonymise;
use crate::duration::{Anchor, Duration};
use crate::localized::Localized;
use crate::policy::Policy;

pub(crate) use paths::values;
pub use reason::{reason, remedy};

/// Something that prose may interpolate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text, the same in every language.
    Plain(String),
    /// A title or a text.
    Text(Localized),
    /// A number.
    Number(u32),
    /// A day.
    Date(Date),
    /// A duration.
    Duration(Duration),
    /// From when and how long something is kept.
    Keep(Anchor, Duration),
    /// What becomes of it then.
    Then(Option<Anonymise>),
    /// Why something may be done.
    Basis(Basis),
    /// Titles, which become part of a sentence.
    List(Vec<Localized>),
    /// Names, which stay as they are.
    Names(Vec<Localized>),
    /// Metres.
    Distance(u32),
    /// How long something lives in a browser.
    Lifetime(Option<Duration>),
}

/// The words for a value in a language. Chinese has its own; every other language gets English ones.
pub fn render(value: &Value, language: &str) -> String {
    let zh = language.starts_with("zh");
    match value {
        Value::Plain(it) => it.clone(),
        Value::Text(it) => it.in_language(language).to_owned(),
        Value::Number(it) => it.to_string(),
        Value::Date(it) => words::date(*it, zh),
        Value::Duration(it) => words::duration(*it, zh),
        Value::Keep(after, period) => words::keep((*after, *period), zh),
        Value::Then(how) => words::then(*how, zh),
        Value::Basis(it) => words::basis(*it, zh).to_owned(),
        Value::List(it) => {
            let titles = it.iter().map(|it| it.in_language(language));
            words::list(titles.map(|it| if zh { it.to_owned() } else { words::lowered(it) }), zh)
        }
        Value::Names(it) => {
            words::list(it.iter().map(|it| it.in_language(language).to_owned()), zh)
        }
        Value::Distance(it) => words::distance(*it, zh),
        Value::Lifetime(it) => match it {
            Some(it) => words::duration(*it, zh),
            None if zh => "至您关闭浏览器".to_owned(),
            None => "until you close the browser".to_owned(),
        },
    }
}

/// A duration in words: `30 days`, `30 天`.
pub fn duration(period: Duration, language: &str) -> String {
    words::duration(period, language.starts_with("zh"))
}

/// A day in words: `22 November 2026`, `2026 年 11 月 22 日`.
pub fn date(day: Date, language: &str) -> String {
    words::date(day, language.starts_with("zh"))
}

/// Why something may be done, as a half-sentence that follows `because`.
pub fn basis(basis: Basis, language: &str) -> &'static str {
    words::basis(basis, language.starts_with("zh"))
}

/// From when and how long something is kept: `for 30 days after you close your account`.
pub fn keep(after: Anchor, period: Duration, language: &str) -> String {
    words::keep((after, period), language.starts_with("zh"))
}

impl Policy {
    /// What a path such as `keep.email` becomes in a language.
    pub fn phrase(&self, path: &str, language: &str) -> Option<String> {
        self.values.get(path).map(|it| render(it, language))
    }

    /// A text with its interpolations filled in; `escape` is applied to what is filled in.
    pub(crate) fn fill(&self, text: &str, language: &str, escape: fn(&str) -> String) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut from = 0;
        for hole in holes::holes(text) {
            filled.push_str(text.get(from..hole.start).unwrap_or(""));
            let phrase = hole.path.and_then(|it| self.phrase(it, language));
            filled.push_str(&phrase.map(|it| escape(&it)).unwrap_or_default());
            // `Example Co., Ltd.` ends a sentence with its own full stop.
            let twice =
                filled.ends_with('.') && text.get(hole.end..).is_some_and(|it| it.starts_with('.'));
            from = hole.end.saturating_add(usize::from(twice));
        }
        filled.push_str(text.get(from..).unwrap_or(""));
        filled
    }

    /// The title of a clause in a language, interpolations filled in.
    pub fn clause_title(&self, id: &str, language: &str) -> Option<String> {
        self.clause(id).map(|it| self.fill(it.title.in_language(language), language, str::to_owned))
    }
}

#[cfg(test)]
mod tests;
