//! Under which act somebody proves who they are.

use decide::{Account, Act, PersonId, Right, Set};

use super::named;
use crate::book::Book;
use crate::{Flows, Stop};

/// By what it is proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The password.
    Password,
    /// A code, which lies where the secret of the link lies by which a closing is taken back.
    Code,
}

/// Knowing that it is you is a use like any other. Whose data may not be used, because they
/// restricted that or are leaving, still comes in: to exercise a right, of which nobody can be kept.
pub(crate) async fn act(
    flows: &Flows,
    book: &Book,
    (person, by): (PersonId, By),
) -> Result<Act, Stop> {
    let right = Act::Exercise { right: Right::Access };
    let account = flows.journal().begin(person, Set::EMPTY).await?.facts().account;
    match account {
        Account::Restricted => Ok(right),
        Account::Closing if by == By::Password => Ok(right),
        Account::Visitor
        | Account::Unverified
        | Account::AwaitingGuardian
        | Account::Active
        | Account::Closing
        | Account::Closed => Ok(Act::Use { purpose: book.purpose(named::AUTHENTICATE)? }),
    }
}
