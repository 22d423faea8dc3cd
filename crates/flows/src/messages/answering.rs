//! Under which act somebody who wrote is helped.

use decide::{Account, Act, Category, PersonId, Right, Set};

use crate::account::named;
use crate::book::Book;
use crate::{Flows, Stop};

/// The purpose under which messages are taken in, read and answered.
pub(crate) const SUPPORT: &str = "support";
/// What people write to us.
pub(crate) const MESSAGES: &str = "support-messages";

/// Helping is a use like any other. Whose data may not be used, because they restricted that or are
/// leaving, is answered all the same: a complaint is a right, of which nobody can be kept.
pub(crate) async fn answering(flows: &Flows, book: &Book, person: PersonId) -> Result<Act, Stop> {
    let account = flows.journal().begin(person, Set::EMPTY).await?.facts().account;
    match account {
        Account::Restricted | Account::Closing => Ok(Act::Exercise { right: Right::Access }),
        Account::Visitor
        | Account::Unverified
        | Account::AwaitingGuardian
        | Account::Active
        | Account::Closed => Ok(Act::Use { purpose: book.purpose(SUPPORT)? }),
    }
}

/// What is needed to answer: where to, in which language.
pub(super) fn reach(book: &Book) -> Set<Category> {
    crate::account::reach(book)
}

/// The same, with what was written.
pub(super) fn texts(book: &Book) -> Set<Category> {
    let messages = book.category(MESSAGES).map_or(Set::EMPTY, Set::of);
    reach(book).union(messages)
}

/// What whoever answers may see: all that the purpose uses; where a right stands for it, only what
/// an answer needs.
pub(super) fn seen(book: &Book, act: &Act) -> Set<Category> {
    match act {
        Act::Use { purpose } => book.rules().uses(*purpose),
        Act::Collect { .. }
        | Act::Share { .. }
        | Act::Transfer { .. }
        | Act::Disclose { .. }
        | Act::Publish { .. }
        | Act::Exercise { .. } => texts(book),
    }
}

/// The category of an address.
pub(super) fn email(book: &Book) -> Result<Category, Stop> {
    book.category(named::EMAIL)
}
