//! Policies, people and requests, drawn by dice: the same throws give the same world everywhere.
//!
//! A world is small (a handful of purposes and categories) so that its parts meet, and most of what
//! is asked is near what is declared, so that permits and each kind of refusal are common.

use decide::spec::Spec;
use decide::{Facts, Request, Ruleset, Timestamp, Vocabulary};

mod dice;
mod people;
mod policy;
mod requests;

pub use dice::Dice;
pub use policy::narrowed;

/// One policy, one person, one question.
#[derive(Debug, Clone)]
pub struct World {
    /// The declared rules.
    pub spec: Spec,
    /// The names of the installation, some of which this policy does not declare any more.
    pub names: Vocabulary,
    /// What is known of the person.
    pub facts: Facts,
    /// What is asked.
    pub request: Request,
    /// When.
    pub now: Timestamp,
}

impl World {
    /// A world as the dice fall.
    pub fn new(dice: &mut Dice) -> Self {
        let spec = policy::policy(dice);
        let names = policy::names(dice, &spec);
        let facts = people::person(dice, &spec, &names);
        let request = requests::request(dice, &spec, &names, facts.region);
        Self { spec, names, facts, request, now: people::NOW }
    }

    /// Another person and another question under the same policy.
    pub fn ask(&mut self, dice: &mut Dice) {
        self.facts = people::person(dice, &self.spec, &self.names);
        self.request = requests::request(dice, &self.spec, &self.names, self.facts.region);
    }

    /// The rules, compiled. `None` would be a fault of the compiler: every name is declared.
    pub fn rules(&self) -> Option<Ruleset> {
        Ruleset::new(&self.spec, &self.names).ok()
    }
}
