//! What the other engines are told of the policy: for each purpose and region the same facts that our
//! compiler puts into tables, by name, so that they too need not work out at each question what the
//! policy has settled.

use std::collections::BTreeSet;

use decide::spec::{Basis, Default as Standing, Minors, PurposeTerms, Spec, Widened};
use decide::{Account, Age};

/// One purpose in one region.
pub(super) struct Table {
    pub(super) purpose: String,
    pub(super) region: String,
    pub(super) uses: BTreeSet<String>,
    /// `age/account`, where neither refuses.
    pub(super) states: Vec<String>,
    /// Whether a choice moves it.
    pub(super) moves: bool,
    /// Whether it needs a yes.
    pub(super) asks: bool,
    pub(super) gpc: &'static str,
    pub(super) dnt: &'static str,
    /// The version that widened it, and by which categories.
    pub(super) newest: u32,
    pub(super) newer: BTreeSet<String>,
}

pub(super) fn tables(spec: &Spec) -> Vec<Table> {
    let mut tables = Vec::new();
    for (id, purpose) in &spec.purposes {
        let widened = spec.widened.iter().find(|it| it.rule == Widened::Purpose(id.clone()));
        for region in spec.regions.keys() {
            let terms = purpose.regions.get(region).unwrap_or(&purpose.general);
            let moves = !needed(terms.basis);
            tables.push(Table {
                purpose: id.clone(),
                region: region.clone(),
                uses: purpose.uses.clone(),
                states: states(terms),
                moves,
                asks: moves && terms.default == Standing::Refused,
                gpc: terms.gpc.word(),
                dnt: terms.dnt.word(),
                newest: widened.map_or(0, |it| it.version),
                newer: widened.map(|it| it.categories.clone()).unwrap_or_default(),
            });
        }
    }
    tables
}

/// Age and account state as one word.
pub(super) fn state(age: Age, account: Account) -> String {
    format!("{}/{}", age.word(), account.word())
}

fn states(terms: &PurposeTerms) -> Vec<String> {
    let pairs = Age::ALL.iter().flat_map(|age| Account::ALL.iter().map(|it| (*age, *it)));
    pairs.filter(|it| serves(terms, *it)).map(|(age, account)| state(age, account)).collect()
}

fn needed(basis: Basis) -> bool {
    matches!(basis, Basis::Contract | Basis::LegalDuty | Basis::VitalInterest)
}

fn serves(terms: &PurposeTerms, (age, account): (Age, Account)) -> bool {
    let (needed, same) = (needed(terms.basis), terms.minors == Minors::Same);
    let account_serves = match account {
        Account::Visitor | Account::Active => true,
        Account::Unverified => needed,
        Account::AwaitingGuardian => needed && same,
        Account::Restricted => matches!(terms.basis, Basis::LegalDuty | Basis::VitalInterest),
        Account::Closing | Account::Closed => false,
    };
    let age_serves = match terms.minors {
        Minors::Never => age == Age::Adult,
        Minors::Guardian => age != Age::Child && (age != Age::Minor || needed),
        Minors::Same => age != Age::Child || needed,
    };
    account_serves && age_serves
}
