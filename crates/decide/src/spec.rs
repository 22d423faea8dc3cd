//! The rules as a policy declares them, by name: what the compiler of policies hands over.
//!
//! Everything is plain data with sorted names, so that two policies that say the same are equal and
//! have one canonical text to hash.

use std::collections::{BTreeMap, BTreeSet};

use crate::request::{Form, Ground, Right, words};
use crate::time::Timestamp;

/// The declared rules of one version of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spec {
    /// The version of the policy, from 1.
    pub version: u32,
    /// Regions, by code.
    pub regions: BTreeMap<String, RegionSpec>,
    /// Categories, by id.
    pub categories: BTreeMap<String, CategorySpec>,
    /// Sources, by id.
    pub sources: BTreeMap<String, SourceSpec>,
    /// Purposes, by id.
    pub purposes: BTreeMap<String, PurposeSpec>,
    /// Recipients, by id.
    pub recipients: BTreeMap<String, RecipientSpec>,
    /// Shares, by id.
    pub shares: BTreeMap<String, ShareSpec>,
    /// Transfers, by id.
    pub transfers: BTreeMap<String, TransferSpec>,
    /// Disclosures, by id.
    pub disclosures: BTreeMap<String, DisclosureSpec>,
    /// Rights that may be exercised.
    pub rights: BTreeMap<Right, RightSpec>,
    /// The clause about minors, where there is one.
    pub minors: Option<MinorsSpec>,
    /// The clause that says nothing is shared, transferred, disclosed unless declared; cited where
    /// silence refuses. One clause per act, by the act's word (`share`, `transfer`, `disclose`,
    /// `publish`, `use`, `collect`, `exercise`); an act without one cites the purpose's clause.
    pub silence: BTreeMap<String, String>,
    /// The clause that keeps a widened rule from people who were not told.
    pub change: Option<String>,
    /// What versions after the first have widened, oldest first.
    pub widened: Vec<WideningSpec>,
    /// The clause about the end of a product or of the service.
    pub cease: Option<String>,
    /// What ends, and when: no policy says so, whoever runs the service announces it.
    pub endings: Vec<EndingSpec>,
}

impl Spec {
    /// The ids of all clauses that rules rest on, but for the one that endings rest on.
    pub fn clauses(&self) -> BTreeSet<&str> {
        let mut all: BTreeSet<&str> = BTreeSet::new();
        all.extend(self.regions.values().map(|it| it.clause.as_str()));
        all.extend(self.categories.values().map(|it| it.clause.as_str()));
        all.extend(self.categories.values().map(|it| it.keep_clause.as_str()));
        all.extend(self.sources.values().map(|it| it.clause.as_str()));
        all.extend(self.purposes.values().map(|it| it.clause.as_str()));
        all.extend(self.recipients.values().map(|it| it.clause.as_str()));
        all.extend(self.shares.values().map(|it| it.clause.as_str()));
        all.extend(self.transfers.values().map(|it| it.clause.as_str()));
        all.extend(self.disclosures.values().map(|it| it.clause.as_str()));
        all.extend(self.rights.values().map(|it| it.clause.as_str()));
        all.extend(self.minors.iter().map(|it| it.clause.as_str()));
        all.extend(self.silence.values().map(String::as_str));
        all.extend(self.change.iter().map(String::as_str));
        all
    }
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionSpec {
    /// The clause that declares it.
    pub clause: String,
}

/// A category of personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CategorySpec {
    /// The clause that declares it.
    pub clause: String,
    /// The clause that says how long it is kept (often the same).
    pub keep_clause: String,
    /// Whether it identifies a person by itself.
    pub identifying: bool,
    /// Whether it is sensitive.
    pub sensitive: bool,
    /// Sources that may bring it.
    pub sources: BTreeSet<String>,
    /// Purposes that cannot be served without it.
    pub required: BTreeSet<String>,
    /// Whether it may be looked up by its exact value.
    pub lookup: bool,
}

/// A source of data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSpec {
    /// The clause that declares it.
    pub clause: String,
    /// For a partner, the categories that it may bring; `None` for our own sources.
    pub brings: Option<BTreeSet<String>>,
    /// For a partner, the purposes that it may bring them for; `None` for our own sources.
    pub purposes: Option<BTreeSet<String>>,
}

/// A purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PurposeSpec {
    /// The clause that declares it.
    pub clause: String,
    /// What holds where no region says otherwise.
    pub general: PurposeTerms,
    /// What holds in a region instead.
    pub regions: BTreeMap<String, PurposeTerms>,
    /// The categories that it may use.
    pub uses: BTreeSet<String>,
}

