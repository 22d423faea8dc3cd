//! Who exercises a person's rights: the person, or the guardian of a child. The verbs are the same for
//! both; the record says who it was.

use decide::PersonId;
use decide::id::GuardianId;
use journal::{Asker, AskerKind};

/// Somebody who acts about a person's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Acting {
    person: PersonId,
    guardian: Option<GuardianId>,
}

impl Acting {
    /// The guardian of a child. Only who looked at the guardian's session makes one.
    pub(crate) const fn guardian(child: PersonId, guardian: GuardianId) -> Self {
        Self { person: child, guardian: Some(guardian) }
    }

    /// Whose data it is about.
    pub const fn person(self) -> PersonId {
        self.person
    }

    /// Whether a guardian acts, and no child by itself.
    pub const fn is_guardian(self) -> bool {
        self.guardian.is_some()
    }

    /// As records name it.
    pub(crate) fn asker(self) -> Asker {
        match self.guardian {
            None => Asker::new(AskerKind::Person, "self"),
            Some(id) => Asker::new(AskerKind::Guardian, id.to_string()),
        }
    }
}

impl From<PersonId> for Acting {
    fn from(person: PersonId) -> Self {
        Self { person, guardian: None }
    }
}
