//! Values that wait to be proved: held, shown, and used for nothing else.

use journal::{Permit, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use crate::account::{named, open_waiting};
use crate::book::Book;
use crate::{Flows, Stop, when};

/// A value that waits until a code comes back that was sent there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Waiting {
    /// The category.
    pub category: String,
    /// The value.
    pub value: String,
    /// Until when it waits; then it goes.
    pub until: String,
}

/// What waits of a person, under a permit for its category.
pub(super) async fn waiting(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
) -> Result<Vec<Waiting>, Stop> {
    let Ok(category) = book.category(named::EMAIL) else { return Ok(Vec::new()) };
    let Some(row) = tx.unproved(category).await? else { return Ok(Vec::new()) };
    let value = open_waiting(flows, tx, &row)?.as_str().to_owned();
    let (category, until) = (named::EMAIL.to_owned(), when(row.code.expires));
    Ok(vec![Waiting { category, value, until }])
}
