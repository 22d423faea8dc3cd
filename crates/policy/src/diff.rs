//! What a new version changes in what is permitted, found by comparing rules and not text.
//!
//! *Widening* permits us more or promises people less; *narrowing* is the reverse.

mod plain;
mod sense;
mod whom;

pub use plain::plainly;
pub use whom::Whom;

use std::collections::{BTreeMap, BTreeSet};

use decide::spec::{Basis, ShareConsent};

use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::path;
use crate::word::words;

words!(
    /// What a change does.
    Class {
        /// Permits us more, or promises people less.
        Widening = "widening",
        /// Permits us less, or promises people more.
        Narrowing = "narrowing",
        /// Changes a rule and neither of both.
        Neutral = "neutral",
        /// Changes words alone.
        Editorial = "editorial",
    }
);
words!(
    /// Who must be told or asked.
    Then {
        /// Everybody is told at the next visit, as of every version.
        Announce = "announce",
        /// Those whom it affects are written to before it takes effect.
        Tell = "tell",
        /// Those whom it affects are written to, and asked anew.
        Ask = "ask",
    }
);

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it does.
    pub class: Class,
    /// The clause, of the new version where it is still there.
    pub clause: String,
    /// The rule: `purpose.advertise.uses`; of words alone, the clause.
    pub rule: String,
    /// What changed, in a sentence.
    pub what: String,
    /// Who must be told or asked.
    pub then: Then,
    /// Whom it affects, where it widens.
    pub whom: Whom,
    /// What declares the rule; nothing for a change of words alone.
    pub declared: Option<(Kind, String)>,
    /// What the rule said, and what it says.
    pub values: (String, String),
}

/// Each change from `old` to `new`: widenings first, then by clause.
pub fn diff(old: &Policy, new: &Policy) -> Vec<Change> {
    let mut all = Vec::new();
    let (before, after) = (declarations(old), declarations(new));
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    for path in paths {
        match (before.get(path), after.get(path)) {
            (Some(before), Some(after)) => fields(before, after, ((old, new), &mut all)),
            (None, Some(it)) => {
                all.push(whole(it, ((old, new), sense::arrival(it.kind)), "is new"));
            }
            (Some(it), None) => {
                let class = sense::reverse(sense::arrival(it.kind));
                all.push(whole(it, ((old, new), class), "is gone"));
            }
            (None, None) => {}
        }
    }
    all.extend(editorial(old, new));
    all.sort_by(|a, b| (a.class, &a.clause, &a.rule).cmp(&(b.class, &b.clause, &b.rule)));
    all
}

/// A text for a terminal: one line a change.
pub fn render(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "nothing differs\n".to_owned();
    }
    let line = |it: &Change| {
        format!("{:<9}  {:<8}  {}: {}\n", it.class.word(), it.then.word(), it.clause, it.what)
    };
    changes.iter().map(line).collect()
}

/// One declaration with its rules.
struct Declared<'p> {
    kind: Kind,
    id: String,
    path: String,
    clause: String,
    fields: BTreeMap<&'p str, &'p str>,
}

/// Every declaration of a policy with its rules, by path.
fn declarations(policy: &Policy) -> BTreeMap<String, Declared<'_>> {
    let mut all: BTreeMap<String, Declared<'_>> = BTreeMap::new();
    let own =
        policy.clauses.iter().flat_map(|it| &it.declares).map(|(kind, id)| (*kind, id.clone()));
    let keeps = policy.keep.keys().map(|id| (Kind::Keep, id.clone()));
    for (kind, id) in own.chain(keeps) {
        let path = path(kind, &id);
        let clause = policy.rules.get(&format!("{path}.clause")).cloned().unwrap_or_default();
        all.insert(path.clone(), Declared { kind, id, path, clause, fields: BTreeMap::new() });
    }
    for (rule, value) in &policy.rules {
        // The longest path wins: an event's id may hold a point.
        let mut ends: Vec<usize> = rule.match_indices('.').map(|it| it.0).collect();
        ends.reverse();
        let home =
            ends.into_iter().find(|end| rule.get(..*end).is_some_and(|it| all.contains_key(it)));
        let Some(end) = home else { continue };
        let field = rule.get(end.saturating_add(1)..).unwrap_or("");
        if let Some(declared) = rule.get(..end).and_then(|it| all.get_mut(it)) {
            declared.fields.insert(field, value);
        }
    }
    all
}

