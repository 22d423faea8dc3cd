//! The two answers of the decision. Only this crate makes them.

use crate::limit::CITED_MAX;
use crate::request::{Act, words};
use crate::set::Set;
use crate::time::Timestamp;
use crate::vocabulary::{Category, Clause};

/// May be done: one act, a set of categories, one person, now.
///
/// Not `Clone`, no public constructor: it comes from [`decide`](crate::decide) alone.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a permit that nobody records permits nothing"]
pub struct Permit {
    pub(crate) act: Act,
    pub(crate) categories: Set<Category>,
    pub(crate) refused: Parts,
    pub(crate) cited: Cited,
    pub(crate) now: Timestamp,
}

impl Permit {
    /// What may be done.
    pub const fn act(&self) -> Act {
        self.act
    }

    /// With which categories: all that was asked, or a part of it.
    pub const fn categories(&self) -> Set<Category> {
        self.categories
    }

    /// The rest, with the reasons. Empty when everything is permitted.
    pub fn refused(&self) -> &[Refused] {
        self.refused.list()
    }

    /// The clauses that permit it.
    pub fn clauses(&self) -> impl Iterator<Item = Clause> {
        self.cited.iter()
    }

    /// The instant of the decision.
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

/// May not be done, nothing of it.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a refusal is recorded like a permit"]
pub struct Refusal {
    pub(crate) act: Act,
    pub(crate) refused: Parts,
    pub(crate) cited: Cited,
    pub(crate) now: Timestamp,
}

impl Refusal {
    /// What may not be done.
    pub const fn act(&self) -> Act {
        self.act
    }

    /// Why, by set of categories. Never empty.
    pub fn refused(&self) -> &[Refused] {
        self.refused.list()
    }

    /// The first reason.
    pub fn reason(&self) -> Reason {
        self.refused().first().map_or(Reason::Undeclared, |it| it.reason)
    }

    /// The clauses that refuse it.
    pub fn clauses(&self) -> impl Iterator<Item = Clause> {
        self.cited.iter()
    }

    /// The instant of the decision.
    pub const fn now(&self) -> Timestamp {
        self.now
    }
}

/// A part that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused {
    /// The categories it concerns.
    pub categories: Set<Category>,
    /// Why.
    pub reason: Reason,
    /// The clause that refuses it, or that would have to change.
    pub clause: Clause,
}

/// The parts that are refused. One alone, which is nearly always all, takes no memory of its own.
#[derive(Debug, PartialEq, Eq, Default)]
pub(crate) enum Parts {
    #[default]
    None,
    One(Refused),
    Many(Vec<Refused>),
}

impl Parts {
    pub(crate) fn list(&self) -> &[Refused] {
        match self {
            Self::None => &[],
            Self::One(part) => std::slice::from_ref(part),
            Self::Many(parts) => parts,
        }
    }

    pub(crate) fn add(&mut self, part: Refused) {
        match self {
            Self::None => *self = Self::One(part),
            Self::One(first) => *self = Self::Many(vec![*first, part]),
            Self::Many(parts) => parts.push(part),
        }
    }
}

/// Clauses cited, in one word of four: each 0, or the clause plus one. A citation past the limit is
/// dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cited(u64);

/// The bits of one citation.
const LANE: u32 = 16;
const _: () = assert!(CITED_MAX == 4 && LANE == u64::BITS / 4);
const _: () = assert!(crate::limit::CLAUSES_MAX < 1 << LANE);

impl Cited {
    /// No clause yet.
    pub(crate) const NONE: Self = Self(0);

    /// This clause alone.
    pub(crate) fn one(clause: Clause) -> Self {
        Self(u64::from(clause.0).saturating_add(1))
    }

    pub(crate) fn add(&mut self, clause: Clause) {
        let Self(lane) = Self::one(clause);
        for shift in Self::shifts() {
            match (self.0 >> shift) & 0xffff {
                0 => {
                    self.0 |= lane << shift;
                    return;
                }
                cited if cited == lane => return,
                _ => {}
            }
        }
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = Clause> {
        let lanes = Self::shifts().map(move |shift| (self.0 >> shift) & 0xffff);
        lanes.filter_map(|it| u16::try_from(it.checked_sub(1)?).ok().map(Clause))
    }

    fn shifts() -> impl Iterator<Item = u32> {
        [0, 16, 32, 48].into_iter()
    }
}

/// Why something is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Reason {
    /// No clause permits it.
    Undeclared,
    /// The purpose needs a yes, and there is none.
    NotConsented,
    /// The person said no, or withdrew.
    Withdrawn,
    /// The person objected.
    Objected,
    /// The browser's signal counts as a no.
    Signalled,
    /// Never for minors.
    Minor,
    /// Never for minors, and the age is not known.
    AgeUnknown,
    /// A guardian has to agree first.
    GuardianMissing,
    /// The account is not verified yet.
    Unverified,
    /// The person had the use of their data restricted.
    Restricted,
    /// The account is being closed.
    Closing,
    /// The account is closed.
    Closed,
    /// The value's time is over.
    Expired,
    /// A newer version of the policy permits it, and this person was not told or asked yet.
    NotTold,
    /// This source may not bring it.
    SourceNotAllowed,
    /// No share to this recipient, for this purpose, in this form, is declared.
    NotShared,
    /// The share, transfer or publication needs a yes of its own.
    SeparateConsentMissing,
    /// The recipient's agreements are not in force.
    AgreementMissing,
    /// It would cross into another region without a declared transfer.
    CrossesRegion,
    /// The ground of disclosure needs more evidence or approval.
    GroundIncomplete,
    /// The service, or the product that it was for, has ended.
    Ceased,
    /// The value lies under a legal hold.
    Held,
}

