//! A transaction over one person: read, judged, staged, recorded. Each step changes its type.

use std::sync::Arc;

use decide::id::{CaseId, RecordId};
use decide::{
    Category, Facts, Permit, PersonId, Refusal, Request, Ruleset, Set, Signals, Timestamp,
};
use zeroize::Zeroize;

use self::core::Core;

use crate::asker::Asker;
use crate::decided::refusing;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::owed::{Asked, Part, Pending, Recorded, RefusalSeen, Verdict};
use crate::people::{Snapshot, ValueRow};
use crate::scratch::{ASKED_PERMITTED, ASKED_REFUSED, REFUSED_NOBODY};
use crate::sealed::{Sealed, WrappedKey};
use crate::write::Write;

mod core;
mod own;

/// Read and not judged yet.
#[derive(Debug)]
pub struct Read(());

/// How far a transaction has come: [`Read`], [`Permit`] or [`Refusal`], and nothing else.
pub trait Step: closed::Closed {
    /// What the transaction holds by then.
    #[doc(hidden)]
    type Held;
}

mod closed {
    pub trait Closed {}
    impl Closed for super::Read {}
    impl Closed for super::Permit {}
    impl Closed for super::Refusal {}
}

impl Step for Read {
    type Held = ();
}
impl Step for Permit {
    type Held = Judged<Self>;
}
impl Step for Refusal {
    type Held = Judged<Self>;
}

/// An answer, the rules that gave it, and who asked.
#[doc(hidden)]
#[derive(Debug)]
pub struct Judged<A> {
    answer: A,
    /// What else the same outcome does, each under a permit of its own.
    also: Vec<Permit>,
    rules: Arc<Ruleset>,
    asker: Asker,
}

impl Judged<Permit> {
    /// Counts it under the clauses that it rests on, and those that refuse a part of it.
    fn count(&self, journal: &Journal) {
        for it in std::iter::once(&self.answer).chain(&self.also) {
            let clauses = (it.clauses(), refusing(it.refused()));
            journal.scratch().decided(&self.rules, clauses, it.now());
        }
    }
}

impl Judged<Refusal> {
    /// Counts it under the clauses that refuse it, and the one that was asked about.
    fn count(&self, journal: &Journal) {
        let clauses = (std::iter::empty(), self.answer.clauses());
        journal.scratch().decided(&self.rules, clauses, self.answer.now());
    }
}

/// A transaction over one person. Its type says how far it has come: [`Read`], then
/// [`Permit`] or [`Refusal`]; recording ends it.
#[must_use = "a transaction that nobody records leaves no mark"]
pub struct Tx<S: Step> {
    core: Box<Core>,
    held: S::Held,
}

impl<S: Step> std::fmt::Debug for Tx<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tx({}, ‹sealed›)", self.core.person)
    }
}

impl<S: Step> Tx<S> {
    /// Whose data it is about.
    pub fn person(&self) -> PersonId {
        self.core.person
    }

    /// What the decision looks at.
    pub fn facts(&self) -> &Facts {
        &self.core.facts
    }

    /// What is known of the person's values without opening them: all of them, whatever was wanted.
    pub fn values(&self) -> &[ValueRow] {
        self.core.snapshot.as_deref().map_or(&[], |it| it.values.as_slice())
    }
}

impl Tx<Read> {
    pub(crate) fn fresh(journal: Journal, person: PersonId, facts: Facts) -> Self {
        Self { core: Box::new(Core::fresh(journal, person, facts)), held: () }
    }

    pub(crate) fn known(journal: Journal, person: PersonId, snapshot: Arc<Snapshot>) -> Self {
        Self { core: Box::new(Core::known(journal, person, snapshot)), held: () }
    }

    /// With these sealed values, where a permit names them.
    pub(crate) fn wanting(mut self, wanted: Set<Category>) -> Self {
        self.core.wanted = wanted;
        self
    }

    /// The person's version; 0 for who is not there yet.
    pub fn version(&self) -> u64 {
        self.core.version.unwrap_or(0)
    }

    /// With what the browser signals in this request.
    pub fn with_signals(mut self, signals: Signals) -> Self {
        self.core.facts.signals = signals;
        self
    }

    /// Decides, with this person's facts, and becomes what the answer is.
    ///
    /// # Errors
    /// The transaction of a refusal, when nothing of what was asked may be done.
    pub fn judge(
        self,
        rules: &Arc<Ruleset>,
        request: Request,
        asker: Asker,
        now: Timestamp,
    ) -> Result<Tx<Permit>, Tx<Refusal>> {
        let answer = decide::decide(rules, &self.core.facts, &request, now);
        let (core, rules) = (self.core, Arc::clone(rules));
        match answer {
            Ok(answer) => Ok(Tx { core, held: Judged { answer, also: Vec::new(), rules, asker } }),
            Err(answer) => {
                Err(Tx { core, held: Judged { answer, also: Vec::new(), rules, asker } })
            }
        }
    }
}

impl Tx<Permit> {
    /// Has the same outcome judged for a further request: by the same rules, for the same asker, at
    /// the same instant. One record names what each permit allows.
    ///
    /// # Errors
    /// The transaction of a refusal, when nothing of the further request may be done: then nothing
    /// of the others is either, and what was staged is dropped.
    pub fn judge_also(self, request: Request) -> Result<Self, Tx<Refusal>> {
        let Self { mut core, held: Judged { answer, mut also, rules, asker } } = self;
        match decide::decide(&rules, &core.facts, &request, answer.now()) {
            Ok(permit) => {
                also.push(permit);
                Ok(Self { core, held: Judged { answer, also, rules, asker } })
            }
            Err(answer) => {
                core.staged.clear();
                core.note = serde_json::Value::Null;
                Err(Tx { core, held: Judged { answer, also: Vec::new(), rules, asker } })
            }
        }
    }

