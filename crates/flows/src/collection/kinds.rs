//! The kinds of event that the policy in force declares, looked up once when it comes into force.

use std::collections::BTreeSet;

use decide::{Category, Purpose, Ruleset};
use policy::{Duration, Policy};

use super::scrub::Cut;
use crate::retention_class;

/// Every declared kind.
#[derive(Debug)]
pub(crate) struct Kinds {
    /// By name, in its order.
    all: Vec<Kind>,
    /// The classes of retention that events can have.
    classes: Vec<String>,
}

/// One kind of event.
#[derive(Debug)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: String,
    /// What it is collected for.
    pub(crate) purpose: Purpose,
    /// Its fields, by name.
    pub(crate) fields: Vec<Field>,
}

/// One field of a kind.
#[derive(Debug)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// What it is.
    pub(crate) category: Category,
    /// How it is scrubbed.
    pub(super) cut: Cut,
}

impl Kinds {
    /// The kinds of a policy; what its rules do not know is not declared.
    pub(crate) fn of(policy: &Policy, rules: &Ruleset) -> Self {
        let names = rules.vocabulary();
        let field = |(name, category): (&String, &String)| {
            let category = names.category(category)?;
            Some(Field { name: name.clone(), category, cut: Cut::of(name) })
        };
        let kind = |(name, event): (&String, &policy::clause::collection::Event)| {
            let purpose = names.purpose(&event.purpose)?;
            let fields = event.fields.iter().filter_map(field).collect();
            Some(Kind { name: name.clone(), purpose, fields })
        };
        Self { all: policy.events.iter().filter_map(kind).collect(), classes: classes(policy) }
    }

    /// The place of a kind among all.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.all.binary_search_by(|it| it.name.as_str().cmp(name)).ok()
    }

    /// The kind at a place.
    pub(super) fn at(&self, place: usize) -> Option<&Kind> {
        self.all.get(place)
    }

    /// The classes of retention that events can have.
    pub(super) fn classes(&self) -> &[String] {
        &self.classes
    }
}

/// Of each field, and of an event that has none.
fn classes(policy: &Policy) -> Vec<String> {
    let categories = policy.events.values().flat_map(|it| it.fields.values());
    let keeps = categories.filter_map(|it| policy.keep.get(it)).map(|it| it.period);
    let all: BTreeSet<String> = keeps.chain([Duration::default()]).map(retention_class).collect();
    all.into_iter().collect()
}
