//! What the oracle knows of a person: facts, values and clocks, kept by its own simple rules.

use std::collections::BTreeMap;

use decide::id::{HoldId, RequestId};
use decide::{Dues, Facts, PersonId, Timestamp, Vocabulary};
use flows::Secret;

use crate::young::Young;

/// Somebody, as the oracle remembers them.
pub(crate) struct Known {
    pub(crate) id: PersonId,
    pub(crate) facts: Facts,
    /// What was said last of each category, and when it goes.
    pub(crate) values: BTreeMap<String, (String, Option<Timestamp>)>,
    pub(crate) email: String,
    pub(crate) registered: Timestamp,
    pub(crate) session: Option<Secret>,
    /// Until when the account is kept without a proof of the address, or without a guardian.
    pub(crate) unproved: Option<Timestamp>,
    /// Age and guardian, of whoever is or was below age.
    pub(crate) young: Young,
    /// The account in another region that has their values since they moved.
    pub(crate) moved: bool,
    pub(crate) closing: Option<Closing>,
    /// What lies under a legal hold.
    pub(crate) held: Option<Held>,
    /// When they last said yes to the purpose that the second version widens.
    pub(crate) improve: Option<Timestamp>,
    /// When everything went.
    pub(crate) erased: Option<Timestamp>,
}

/// A hold that stands.
pub(crate) struct Held {
    pub(crate) id: HoldId,
    pub(crate) category: String,
    pub(crate) until: Timestamp,
}

/// A closing that is under way.
pub(crate) struct Closing {
    pub(crate) request: RequestId,
    pub(crate) due: Timestamp,
    pub(crate) before: decide::Account,
}

impl Known {
    /// The facts with the clocks of the values.
    pub(crate) fn facts(&self, names: &Vocabulary) -> Facts {
        let due = |(id, (_, due)): (&String, &(String, Option<Timestamp>))| {
            Some((names.category(id)?, (*due)?))
        };
        let held = self.held.iter().filter_map(|it| names.category(&it.category)).collect();
        let dues = Dues::new(self.values.iter().filter_map(due).collect()).holding(held);
        Facts { dues, ..self.facts.clone() }
    }

    /// A value that came in.
    pub(crate) fn tell(&mut self, category: &str, value: &str, due: Option<Timestamp>) {
        self.values.insert(category.to_owned(), (value.to_owned(), due));
    }

    /// The sweeper came by: what is due is gone.
    pub(crate) fn swept(&mut self, now: Timestamp) {
        self.values.retain(|_, (_, due)| due.is_none_or(|it| it > now));
    }
}