/// On what terms a purpose is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PurposeTerms {
    /// The legal basis.
    pub basis: Basis,
    /// What holds for a person who said nothing; only bases that a choice can move look at it.
    pub default: Default,
    /// What minority does to it.
    pub minors: Minors,
    /// What Global Privacy Control does to it.
    pub gpc: Effect,
    /// What Do-Not-Track does to it.
    pub dnt: Effect,
}

/// Legal bases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// The person said yes.
    Consent,
    /// A contract with the person needs it.
    Contract,
    /// A law demands it.
    LegalDuty,
    /// A life depends on it.
    VitalInterest,
    /// A public task.
    PublicTask,
    /// An interest of ours that the person may object to.
    LegitimateInterest,
}

/// What holds for a person who said nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Default {
    /// Permitted until refused.
    Given,
    /// Refused until given.
    Refused,
}

/// What being a minor does to a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Minors {
    /// Never for anybody not known to be an adult.
    Never,
    /// With a guardian's agreement.
    Guardian,
    /// As for adults.
    Same,
}

/// What a browser's signal does to a purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing.
    Ignore,
    /// Counts as a refusal unless the person expressly said yes.
    Ask,
    /// Counts as a refusal whatever the person said.
    Refuse,
}

/// A recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientSpec {
    /// The clause that declares it.
    pub clause: String,
    /// What it is to us.
    pub role: Role,
    /// The region where it keeps what it gets.
    pub region: Option<String>,
    /// Whether an agreement must be in force.
    pub agreement: bool,
}

/// What a recipient is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Works on our instructions.
    Processor,
    /// Decides for itself.
    Controller,
    /// A public authority.
    Authority,
    /// Takes our place.
    Successor,
    /// Everybody.
    Public,
}

/// A share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareSpec {
    /// The clause that declares it.
    pub clause: String,
    /// The recipient.
    pub to: String,
    /// The purpose.
    pub purpose: String,
    /// The categories.
    pub categories: BTreeSet<String>,
    /// The form.
    pub form: Form,
    /// The smallest group that an aggregate may speak of.
    pub min_group: Option<u32>,
    /// The consent that it rests on.
    pub consent: ShareConsent,
}

/// The consent that a share rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ShareConsent {
    /// What the purpose itself needs.
    Purpose,
    /// One of its own, never implied by another.
    Separate,
}

/// A transfer to another region. Its consent is always separate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransferSpec {
    /// The clause that declares it.
    pub clause: String,
    /// From which region.
    pub from: String,
    /// To which region.
    pub to: String,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Which categories.
    pub categories: BTreeSet<String>,
}

/// A disclosure without consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisclosureSpec {
    /// The clause that declares it.
    pub clause: String,
    /// The ground.
    pub ground: Ground,
    /// How many different people must approve.
    pub approvers: u8,
}

/// A right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightSpec {
    /// The clause that declares it.
    pub clause: String,
}

/// The clause about minors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinorsSpec {
    /// The clause that declares it.
    pub clause: String,
    /// The age, in full years, below which a guardian must agree, by region.
    pub guardian_below: BTreeMap<String, u8>,
}

/// A rule that a version widened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WideningSpec {
    /// The version that widened it.
    pub version: u32,
    /// What was widened.
    pub rule: Widened,
    /// The categories that it may concern since; for a rule that is new, all of them.
    pub categories: BTreeSet<String>,
}

/// An end that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingSpec {
    /// From this instant on nothing is collected.
    pub from: Timestamp,
    /// What ends.
    pub what: Ended,
}

/// What ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The whole service.
    Service {
        /// Purposes under which people are still heard and answered; what they need comes in.
        answered: BTreeSet<String>,
    },
    /// One product.
    Product {
        /// Purposes that were its own.
        purposes: BTreeSet<String>,
        /// Categories that were held for it.
        categories: BTreeSet<String>,
    },
}

/// The rule that a version widened, by id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Widened {
    /// A purpose may use more, or rests on less.
    Purpose(String),
    /// A share is new or gives more.
    Share(String),
    /// A transfer is new or sends more.
    Transfer(String),
}

words!(Basis {
    Consent = "consent",
    Contract = "contract",
    LegalDuty = "legal-duty",
    VitalInterest = "vital-interest",
    PublicTask = "public-task",
    LegitimateInterest = "legitimate-interest",
});
words!(Default { Given = "given", Refused = "refused" });
words!(Minors { Never = "never", Guardian = "guardian", Same = "same" });
words!(Effect { Ignore = "ignore", Ask = "ask", Refuse = "refuse" });
words!(Role {
    Processor = "processor",
    Controller = "controller",
    Authority = "authority",
    Successor = "successor",
    Public = "public",
});
words!(ShareConsent { Purpose = "purpose", Separate = "separate" });
