//! What a version widens, and whom that affects: found from facts and from which values are held,
//! without opening one.

use std::collections::BTreeSet;

use decide::spec::{Basis, Default as Unsaid, Minors};
use decide::{Account, Age, Category, Facts, Purpose, RegionCode, Set, Timestamp, Vocabulary};
use policy::clause::change::{By, Unanswered};
use policy::diff::{Change, Class, Whom};
use policy::{Duration, Policy};

use crate::Stop;
use crate::notice::Version;

/// A version against the one before it.
#[derive(Debug)]
pub(crate) struct Widening<'v> {
    pub(crate) version: u32,
    pub(crate) effective: Timestamp,
    pub(crate) old: &'v Policy,
    pub(crate) new: &'v Policy,
    /// Every change, widenings first.
    pub(crate) changes: &'v [Change],
}

/// A person, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub(crate) region: RegionCode,
    pub(crate) facts: &'a Facts,
    /// Categories of which a value is held.
    pub(crate) held: Set<Category>,
}

/// What a widening is to one person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Affected {
    /// Purposes on consent that they said yes to.
    pub(crate) ask: BTreeSet<String>,
    /// Shares that they agreed to by themselves.
    pub(crate) shares: BTreeSet<String>,
    /// Transfers that they agreed to.
    pub(crate) transfers: BTreeSet<String>,
    /// Which of the changes concern them.
    pub(crate) changes: Vec<Change>,
}

impl<'v> Widening<'v> {
    /// A version against the one before it, with what differs.
    pub(crate) fn between(old: &'v Version, new: &'v Version, changes: &'v [Change]) -> Self {
        Self { version: new.0, effective: new.2, old: &old.1, new: &new.1, changes }
    }

    /// What it widens.
    pub(crate) fn widened(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|it| it.class == Class::Widening)
    }

    /// Whether it widens anything.
    pub(crate) fn widens(&self) -> bool {
        self.widened().next().is_some()
    }

    /// How long before people are told: what was promised to them, which is in the version before.
    pub(crate) fn notice(&self) -> Option<Duration> {
        self.old.change.as_ref().or(self.new.change.as_ref()).map(|it| it.notice)
    }

    /// What holds for whoever does not answer.
    pub(crate) fn unanswered(&self) -> Unanswered {
        let rule = self.old.change.as_ref().or(self.new.change.as_ref());
        rule.map_or(Unanswered::OldRules, |it| it.unanswered)
    }

    /// Whether those whom it affects are written to.
    pub(crate) fn writes(&self) -> bool {
        let rule = self.old.change.as_ref().or(self.new.change.as_ref());
        rule.is_none_or(|it| it.by.contains(&By::Email))
    }

    /// From when it counts for somebody of a region who is told now.
    ///
    /// # Errors
    /// When a calendar does not reach that far: it is not guessed.
    pub(crate) fn due(&self, region: RegionCode, told: Timestamp) -> Result<Timestamp, Stop> {
        let Some(notice) = self.notice() else { return Ok(self.effective.max(told)) };
        let due = self.old.due(region.as_str(), told, notice);
        // A region that is new has no people who were promised something.
        let due = due.or_else(|_| self.new.due(region.as_str(), told, notice));
        let due = due.map_err(|error| Stop::Broken(error.to_string()))?;
        Ok(due.max(self.effective))
    }

    /// What it is to a person; nothing where it does not affect them.
    pub(crate) fn affects(&self, names: &Vocabulary, of: &Of<'_>) -> Option<Affected> {
        let mut affected = Affected::default();
        for change in self.widened() {
            if self.touches(names, (of, &change.whom), &mut affected) {
                affected.changes.push(change.clone());
            }
        }
        (!affected.changes.is_empty()).then_some(affected)
    }

    fn touches(
        &self,
        names: &Vocabulary,
        (of, whom): (&Of<'_>, &Whom),
        affected: &mut Affected,
    ) -> bool {
        match whom {
            Whom::Nobody => false,
            Whom::Everybody => true,
            Whom::Young => of.facts.age != Age::Adult && of.facts.account != Account::Visitor,
            Whom::Holders(categories) => categories.iter().any(|it| self.holds(names, of, it)),
            Whom::Purpose(id, _) if self.rests_on_consent(of.region, id) => {
                let asks = self.agreed(names, of, id);
                if asks {
                    affected.ask.insert(id.clone());
                }
                asks
            }
            Whom::Purpose(id, categories) => {
                let mut concerned = categories.iter();
                let held = categories.is_empty() || concerned.any(|it| self.holds(names, of, it));
                held && self.serves(names, of, id)
            }
            Whom::Share(id) => {
                let agreed = names.share(id).is_some_and(|it| of.facts.shares.has(it));
                if agreed {
                    affected.shares.insert(id.clone());
                }
                agreed
            }
            Whom::Transfer(id) => {
                let agreed = names.transfer(id).is_some_and(|it| of.facts.transfers.has(it));
                if agreed {
                    affected.transfers.insert(id.clone());
                }
                agreed
            }
        }
    }

    fn rests_on_consent(&self, region: RegionCode, purpose: &str) -> bool {
        let purpose = self.new.purposes.get(purpose);
        purpose.is_some_and(|it| it.terms(region.as_str()).basis == Basis::Consent)
    }

    /// Whether they said yes to a purpose on consent. Whatever is held of them now: an old yes does not
    /// cover what comes later either. The young are not asked about what is never done with theirs.
    fn agreed(&self, names: &Vocabulary, of: &Of<'_>, purpose: &str) -> bool {
        let Some(declared) = self.new.purposes.get(purpose) else { return false };
        let never = declared.terms(of.region.as_str()).minors == Minors::Never;
        let young = !matches!(of.facts.age, Age::Adult | Age::Unknown);
        let given = names.purpose(purpose).is_some_and(|it| of.facts.given.has(it));
        given && !(never && young)
    }

    /// Whether a value of a category is held. Log information lies with the events: it is held as
    /// soon as any kind of event may be collected, because device and address come with each.
    fn holds(&self, names: &Vocabulary, of: &Of<'_>, category: &str) -> bool {
        let events = self.new.categories.get(category).is_some_and(|it| it.events);
        if events {
            let mut kinds = self.new.events.values().chain(self.old.events.values());
            return kinds.any(|it| self.serves(names, of, &it.purpose));
        }
        names.category(category).is_some_and(|it| of.held.has(it))
    }

    /// Whether a purpose may be served for a person under the new version, as far as what they said
    /// and their age go.
    fn serves(&self, names: &Vocabulary, of: &Of<'_>, purpose: &str) -> bool {
        let Some(declared) = self.new.purposes.get(purpose) else { return false };
        let terms = declared.terms(of.region.as_str());
        let said = |all: Set<Purpose>| names.purpose(purpose).is_some_and(|it| all.has(it));
        if terms.minors == Minors::Never && of.facts.age != Age::Adult {
            return false;
        }
        match terms.basis {
            Basis::Contract | Basis::LegalDuty | Basis::VitalInterest => true,
            Basis::Consent | Basis::PublicTask | Basis::LegitimateInterest => {
                let no = said(of.facts.refused) || said(of.facts.objected);
                let open = terms.default == Unsaid::Given && terms.basis != Basis::Consent;
                !no && (open || said(of.facts.given))
            }
        }
    }
}
