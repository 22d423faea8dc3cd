//! Using data for a purpose: asking whether one may, asking and getting, finding by a value.

mod ask;
mod find;
mod use_values;

pub use ask::{Ask, Verdict, ask};
pub use find::{Find, Found, find};
pub use use_values::{Use, Used, use_many, use_values};

use decide::Purpose;

use crate::Stop;
use crate::book::Book;
use crate::security::Caller;

/// The purpose, where the key may name it.
pub(crate) fn named(book: &Book, caller: &Caller, id: &str) -> Result<Purpose, Stop> {
    let purpose = book.purpose(id)?;
    if caller.may_name(purpose) { Ok(purpose) } else { Err(Stop::NotBound(id.to_owned())) }
}
