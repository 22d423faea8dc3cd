//! From declared rules to tables.

use std::collections::BTreeSet;

use super::{
    Cell, Clauses, Ended, EndingRow, Fault, RecipientRow, Ruleset, STATES, ShareRow, Silence,
    SourceRow, TransferRow, WidenedRule, WideningRow,
};
use crate::fact::{Account, Age};
use crate::rule::consent::{self, Said};
use crate::rule::{account, minors};
use crate::set::Set;
use crate::spec::{self, Basis, PurposeSpec, PurposeTerms, Role, Spec, Widened};
use crate::verdict::Reason;
use crate::vocabulary::{Category, Clause, Kind, Purpose, Vocabulary};

impl Ruleset {
    /// Compiles `spec`. `vocabulary` must hold its names: see [`Vocabulary::with`].
    ///
    /// # Errors
    /// When a rule uses a name that is not declared, or there are too many clauses.
    pub fn new(spec: &Spec, vocabulary: &Vocabulary) -> Result<Self, Fault> {
        let mut build = Build { spec, names: vocabulary, clauses: Clauses::default() };
        let first = build.clauses.intern(spec.clauses().first().copied().unwrap_or(""))?;
        let silence = build.silence()?;
        let minors = spec.minors.as_ref().map(|it| build.clauses.intern(&it.clause)).transpose()?;
        let change = spec.change.as_ref().map(|it| build.clauses.intern(it)).transpose()?;
        let cells = build.cells()?;
        let sources = build.sources()?;
        let keeps = build.keeps()?;
        let recipients = build.recipients()?;
        let (shares, transfers) = (build.shares()?, build.transfers()?);
        let disclosures = build.disclosures()?;
        let rights = build.rights()?;
        let widened = build.widened()?;
        let cease = spec.cease.as_ref().map(|it| build.clauses.intern(it)).transpose()?;
        let endings = build.endings()?;
        Ok(Self {
            version: spec.version,
            vocabulary: vocabulary.clone(),
            regions: vocabulary.names(Kind::Region).len(),
            widest: widened.iter().map(|it| it.version).max().unwrap_or(0),
            clauses: build.clauses.into_list(),
            first,
            cells,
            sources,
            keeps,
            recipients,
            shares,
            transfers,
            disclosures,
            rights,
            widened,
            silence,
            minors,
            change,
            cease,
            endings,
        })
    }
}

struct Build<'a> {
    spec: &'a Spec,
    names: &'a Vocabulary,
    clauses: Clauses,
}

fn known<T>(found: Option<T>, name: &str) -> Result<T, Fault> {
    found.ok_or_else(|| Fault::Undeclared(name.to_owned()))
}

