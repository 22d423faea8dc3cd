//! Rows that come in beside what a backup has: what the list knows of people that must not be lost with
//! the disk. Whoever has something of the erased is told still, and what was begun comes to its end.

use decide::{PersonId, RegionCode};

use super::{Apply, CLOSED, HOLD_ENDS, OUTLIVES, in_order};
use crate::backup::changes::{Bits, State};
use crate::backup::{CODES, KEYS};
use crate::job::JobKind;
use crate::limit::AWAITING_MILLIS;
use crate::moving::side::Cells;
use crate::moving::table::Table;
use crate::place::Place;
use crate::sealed::WrappedKey;
use crate::sql::Value;

/// The job of a person for whom something was applied: it puts that on the record.
pub const RESTORED: JobKind = JobKind::named("restored");
/// The job by which a wait for a guardian ends.
const AWAITING_PROOF: &str = "awaiting-proof";

impl Apply<'_> {
    /// Rows that come in beside, or in the place of, what a backup has in a table, in its order.
    pub(in crate::backup) fn more(&self, (place, table): (&Place, &Table)) -> Vec<Cells> {
        let Place::People(region) = place else { return Vec::new() };
        let here = self.here(*region);
        let mut rows: Vec<Cells> = match table.name {
            "people" => gone(self.here(*region)).map(nobody).collect(),
            KEYS => gone(self.here(*region)).map(no_key).collect(),
            "person_values" => here.flat_map(|it| it.held.clone()).collect(),
            "cases" => here.flat_map(|it| self.cases(it)).collect(),
            "jobs" => here.flat_map(|it| self.jobs(it)).collect(),
            CODES => here.flat_map(|it| it.codes.clone()).collect(),
            "records of changes" => here.flat_map(|it| self.attested(it)).collect(),
            _ => Vec::new(),
        };
        let width = table.key.len();
        rows.sort_by(|a, b| in_order(a, b, width));
        rows
    }

    /// Who changed since; and who came and was erased since, of whom no backup knows.
    fn here(&self, region: RegionCode) -> impl Iterator<Item = &State> {
        let known = |it: &PersonId, erased| erased || self.changed.contains_key(it);
        let here = self.list.states().values().filter(move |it| it.person.region() == region);
        here.filter(move |it| known(&it.person, it.erased && !it.is_bare()))
    }

    fn cases(&self, state: &State) -> Vec<Cells> {
        let fresh = !self.long_gone.contains(&state.person);
        let others = state.cases.iter().filter(move |_| fresh);
        state.holds.iter().chain(others).cloned().collect()
    }

    fn jobs(&self, state: &State) -> Vec<Cells> {
        let person = state.person;
        let named = |it: &Cells, is: &dyn Fn(&str) -> bool| matches!(it.get(1), Some(Value::Text(kind)) if is(kind));
        let long_gone = self.long_gone.contains(&person);
        let told = |kind: &str| kind.starts_with(OUTLIVES);
        let over = |kind: &str| kind.starts_with(HOLD_ENDS) || told(kind);
        let stays = |it: &&Cells| {
            let lives = !state.erased || named(it, &over);
            lives && !(long_gone && named(it, &told))
        };
        let mut jobs: Vec<Cells> = state.ends.iter().filter(stays).cloned().collect();
        let mut due = |kind: &str, at: Value| {
            jobs.push(vec![person.into(), kind.into(), at.clone(), at, Value::Int(0)]);
        };
        if !state.erased && self.changed.contains_key(&person) {
            due(RESTORED.as_str(), self.now.into());
        }
        // A list of before knows of the wait, and not of its end.
        let ends = state.ends.iter().any(|it| named(it, &|kind| kind == AWAITING_PROOF));
        if self.waiting.contains(&person) && !ends {
            due(AWAITING_PROOF, self.now.plus_millis(AWAITING_MILLIS).into());
        }
        jobs
    }

    /// What the log attests of somebody, and where it stands there.
    fn attested(&self, state: &State) -> Vec<Cells> {
        let fresh = !self.long_gone.contains(&state.person);
        let all = state.attested.iter().filter(|_| fresh).map(|it| {
            let leaf = it.get(3).and_then(|it| crate::log::Hash::from_slice(&super::bytes(it)));
            let at = leaf.and_then(|it| self.places.get(&it).copied());
            it.iter().cloned().chain([Value::Bytes(Vec::new()), at.into()]).collect()
        });
        all.collect()
    }
}

/// Of the erased: their row may be missing, and what is left of them has to be somebody's.
fn gone<'a>(here: impl Iterator<Item = &'a State>) -> impl Iterator<Item = &'a State> {
    here.filter(|it| it.erased)
}

/// The row of somebody who was erased.
fn nobody(state: &State) -> Cells {
    let Bits { given, refused, objected, shares, transfers, age, account } = CLOSED;
    let (adopted, home, erased) = (0, 0, 1);
    let numbers = [
        state.version,
        given,
        refused,
        objected,
        shares,
        transfers,
        adopted,
        home,
        age,
        account,
        erased,
    ];
    std::iter::once(state.person.into()).chain(numbers.map(Value::from)).collect()
}

fn no_key(state: &State) -> Cells {
    vec![state.person.into(), Value::Bytes(WrappedKey::DESTROYED.as_bytes().to_vec())]
}
