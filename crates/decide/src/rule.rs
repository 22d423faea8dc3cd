//! The decision: one request, one person's facts, now.
//!
//! Each noun judges in a file of its own. A rule takes categories out of what is still permitted, or
//! bars the act; what is left at the end is the answer. Silence is no, one refusal outweighs any
//! number of permissions, and the order of the rules moves the reason given, never the answer.

pub(crate) mod account;
mod cessation;
mod change;
mod collection;
pub(crate) mod consent;
mod disclosure;
pub(crate) mod minors;
mod publication;
mod purpose;
mod residence;
mod retention;
mod rights;
mod sharing;
mod transfer;

use crate::fact::Facts;
use crate::request::{Act, Request};
use crate::ruleset::Ruleset;
use crate::set::Set;
use crate::time::Timestamp;
use crate::verdict::{Cited, Parts, Permit, Reason, Refusal, Refused};
use crate::vocabulary::{Category, Clause};

/// May this be done, with these categories of this person, now?
///
/// # Errors
/// The refusal, when nothing of what was asked may be done.
#[inline]
pub fn decide(
    rules: &Ruleset,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Result<Permit, Refusal> {
    let case = Case { rules, facts, now };
    if let Act::Use { purpose } = request.act
        && let Some(clause) = purpose::whole(&case, request.categories, purpose)
    {
        let (act, categories) = (request.act, request.categories);
        return Ok(Permit {
            act,
            categories,
            refused: Parts::None,
            cited: Cited::one(clause),
            now,
        });
    }
    judged(&case, request)
}

/// The answer where somebody has to look closer. By itself, so that the short way stays short.
#[inline(never)]
fn judged(case: &Case<'_>, request: &Request) -> Result<Permit, Refusal> {
    let mut draft = Draft::new(request.categories);
    match request.act {
        Act::Collect { purpose, source } => collection::judge(case, &mut draft, purpose, source),
        Act::Use { purpose } => purpose::judge(case, &mut draft, purpose, purpose::Reach::Person),
        Act::Share { purpose, recipient, form, agreed } => {
            sharing::judge(case, &mut draft, &sharing::Asked { purpose, recipient, form, agreed });
        }
        Act::Transfer { purpose, recipient, to } => {
            transfer::judge(case, &mut draft, &transfer::Asked { purpose, recipient, to });
        }
        Act::Disclose { ground, evidenced, approvers } => {
            disclosure::judge(
                case,
                &mut draft,
                &disclosure::Asked { ground, evidenced, approvers },
            );
        }
        Act::Publish { purpose, recipient } => {
            publication::judge(case, &mut draft, purpose, recipient);
        }
        Act::Exercise { right } => rights::judge(case, &mut draft, right),
    }
    draft.finish(request, case.now)
}

/// What every rule looks at.
struct Case<'a> {
    rules: &'a Ruleset,
    facts: &'a Facts,
    now: Timestamp,
}

/// The answer as it stands so far.
struct Draft {
    left: Set<Category>,
    refused: Parts,
    cited: Cited,
    barred: bool,
}

impl Draft {
    fn new(asked: Set<Category>) -> Self {
        Self { left: asked, refused: Parts::None, cited: Cited::NONE, barred: false }
    }

    /// A clause that permits, or whose purpose is asked about.
    fn cite(&mut self, clause: Clause) {
        self.cited.add(clause);
    }

    /// Refuses those of `categories` that were still permitted.
    fn refuse(&mut self, categories: Set<Category>, reason: Reason, clause: Clause) {
        let categories = categories.and(self.left);
        if categories.is_empty() {
            return;
        }
        self.left = self.left.without(categories);
        self.refused.add(Refused { categories, reason, clause });
    }

    /// Refuses the act whatever the categories.
    fn bar(&mut self, reason: Reason, clause: Clause) {
        if self.barred {
            return;
        }
        self.barred = true;
        // Where everything is refused already, the reasons stand.
        if !self.left.is_empty() || self.refused.list().is_empty() {
            self.refused.add(Refused { categories: self.left, reason, clause });
        }
        self.left = Set::EMPTY;
    }

    fn finish(self, request: &Request, now: Timestamp) -> Result<Permit, Refusal> {
        let nothing_left = self.left.is_empty() && !request.categories.is_empty();
        if !self.barred && !nothing_left {
            return Ok(Permit {
                act: request.act,
                categories: self.left,
                refused: self.refused,
                cited: self.cited,
                now,
            });
        }
        // What refuses comes first, then the clause that was asked about.
        let mut cited = Cited::NONE;
        for clause in self.refused.list().iter().map(|it| it.clause).chain(self.cited.iter()) {
            cited.add(clause);
        }
        Err(Refusal { act: request.act, refused: self.refused, cited, now })
    }
}

#[cfg(test)]
mod tests;