fn whole(it: &Declared<'_>, (both, class): (Versions<'_>, Class), what: &str) -> Change {
    let then = then(class, (it.kind, &it.id), both.1);
    let what = format!("`{}` {what}", it.path);
    let whom = whom::whom(class, (it.kind, &it.id, ""), both);
    let declared = Some((it.kind, it.id.clone()));
    let (clause, rule) = (it.clause.clone(), it.path.clone());
    Change { class, clause, rule, what, then, whom, declared, values: Default::default() }
}

/// The version before, and the one that follows it.
type Versions<'p> = (&'p Policy, &'p Policy);

/// The fields of a declaration that both versions have.
fn fields(
    before: &Declared<'_>,
    after: &Declared<'_>,
    (both, all): (Versions<'_>, &mut Vec<Change>),
) {
    let names: BTreeSet<&&str> = before.fields.keys().chain(after.fields.keys()).collect();
    for name in names {
        let (old_value, new_value) = (value(before, name), value(after, name));
        if old_value == new_value {
            continue;
        }
        let class = sense::class(after.kind, name, (old_value, new_value));
        let what = sense::sentence(&after.path, name, (old_value, new_value));
        all.push(Change {
            class,
            clause: after.clause.clone(),
            rule: format!("{}.{name}", after.path),
            what,
            then: then(class, (after.kind, &after.id), both.1),
            whom: whom::whom(class, (after.kind, &after.id, name), both),
            declared: Some((after.kind, after.id.clone())),
            values: (old_value.unwrap_or("").to_owned(), new_value.unwrap_or("").to_owned()),
        });
    }
}

/// The value of a field; what a region leaves out is as in general.
fn value<'p>(it: &Declared<'p>, name: &str) -> Option<&'p str> {
    let general = || {
        let rest = name.strip_prefix("regions.")?.split_once('.')?.1;
        it.fields.get(rest).copied()
    };
    it.fields.get(name).copied().or_else(general)
}

/// Who must be told or asked about a change of a declaration.
fn then(class: Class, (kind, id): (Kind, &str), new: &Policy) -> Then {
    let consent =
        |purpose: &str| new.purposes.get(purpose).is_some_and(|it| it.rests_on(Basis::Consent));
    let asked = match kind {
        Kind::Purpose => consent(id),
        Kind::Share => new
            .shares
            .get(id)
            .is_some_and(|it| it.consent == ShareConsent::Separate || consent(&it.purpose)),
        Kind::Transfer => true,
        Kind::Category => {
            new.purposes.values().any(|it| it.uses.contains(id) && it.rests_on(Basis::Consent))
        }
        Kind::Event => new.events.get(id).is_some_and(|it| consent(&it.purpose)),
        Kind::Cookie => new.cookies.get(id).is_some_and(|it| consent(&it.purpose)),
        Kind::Keep
        | Kind::Retention
        | Kind::Source
        | Kind::Registration
        | Kind::Account
        | Kind::Logs
        | Kind::Banner
        | Kind::Acceptance
        | Kind::Minors
        | Kind::Region
        | Kind::Residence
        | Kind::Storage
        | Kind::Security
        | Kind::Backup
        | Kind::Incident
        | Kind::Recipient
        | Kind::Agreement
        | Kind::Silence
        | Kind::Disclosure
        | Kind::Publication
        | Kind::Succession
        | Kind::Right
        | Kind::Complaints
        | Kind::Messages
        | Kind::Notice
        | Kind::Contact
        | Kind::Change
        | Kind::Product
        | Kind::Cessation => false,
    };
    match class {
        Class::Widening if asked => Then::Ask,
        Class::Widening => Then::Tell,
        Class::Narrowing | Class::Neutral | Class::Editorial => Then::Announce,
    }
}

/// Clauses whose words differ, in any language.
fn editorial(old: &Policy, new: &Policy) -> Vec<Change> {
    let mut all = Vec::new();
    let mut add = |clause: &str, what: &str| {
        let (clause, what) = (clause.to_owned(), what.to_owned());
        all.push(Change {
            class: Class::Editorial,
            rule: clause.clone(),
            clause,
            what,
            then: Then::Announce,
            whom: Whom::Nobody,
            declared: None,
            values: Default::default(),
        });
    };
    for clause in &new.clauses {
        match old.clause(&clause.id) {
            None => add(&clause.id, "the clause is new"),
            Some(it) if it.title != clause.title && it.prose != clause.prose => {
                add(&clause.id, "its title and its words changed");
            }
            Some(it) if it.title != clause.title => add(&clause.id, "its title changed"),
            Some(it) if it.prose != clause.prose => add(&clause.id, "its words changed"),
            Some(_) => {}
        }
    }
    for clause in old.clauses.iter().filter(|it| new.clause(&it.id).is_none()) {
        add(&clause.id, "the clause is gone");
    }
    all
}

#[cfg(test)]
mod tests;
