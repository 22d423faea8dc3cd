//! Who asks for something on behalf of a person.

use journal::{Asker, AskerKind};

use super::Caller;

/// The word of a form in which somebody gave an address.
pub(crate) const BY_ADDRESS: &str = "by-address";

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A member of staff, by id.
    Staff(&'a str),
    /// An application, by its key.
    App(&'a Caller),
    /// Somebody with a form, who says that an address is theirs: nobody knows that yet.
    Address,
}

impl By<'_> {
    /// Who it is, on the record.
    pub(crate) fn asker(self) -> Asker {
        match self {
            Self::Staff(id) => Asker::new(AskerKind::Staff, id),
            Self::App(caller) => caller.asker(),
            Self::Address => Asker::new(AskerKind::System, BY_ADDRESS),
        }
    }

    /// The id of the member of staff, or of the key; the word of the form.
    pub fn id(&self) -> &str {
        match self {
            Self::Staff(id) => id,
            Self::App(caller) => caller.id(),
            Self::Address => BY_ADDRESS,
        }
    }
}
