//! The declared rules, compiled into tables of bits.

use crate::fact::{Account, Age};
use crate::limit::CLAUSES_MAX;
use crate::request::{Form, Ground, Right};
use crate::rule::consent::Said;
use crate::set::{Interned, Set};
use crate::spec::{Basis, ShareConsent};
use crate::time::Timestamp;
use crate::vocabulary::{
    Category, Clause, Purpose, Recipient, Region, Share, Source, Transfer, Vocabulary,
};

mod build;

/// Age states times account states.
pub(crate) const STATES: usize = Age::ALL.len() * Account::ALL.len();

/// The rules of one version of a policy, ready to decide.
#[derive(Debug, Clone)]
pub struct Ruleset {
    pub(crate) version: u32,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) clauses: Vec<String>,
    pub(crate) regions: usize,
    /// By purpose, then region.
    pub(crate) cells: Vec<Cell>,
    pub(crate) sources: Vec<Option<SourceRow>>,
    pub(crate) keeps: Vec<Option<Clause>>,
    pub(crate) recipients: Vec<Option<RecipientRow>>,
    pub(crate) shares: Vec<ShareRow>,
    pub(crate) transfers: Vec<TransferRow>,
    pub(crate) disclosures: Vec<(Ground, Clause, u8)>,
    pub(crate) rights: Vec<(Right, Clause)>,
    pub(crate) widened: Vec<WideningRow>,
    /// The newest version that widened anything: who adopted it needs no look at `widened`.
    pub(crate) widest: u32,
    pub(crate) silence: Silence,
    pub(crate) minors: Option<Clause>,
    pub(crate) change: Option<Clause>,
    pub(crate) cease: Option<Clause>,
    pub(crate) endings: Vec<EndingRow>,
    /// Cited where nothing else can be: the first clause by its id, so that no order matters.
    pub(crate) first: Clause,
}