    /// What is permitted; where several requests were judged, the first.
    pub fn permit(&self) -> &Permit {
        &self.held.answer
    }

    /// Every permit, the first one first.
    pub fn permits(&self) -> impl Iterator<Item = &Permit> {
        std::iter::once(&self.held.answer).chain(&self.held.also)
    }

    /// The rules that decided.
    pub fn rules(&self) -> &Arc<Ruleset> {
        &self.held.rules
    }

    /// The person's key: the stored one, or the one that was staged for a new person.
    pub fn key(&self) -> &WrappedKey {
        &self.core.key
    }

    /// The sealed value of a permitted category, where there is one, it was wanted, and it lies under
    /// no legal hold.
    pub fn sealed(&self, category: Category) -> Option<&Sealed> {
        self.handed(category).filter(|_| !self.core.facts.dues.held().has(category))
    }

    /// The value of a permitted category that lies under a legal hold, sealed under its key; and the
    /// hold.
    pub fn held(&self, category: Category) -> Option<(CaseId, &Sealed)> {
        let hold = self.values().iter().find(|it| it.category == category)?.hold?;
        Some((hold, self.handed(category)?))
    }

    fn handed(&self, category: Category) -> Option<&Sealed> {
        let handed_out =
            self.core.wanted.has(category) && self.held.answer.categories().has(category);
        let sealed = &self.core.snapshot.as_deref()?.sealed;
        let found = sealed.iter().find(|(it, _)| *it == category);
        found.filter(|_| handed_out).map(|(_, sealed)| sealed)
    }

    /// A number that no other transaction of this process has.
    pub fn serial(&self) -> u64 {
        self.core.serial
    }

    /// Stages a write; it is done when the transaction is recorded, or not at all.
    pub fn stage(&mut self, write: Write) {
        if let Write::Create { key } = &write {
            self.core.key = key.clone();
        }
        self.core.staged.push(write);
    }

    /// Goes into the sealed record: what was shown, what was put right.
    pub fn note(&mut self, note: serde_json::Value) {
        self.core.note = note;
    }

    /// What the caller is owed once this is recorded.
    pub fn owe<T: Zeroize>(&self, owed: T) -> Pending<T> {
        Pending::new(owed, self.core.serial)
    }

    /// Writes what was staged and the record, durably and together, and gives out what is owed.
    ///
    /// # Errors
    /// `Conflict` when the person changed since the reading: decide again.
    pub async fn record<T: Zeroize>(self, owed: Pending<T>) -> Result<Recorded<T>, Fault> {
        if owed.serial() != self.core.serial {
            return Err(Fault::broken("what is owed belongs to another transaction"));
        }
        let verdict = self.verdict();
        let journal = self.core.journal.clone();
        let id = self.core.commit(&verdict, &self.held.asker).await?;
        self.held.count(&journal);
        let owed = owed.release().ok_or_else(|| Fault::broken("nothing is owed"))?;
        Ok(Recorded::new(id, owed))
    }

    /// Only asked: counted, opens and writes nothing.
    pub fn asked(self) -> Asked {
        self.core.journal.scratch().count(ASKED_PERMITTED, self.held.answer.now());
        self.held.count(&self.core.journal);
        Asked(self.verdict())
    }

    fn verdict(&self) -> Verdict {
        let answer = &self.held.answer;
        Verdict {
            person: self.core.person,
            rules: Arc::clone(&self.held.rules),
            act: answer.act(),
            permitted: Some(answer.categories()),
            refused: answer.refused().to_vec(),
            clauses: answer.clauses().collect(),
            also: self.held.also.iter().map(Part::of).collect(),
            now: answer.now(),
        }
    }
}

impl Tx<Refusal> {
    /// What is refused.
    pub fn refusal(&self) -> &Refusal {
        &self.held.answer
    }

    /// The rules that decided.
    pub fn rules(&self) -> &Arc<Ruleset> {
        &self.held.rules
    }

    /// Writes the record of the refusal, durably. Who is not there yet has no key to seal it under:
    /// then it is counted, and that is all.
    ///
    /// # Errors
    /// `Conflict` when the person changed since the reading: decide again.
    pub async fn record(self) -> Result<Recorded<RefusalSeen>, Fault> {
        let verdict = self.verdict();
        let journal = self.core.journal.clone();
        let id = if self.core.version.is_none() {
            journal.scratch().count(REFUSED_NOBODY, verdict.now);
            RecordId::new(verdict.person.region(), journal.new_id(verdict.now))
        } else {
            self.core.commit(&verdict, &self.held.asker).await?
        };
        self.held.count(&journal);
        Ok(Recorded::new(id, RefusalSeen(verdict)))
    }

    /// Only asked: counted, not recorded.
    pub fn asked(self) -> Asked {
        self.core.journal.scratch().count(ASKED_REFUSED, self.held.answer.now());
        self.held.count(&self.core.journal);
        Asked(self.verdict())
    }

    fn verdict(&self) -> Verdict {
        let answer = &self.held.answer;
        Verdict {
            person: self.core.person,
            rules: Arc::clone(&self.held.rules),
            act: answer.act(),
            permitted: None,
            refused: answer.refused().to_vec(),
            clauses: answer.clauses().collect(),
            also: Vec::new(),
            now: answer.now(),
        }
    }
}
