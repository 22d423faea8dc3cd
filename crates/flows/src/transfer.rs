//! Transfer: what crosses a border, and only with a consent of its own. Asking for it and taking it
//! back, sending to a recipient abroad, and handing over to a new account in another region.

mod agree;
mod carry;
mod leave;
mod lines;
mod list;
mod receipt;
mod send;
mod sending;
mod sent;
mod token;

pub use agree::{Agree, agree};
pub use carry::{Carried, Carry, carry};
pub use leave::{Sent, fetch};
pub use lines::{Line, Lines, one, sendings, waiting};
pub use list::{Datum, RecipientShown, Shown, TransferShown, list, text_hash};
pub use send::{Send, Sending, send};
pub use sending::MACHINE;
pub use token::{Token, account, token};

pub(crate) use leave::leave;
use send::bound;
pub(crate) use sending::sending;
pub(crate) use sent::sent_to;

use decide::{Act, RegionCode, Transfer};
use policy::clause::transfer::Transfer as Declared;

use crate::Stop;
use crate::book::Book;

/// A transfer that the policy declares, with what the decision knows it by.
struct Named<'a> {
    id: &'a str,
    declared: &'a Declared,
    position: Transfer,
}

impl Named<'_> {
    /// What is asked of the decision, for data that would go to a region.
    fn act(&self, book: &Book, to: RegionCode) -> Result<Act, Stop> {
        let purpose = book.purpose(&self.declared.purpose)?;
        let none = || Stop::Broken("a transfer without a recipient".to_owned());
        let names = book.rules().vocabulary();
        let recipient = names.recipient(&self.declared.recipient).ok_or_else(none)?;
        let (_, to) = book.region(to.as_str())?;
        Ok(Act::Transfer { purpose, recipient, to })
    }
}

/// The transfer with this id.
fn named<'a>(book: &'a Book, id: &'a str) -> Result<Named<'a>, Stop> {
    let declared = book.policy().transfers.get(id).ok_or(Stop::NotFound)?;
    let position = book.rules().vocabulary().transfer(id).ok_or(Stop::NotFound)?;
    Ok(Named { id, declared, position })
}