words!(Reason {
    Undeclared = "undeclared",
    NotConsented = "not-consented",
    Withdrawn = "withdrawn",
    Objected = "objected",
    Signalled = "signalled",
    Minor = "minor",
    AgeUnknown = "age-unknown",
    GuardianMissing = "guardian-missing",
    Unverified = "unverified",
    Restricted = "restricted",
    Closing = "closing",
    Closed = "closed",
    Expired = "expired",
    NotTold = "not-told",
    SourceNotAllowed = "source-not-allowed",
    NotShared = "not-shared",
    SeparateConsentMissing = "separate-consent-missing",
    AgreementMissing = "agreement-missing",
    CrossesRegion = "crosses-region",
    GroundIncomplete = "ground-incomplete",
    Ceased = "ceased",
    Held = "held",
});

impl Reason {
    /// Why, in a sentence for whoever asked.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Undeclared => "no clause of the policy permits this",
            Self::NotConsented => "this needs the person's consent, and there is none",
            Self::Withdrawn => "the person refused this or withdrew their consent",
            Self::Objected => "the person objected to this",
            Self::Signalled => "the person's browser signals that this is not wanted",
            Self::Minor => "this is never done with the data of a minor",
            Self::AgeUnknown => {
                "this is never done with the data of a minor, and the age is not known"
            }
            Self::GuardianMissing => "a guardian has not agreed yet",
            Self::Unverified => "the account has not been verified yet",
            Self::Restricted => "the person had the use of their data restricted",
            Self::Closing => "the account is being closed",
            Self::Closed => "the account is closed",
            Self::Expired => "the value is past the time that it may be kept",
            Self::NotTold => {
                "a newer policy permits this, and the person has not been told or asked yet"
            }
            Self::SourceNotAllowed => "this source may not bring this category for this purpose",
            Self::NotShared => "no share with this recipient, purpose and form is declared",
            Self::SeparateConsentMissing => "this needs a consent of its own, and there is none",
            Self::AgreementMissing => "an agreement with the recipient is missing or has run out",
            Self::CrossesRegion => {
                "this would leave the person's region without a declared transfer"
            }
            Self::GroundIncomplete => {
                "the ground of disclosure lacks evidence or a second approval"
            }
            Self::Ceased => "the service or product has ended, and nothing more is collected",
            Self::Held => "the value lies under a legal hold, and is kept for that alone",
        }
    }

    /// What the person or the operator could do.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::Undeclared => {
                "leave the category out, or publish a policy whose clause permits it"
            }
            Self::NotConsented => "ask the person; they answer in the privacy centre or the banner",
            Self::Withdrawn => {
                "do without it; the person can change their mind in the privacy centre"
            }
            Self::Objected => {
                "do without it; the person can take the objection back in the privacy centre"
            }
            Self::Signalled => {
                "do without it, or ask the person expressly where the policy lets a yes count"
            }
            Self::Minor => "do without it until the person comes of age and is asked anew",
            Self::AgeUnknown => "ask for the birth date first",
            Self::GuardianMissing => "wait until the guardian has answered the link that was sent",
            Self::Unverified => "have the person enter the code that was sent to them",
            Self::Restricted => "wait until the person lifts the restriction",
            Self::Closing => {
                "do nothing; the person can still cancel the closing until it takes effect"
            }
            Self::Closed => "remove the person from your own records",
            Self::Expired => "ask the person for the value again if it is still needed",
            Self::NotTold => "wait until the notice period has passed or the person has answered",
            Self::SourceNotAllowed => {
                "name a source that the policy lets bring it for that purpose"
            }
            Self::NotShared => "declare the share in the policy, or choose a declared form",
            Self::SeparateConsentMissing => {
                "ask the person for this alone; no other consent implies it"
            }
            Self::AgreementMissing => "record the agreement with its file and validity",
            Self::CrossesRegion => {
                "declare the transfer in the policy and ask the person for it alone"
            }
            Self::GroundIncomplete => {
                "add the authority and its reference, and have a second person approve"
            }
            Self::Ceased => {
                "collect nothing; the person can take their data along until it is deleted"
            }
            Self::Held => {
                "wait until the hold ends; what we hold shows on what ground and until when"
            }
        }
    }
}