impl Build<'_> {
    fn categories(&self, ids: &BTreeSet<String>) -> Result<Set<Category>, Fault> {
        ids.iter().map(|id| known(self.names.category(id), id)).collect()
    }

    fn purposes(&self, ids: &BTreeSet<String>) -> Result<Set<Purpose>, Fault> {
        ids.iter().map(|id| known(self.names.purpose(id), id)).collect()
    }

    fn silence(&mut self) -> Result<Silence, Fault> {
        let spec = self.spec;
        let mut clause = |act: &str| -> Result<Option<Clause>, Fault> {
            spec.silence.get(act).map(|id| self.clauses.intern(id)).transpose()
        };
        Ok(Silence {
            collect: clause("collect")?,
            uses: clause("use")?,
            share: clause("share")?,
            transfer: clause("transfer")?,
            disclose: clause("disclose")?,
            publish: clause("publish")?,
            exercise: clause("exercise")?,
        })
    }

    fn cells(&mut self) -> Result<Vec<Cell>, Fault> {
        let mut cells = Vec::new();
        for purpose in self.names.names(Kind::Purpose) {
            for region in self.names.names(Kind::Region) {
                cells.push(self.cell(self.spec.purposes.get(purpose), region)?);
            }
        }
        Ok(cells)
    }

    fn cell(&mut self, purpose: Option<&PurposeSpec>, region: &str) -> Result<Cell, Fault> {
        let Some(purpose) = purpose else { return Ok(Cell::undeclared()) };
        let terms = purpose.regions.get(region).unwrap_or(&purpose.general);
        Ok(Cell {
            uses: self.categories(&purpose.uses)?,
            states: states(terms),
            said: said(terms),
            clause: self.clauses.intern(&purpose.clause)?,
            basis: terms.basis,
            declared: self.spec.regions.contains_key(region),
        })
    }

    fn sources(&mut self) -> Result<Vec<Option<SourceRow>>, Fault> {
        let mut rows = Vec::new();
        for id in self.names.names(Kind::Source) {
            let Some(source) = self.spec.sources.get(id) else {
                rows.push(None);
                continue;
            };
            let takes = self.spec.categories.iter().filter(|(_, it)| it.sources.contains(id));
            let takes: BTreeSet<String> = takes.map(|(category, _)| category.clone()).collect();
            let mut brings = self.categories(&takes)?;
            if let Some(bounds) = &source.brings {
                brings = brings.and(self.categories(bounds)?);
            }
            let purposes = source.purposes.as_ref().map(|it| self.purposes(it)).transpose()?;
            let clause = self.clauses.intern(&source.clause)?;
            rows.push(Some(SourceRow { brings, purposes, clause }));
        }
        Ok(rows)
    }

    fn endings(&self) -> Result<Vec<EndingRow>, Fault> {
        let ended = |of: &spec::Ended| {
            Ok(match of {
                spec::Ended::Service { answered } => {
                    Ended::Service { answered: self.purposes(answered)? }
                }
                spec::Ended::Product { purposes, categories } => Ended::Product {
                    purposes: self.purposes(purposes)?,
                    categories: self.categories(categories)?,
                },
            })
        };
        let rows = self.spec.endings.iter();
        rows.map(|it| Ok(EndingRow { from: it.from, what: ended(&it.what)? })).collect()
    }

    fn keeps(&mut self) -> Result<Vec<Option<Clause>>, Fault> {
        let ids = self.names.names(Kind::Category).iter();
        ids.map(|id| {
            let category = self.spec.categories.get(id);
            category.map(|it| self.clauses.intern(&it.keep_clause)).transpose()
        })
        .collect()
    }

    fn recipients(&mut self) -> Result<Vec<Option<RecipientRow>>, Fault> {
        let mut rows = Vec::new();
        for id in self.names.names(Kind::Recipient) {
            let Some(recipient) = self.spec.recipients.get(id) else {
                rows.push(None);
                continue;
            };
            let region = recipient.region.as_ref();
            rows.push(Some(RecipientRow {
                public: recipient.role == Role::Public,
                region: region.map(|it| known(self.names.region(it), it)).transpose()?,
                agreement: recipient.agreement,
                clause: self.clauses.intern(&recipient.clause)?,
            }));
        }
        Ok(rows)
    }

    fn shares(&mut self) -> Result<Vec<ShareRow>, Fault> {
        let mut rows = Vec::new();
        for (id, share) in &self.spec.shares {
            rows.push(ShareRow {
                share: known(self.names.share(id), id)?,
                to: known(self.names.recipient(&share.to), &share.to)?,
                purpose: known(self.names.purpose(&share.purpose), &share.purpose)?,
                categories: self.categories(&share.categories)?,
                form: share.form,
                consent: share.consent,
                clause: self.clauses.intern(&share.clause)?,
            });
        }
        Ok(rows)
    }

    fn transfers(&mut self) -> Result<Vec<TransferRow>, Fault> {
        let mut rows = Vec::new();
        for (id, transfer) in &self.spec.transfers {
            let recipient = &transfer.recipient;
            rows.push(TransferRow {
                transfer: known(self.names.transfer(id), id)?,
                from: known(self.names.region(&transfer.from), &transfer.from)?,
                to: known(self.names.region(&transfer.to), &transfer.to)?,
                recipient: known(self.names.recipient(recipient), recipient)?,
                purpose: known(self.names.purpose(&transfer.purpose), &transfer.purpose)?,
                categories: self.categories(&transfer.categories)?,
                clause: self.clauses.intern(&transfer.clause)?,
            });
        }
        Ok(rows)
    }

    fn disclosures(&mut self) -> Result<Vec<(crate::Ground, Clause, u8)>, Fault> {
        let all = self.spec.disclosures.values();
        all.map(|it| Ok((it.ground, self.clauses.intern(&it.clause)?, it.approvers))).collect()
    }

    fn rights(&mut self) -> Result<Vec<(crate::Right, Clause)>, Fault> {
        let all = self.spec.rights.iter();
        all.map(|(right, it)| Ok((*right, self.clauses.intern(&it.clause)?))).collect()
    }

    fn widened(&mut self) -> Result<Vec<WideningRow>, Fault> {
        let mut rows = Vec::new();
        for widening in &self.spec.widened {
            let rule = match &widening.rule {
                Widened::Purpose(id) => WidenedRule::Purpose(known(self.names.purpose(id), id)?),
                Widened::Share(id) => WidenedRule::Share(known(self.names.share(id), id)?),
                Widened::Transfer(id) => WidenedRule::Transfer(known(self.names.transfer(id), id)?),
            };
            let categories = self.categories(&widening.categories)?;
            rows.push(WideningRow { version: widening.version, rule, categories });
        }
        Ok(rows)
    }
}

/// The first clause by its id is interned before all others.
const FIRST: Clause = Clause(0);

impl Cell {
    fn undeclared() -> Self {
        Self {
            uses: Set::EMPTY,
            states: [0; STATES],
            said: [0; Said::COUNT],
            clause: FIRST,
            basis: Basis::Consent,
            declared: false,
        }
    }
}

/// What refuses a purpose, by age and account state: 0, or the reason plus one.
fn states(terms: &PurposeTerms) -> [u8; STATES] {
    let mut states = [0; STATES];
    let pairs = Age::ALL.iter().flat_map(|age| Account::ALL.iter().map(move |it| (*age, *it)));
    for (state, (age, account)) in states.iter_mut().zip(pairs) {
        *state = code(account::refuses(terms, account).or_else(|| minors::refuses(terms, age)));
    }
    states
}

/// What refuses a purpose, by what was said to it.
fn said(terms: &PurposeTerms) -> [u8; Said::COUNT] {
    let mut refuses = [0; Said::COUNT];
    for (refused, said) in refuses.iter_mut().zip(Said::all()) {
        *refused = code(consent::refuses(terms, said));
    }
    refuses
}

/// 0, or the reason plus one.
fn code(reason: Option<Reason>) -> u8 {
    reason.map_or(0, |it| (it as u8).saturating_add(1))
}

/// Holds the interface of positions: a category's position is below the limit.
const _: () = assert!(crate::limit::CATEGORIES_MAX <= 64);
