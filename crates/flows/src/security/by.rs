//! Who asks for something on behalf of a person.

use journal::{Asker, AskerKind};

use super::Caller;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// A member of staff, by id.
    Staff(&'a str),
    /// An application, by its key.
    App(&'a Caller),
}

impl By<'_> {
    /// Who it is, on the record.
    pub(crate) fn asker(self) -> Asker {
        match self {
            Self::Staff(id) => Asker::new(AskerKind::Staff, id),
            Self::App(caller) => caller.asker(),
        }
    }

    /// The id of the member of staff, or of the key.
    pub fn id(&self) -> &str {
        match self {
            Self::Staff(id) => id,
            Self::App(caller) => caller.id(),
        }
    }
}
