//! Which promises of a policy are kept by a running program.
//!
//! What is kept is told by the program's flows, never by the policy.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::clause::collection::SourceKind;
use crate::kind::Kind;
use crate::policy::Policy;

/// Clauses by what keeps them; ids in the order of the page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Every declaration of these is acted on.
    pub enforced: Vec<String>,
    /// These declare nothing, and say why.
    pub stated: Vec<(String, String)>,
    /// Some declaration of these is not acted on yet: the clause and those declarations.
    pub waiting: Vec<(String, Vec<String>)>,
}

/// Compares what a policy declares with what flows act on.
///
/// `enforced` holds words of tables (`share`) or of nouns (`sharing`), which stand for all of theirs.
/// What a table says of a partner or of a place is acted on only where its own word
/// (`source.partner`, `category.location`) stands there as well.
pub fn coverage(policy: &Policy, enforced: &BTreeSet<&str>) -> Coverage {
    let mut all = Coverage::default();
    for clause in &policy.clauses {
        let id = clause.id.clone();
        if clause.declares.is_empty() {
            // A heading without prose promises nothing.
            if let Some(why) = &clause.stated {
                all.stated.push((id, why.clone()));
            }
            continue;
        }
        let acts = |kind: Kind, id: &str| {
            let table = enforced.contains(kind.word()) || enforced.contains(kind.noun());
            table && own_word(policy, kind, id).is_none_or(|it| enforced.contains(it))
        };
        let waiting = clause.declares.iter().filter(|it| !acts(it.0, &it.1));
        let waiting: Vec<String> = waiting.map(|(kind, id)| crate::read::path(*kind, id)).collect();
        if waiting.is_empty() {
            all.enforced.push(id);
        } else {
            all.waiting.push((id, waiting));
        }
    }
    all
}

/// The word of a declaration that takes more than its table does: a way in for a partner, a
/// position that is rounded.
fn own_word(policy: &Policy, kind: Kind, id: &str) -> Option<&'static str> {
    let partner = policy.sources.get(id).is_some_and(|it| it.kind == SourceKind::Partner);
    let place = policy.categories.get(id).is_some_and(|it| it.precision.is_some());
    if kind == Kind::Source && partner {
        Some("source.partner")
    } else if kind == Kind::Category && place {
        Some("category.location")
    } else {
        None
    }
}

impl Coverage {
    /// A text for a terminal.
    pub fn render(&self) -> String {
        let mut text = String::new();
        let mut line = |it: std::fmt::Arguments<'_>| {
            // Writing to a string does not fail.
            let _infallible: std::fmt::Result = text.write_fmt(it);
        };
        let counts = (self.enforced.len(), self.stated.len(), self.waiting.len());
        line(format_args!(
            "promises: {} enforced, {} stated, {} not yet enforced\n",
            counts.0, counts.1, counts.2
        ));
        for id in &self.enforced {
            line(format_args!("  enforced          {id}\n"));
        }
        for (id, why) in &self.stated {
            line(format_args!("  stated            {id}: {why}\n"));
        }
        for (id, what) in &self.waiting {
            line(format_args!("  not yet enforced  {id}: `{}`\n", what.join("`, `")));
        }
        text
    }
}

#[cfg(test)]
mod tests;
