//! Anonymising in place of deleting: what becomes of a value, so that nothing leads back to a person.

use crate::clause::account::Ending;
use crate::clause::collection::{Category, Format};
use crate::diagnostic::At;
use crate::limit::NUMBER_MAX;
use crate::read::{Fields, Figure, Measure, Reading};
use crate::word::words;

words!(
    /// How a value is anonymised.
    Operation {
        /// Nothing of it is left, not even that there was one.
        Drop = "drop",
        /// It is counted that there was one; of the value nothing is left.
        Aggregate = "aggregate",
        /// It is counted under a coarser one.
        Generalise = "generalise",
    }
);

words!(
    /// To what a value is coarsened.
    Coarse {
        /// Of a day: its decade.
        Decade = "decade",
        /// Of a day: its year.
        Year = "year",
        /// Of a phone number: its country.
        Country = "country",
        /// The value itself, where it tells nobody apart: a language.
        Value = "value",
    }
);

/// The smallest group that may be read.
const GROUP_MIN: u32 = 5;

/// How a value is anonymised when its time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anonymise {
    /// The operation.
    pub by: Operation,
    /// To what it is coarsened, where it is generalised.
    pub to: Option<Coarse>,
    /// The smallest group that may be read; nothing is read of what is dropped.
    pub min_group: u32,
}

/// Reads `then`, `by`, `to` and `min_group`.
pub(super) fn read(fields: &mut Fields<'_>) -> Option<Anonymise> {
    let then: Option<Ending> = fields.word("then");
    if then != Some(Ending::Anonymise) {
        for name in ["by", "to", "min_group"] {
            if let Some((_, at)) = fields.take(name) {
                let message = format!("`{name}` says how something is anonymised that is deleted");
                let fault = fields.reading.faults.error("anonymise-deleted", at, message);
                fault.help("add `then = \"anonymise\"`, or leave it out");
            }
        }
        return None;
    }
    let by: Option<Operation> = fields.need_word("by");
    let to = match by {
        Some(Operation::Generalise) => fields.need_word::<Coarse>("to"),
        Some(Operation::Drop | Operation::Aggregate) | None => {
            if let Some((_, at)) = fields.take("to") {
                let message = "`to` is for what is generalised".to_owned();
                let fault = fields.reading.faults.error("anonymise-to", at, message);
                fault.help("leave it out, or write `by = \"generalise\"`");
            }
            None
        }
    };
    let min_group = fields.number("min_group", GROUP_MIN, NUMBER_MAX);
    if let Some(count) = min_group {
        fields.figure(Figure::Other(count, Measure::Person));
    }
    if min_group.is_none() && !fields.has("min_group") && by != Some(Operation::Drop) {
        fields.missing("min_group", "20");
    }
    by.map(|by| Anonymise { by, to, min_group: min_group.unwrap_or(GROUP_MIN) })
}

/// A value is coarsened to what it has, and log information is counted anyway.
pub(super) fn check(
    reading: &mut Reading,
    at: At,
    (id, category, how): (&str, &Category, &Anonymise),
) {
    if category.events {
        let message = format!("log information `{id}` cannot be anonymised");
        let fault = reading.faults.error("anonymise-events", at, message);
        fault.label("it goes by the day, and statistics are counted when it comes in");
        fault.help("leave out `then`");
        return;
    }
    let fits = match how.to {
        None => true,
        Some(Coarse::Decade | Coarse::Year) => category.format == Format::Date,
        Some(Coarse::Country) => category.format == Format::Phone,
        Some(Coarse::Value) => !category.identifying && !category.sensitive,
    };
    if let Some(to) = how.to.filter(|_| !fits) {
        let message = format!("`{id}` cannot be generalised to its {}", to.word());
        let fault = reading.faults.error("anonymise-to", at, message);
        match to {
            Coarse::Decade | Coarse::Year => fault.label("it is no day"),
            Coarse::Country => fault.label("it is no phone number"),
            Coarse::Value => fault.label("the value itself tells people apart"),
        };
        fault.help("write `by = \"aggregate\"` without `to`, or delete it");
    }
}