/// What holds for one purpose in one region.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(crate) struct Cell {
    pub(crate) uses: Set<Category>,
    /// By age and account state: what refuses it, 0 for nothing, else the reason plus one.
    pub(crate) states: [u8; STATES],
    /// By what was said to it: what refuses it, as above.
    pub(crate) said: [u8; Said::COUNT],
    pub(crate) clause: Clause,
    pub(crate) basis: Basis,
    pub(crate) declared: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct SourceRow {
    pub(crate) brings: Set<Category>,
    /// What it may bring them for; anything where nothing says so.
    pub(crate) purposes: Option<Set<Purpose>>,
    pub(crate) clause: Clause,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct RecipientRow {
    pub(crate) public: bool,
    pub(crate) region: Option<Region>,
    pub(crate) agreement: bool,
    pub(crate) clause: Clause,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct ShareRow {
    pub(crate) share: Share,
    pub(crate) to: Recipient,
    pub(crate) purpose: Purpose,
    pub(crate) categories: Set<Category>,
    pub(crate) form: Form,
    pub(crate) consent: ShareConsent,
    pub(crate) clause: Clause,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct TransferRow {
    pub(crate) transfer: Transfer,
    pub(crate) from: Region,
    pub(crate) to: Region,
    pub(crate) recipient: Recipient,
    pub(crate) purpose: Purpose,
    pub(crate) categories: Set<Category>,
    pub(crate) clause: Clause,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct WideningRow {
    pub(crate) version: u32,
    pub(crate) rule: WidenedRule,
    pub(crate) categories: Set<Category>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WidenedRule {
    Purpose(Purpose),
    Share(Share),
    Transfer(Transfer),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct EndingRow {
    pub(crate) from: Timestamp,
    pub(crate) what: Ended,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Ended {
    Service { answered: Set<Purpose> },
    Product { purposes: Set<Purpose>, categories: Set<Category> },
}

/// The clauses that silence cites, by act.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Silence {
    pub(crate) collect: Option<Clause>,
    pub(crate) uses: Option<Clause>,
    pub(crate) share: Option<Clause>,
    pub(crate) transfer: Option<Clause>,
    pub(crate) disclose: Option<Clause>,
    pub(crate) publish: Option<Clause>,
    pub(crate) exercise: Option<Clause>,
}

/// Why rules cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A name that a rule uses is not declared.
    Undeclared(String),
    /// More clauses than a policy may have.
    TooManyClauses,
}

impl Ruleset {
    /// The version of the policy.
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The names.
    pub const fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The id of a clause that this ruleset cited.
    pub fn clause_id(&self, clause: Clause) -> &str {
        self.clauses.get(usize::from(clause.0)).map_or("", String::as_str)
    }

    /// The clause with this id, where a rule rests on it.
    pub fn clause(&self, id: &str) -> Option<Clause> {
        let position = self.clauses.iter().position(|it| it == id)?;
        u16::try_from(position).ok().map(Clause)
    }

    /// The legal basis of a purpose in a region; `None` when this version does not declare it.
    pub fn basis(&self, purpose: Purpose, region: Region) -> Option<Basis> {
        self.cell(purpose, region).filter(|it| it.declared).map(|it| it.basis)
    }

    /// Whether a purpose in a region is one that the person's own yes or no moves.
    pub fn is_choice(&self, purpose: Purpose, region: Region) -> bool {
        self.cell(purpose, region).is_some_and(|it| it.declared && it.moves())
    }

    /// The categories that a purpose may use.
    pub fn uses(&self, purpose: Purpose) -> Set<Category> {
        self.cells.get(self.row(purpose)).map_or(Set::EMPTY, |it| it.uses)
    }

    /// The categories that a source may bring.
    pub fn brings(&self, source: Source) -> Set<Category> {
        self.source(source).map_or(Set::EMPTY, |it| it.brings)
    }

    pub(crate) fn cell(&self, purpose: Purpose, region: Region) -> Option<&Cell> {
        let region = usize::from(region.position());
        let cell = self.row(purpose).wrapping_add(region);
        if region < self.regions { self.cells.get(cell) } else { None }
    }

    pub(crate) fn source(&self, source: Source) -> Option<&SourceRow> {
        self.sources.get(usize::from(source.position()))?.as_ref()
    }

    pub(crate) fn recipient(&self, recipient: Recipient) -> Option<&RecipientRow> {
        self.recipients.get(usize::from(recipient.position()))?.as_ref()
    }

    pub(crate) fn keep_clause(&self, category: Category) -> Option<Clause> {
        self.keeps.get(usize::from(category.position())).copied().flatten()
    }

    /// The clause that silence about a purpose cites: the one of that act, else the purpose's own.
    pub(crate) fn unless_silent(&self, silence: Option<Clause>, purpose: Purpose) -> Clause {
        let own = || self.cells.get(self.row(purpose)).map_or(self.first, |it| it.clause);
        silence.unwrap_or_else(own)
    }

    fn row(&self, purpose: Purpose) -> usize {
        usize::from(purpose.position()).wrapping_mul(self.regions)
    }
}

impl Cell {
    /// Whether the person's own yes or no moves it.
    pub(crate) const fn moves(&self) -> bool {
        moves(self.basis)
    }
}

/// Whether a choice of the person moves a purpose on this basis.
pub(crate) const fn moves(basis: Basis) -> bool {
    match basis {
        Basis::Consent | Basis::LegitimateInterest | Basis::PublicTask => true,
        Basis::Contract | Basis::LegalDuty | Basis::VitalInterest => false,
    }
}

/// Interns clause ids in the order in which they are met.
#[derive(Debug, Default)]
pub(crate) struct Clauses(Vec<String>);

impl Clauses {
    pub(crate) fn intern(&mut self, id: &str) -> Result<Clause, Fault> {
        let found = self.0.iter().position(|it| it == id);
        let position = found.unwrap_or_else(|| {
            self.0.push(id.to_owned());
            self.0.len().saturating_sub(1)
        });
        if position >= CLAUSES_MAX {
            return Err(Fault::TooManyClauses);
        }
        u16::try_from(position).map(Clause).map_err(|_| Fault::TooManyClauses)
    }

    pub(crate) fn into_list(self) -> Vec<String> {
        self.0
    }
}
