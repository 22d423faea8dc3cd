//! What happens to each row of a backup on its way back: what was erased since stays away, and a no
//! that was said since counts. Nothing is ever widened: a yes that was said since is asked for anew.

mod more;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use decide::id::HoldId;
use decide::{Account, PersonId, RegionCode, Timestamp};

use super::changes::{Bits, State};
use super::list::List;
use super::{BackupFault, OWN_KEY};
use crate::log::Hash;
use crate::moving::side::Cells;
use crate::moving::table::Table;
use crate::place::Place;
use crate::sealed::WrappedKey;
use crate::sql::Value;

pub use more::RESTORED;

/// The job that closes an account, and those that end holds: they are as the list says.
const ERASE: &str = "erase";
const HOLD_ENDS: &str = "hold-ends";
/// Jobs that outlive their person, beside those that end holds.
const OUTLIVES: &str = "deliver/";
/// How a hold stands that ended while there is nobody any more.
const ENDED: &str = "ended";

/// How much may be done with somebody of an age, by its position: less first.
const AGES: [u8; 6] = [0, 5, 3, 4, 1, 2];

/// What is known while rows come back.
pub(super) struct Apply<'a> {
    list: &'a List,
    now: Timestamp,
    /// Keys of cases that outlive their person.
    own_keys: BTreeMap<Vec<Vec<u8>>, Value>,
    /// Where entries stand that the backup does not know the place of.
    places: BTreeMap<Hash, u64>,
    /// How far the backup's own places are good.
    known: u64,
    /// Who is there and has changed since.
    changed: BTreeMap<PersonId, &'a State>,
    /// Who of them was erased already when the backup was made: it has the newer cases.
    long_gone: BTreeSet<PersonId>,
    /// Who of them waits for a guardian now, and did not then.
    waiting: BTreeSet<PersonId>,
    /// Browsers: who is known by nothing else than a session.
    visitors: BTreeSet<PersonId>,
    pub(super) erased: u64,
    pub(super) narrowed: u64,
}

impl<'a> Apply<'a> {
    pub(super) const fn new(list: &'a List, known: u64, now: Timestamp) -> Self {
        Self {
            list,
            now,
            own_keys: BTreeMap::new(),
            places: BTreeMap::new(),
            known,
            changed: BTreeMap::new(),
            long_gone: BTreeSet::new(),
            waiting: BTreeSet::new(),
            visitors: BTreeSet::new(),
            erased: 0,
            narrowed: 0,
        }
    }

    /// An entry stands there.
    pub(super) fn placed(&mut self, entry: Hash, index: u64) {
        self.places.insert(entry, index);
    }

    /// The key of a case.
    pub(super) fn own_key(&mut self, row: &[Value]) {
        if let [person, case, key] = row {
            self.own_keys.insert(vec![bytes(person), bytes(case)], key.clone());
        }
    }

    /// A person's key: nothing where the person was erased.
    pub(super) fn person_key(&self, region: RegionCode, mut row: Cells) -> Cells {
        let gone = person(region, row.first())
            .and_then(|it| self.list.states().get(&it))
            .is_some_and(|it| it.erased);
        if let Some(key) = row.get_mut(1).filter(|_| gone) {
            *key = Value::Bytes(WrappedKey::DESTROYED.as_bytes().to_vec());
        }
        row
    }

    /// The row as it goes back; `None` for one that does not.
    pub(super) fn row(
        &mut self,
        (place, table): (&Place, &Table),
        row: Cells,
    ) -> Result<Option<Cells>, BackupFault> {
        match place {
            Place::Kept => Ok(Some(self.ended(table, row))),
            Place::People(region) if table.name == "people" => self.someone(*region, row).map(Some),
            Place::People(region) | Place::Records(region) if table.placed => {
                // What the log attests of somebody is nothing of theirs.
                let attested = table.at("sealed").and_then(|it| row.get(it)).map(bytes);
                let attested = attested.is_some_and(|it| it.is_empty());
                if self.is_gone(person(*region, row.first())) && !attested {
                    return Ok(None);
                }
                Ok(Some(self.placing(table, row)))
            }
            Place::People(region) => Ok(self.of_person(*region, table, row)),
            Place::Records(_) | Place::Events(..) if table.placed => {
                Ok(Some(self.placing(table, row)))
            }
            Place::Records(_) | Place::Events(..) => Ok(Some(row)),
        }
    }

    fn is_gone(&self, person: Option<PersonId>) -> bool {
        person.and_then(|it| self.changed.get(&it)).is_some_and(|it| it.erased)
    }

    /// A key or a member of staff that was ended since.
    fn ended(&self, table: &Table, mut row: Cells) -> Cells {
        let listed = match row.first() {
            Some(Value::Text(id)) => self.list.ended().contains(id),
            Some(Value::Null | Value::Int(_) | Value::Id(_) | Value::Hash(_) | Value::Bytes(_))
            | None => false,
        };
        let at = table.at("ended").filter(|_| listed);
        if let Some(ended) = at.and_then(|it| row.get_mut(it)).filter(|it| **it == Value::Null) {
            *ended = self.now.into();
        }
        row
    }

    /// Where an entry stands in the log that is there now; nothing for one that waits for its place.
    fn placing(&self, table: &Table, mut row: Cells) -> Cells {
        let leaf = table.at("leaf").and_then(|it| row.get(it)).map(bytes);
        let Some(at) = row.last_mut() else { return row };
        if !matches!(at, Value::Int(it) if it.cast_unsigned() < self.known) {
            let leaf = leaf.and_then(|it| Hash::from_slice(&it));
            *at = leaf.and_then(|it| self.places.get(&it).copied()).into();
        }
        row
    }

    fn someone(&mut self, region: RegionCode, row: Cells) -> Result<Cells, BackupFault> {
        let wrong = || BackupFault::format("a person's row has other columns");
        let who = person(region, row.first()).ok_or_else(wrong)?;
        let numbers: Vec<u64> =
            row.iter().skip(1).map(number).collect::<Option<_>>().ok_or_else(wrong)?;
        let [
            version,
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
        ] = numbers.as_slice()
        else {
            return Err(wrong());
        };
        let then = Bits {
            given: *given,
            refused: *refused,
            objected: *objected,
            shares: *shares,
            transfers: *transfers,
            age: *age,
            account: *account,
        };
        if *account == Account::Visitor as u64 {
            self.visitors.insert(who);
        }
        let list = self.list;
        let since = list.states().get(&who).filter(|it| it.erased || it.version > *version);
        let (mut now, mut version, mut adopted) = (then, *version, *adopted);
        // Who was swept is swept again: records may have been read before that.
        let mut gone = u64::from(*erased != 0);
        if let Some(state) = since {
            version = version.max(state.version).saturating_add(1);
            if gone != 0 {
                self.long_gone.insert(who);
            }
            if state.erased && gone == 0 {
                self.erased = self.erased.saturating_add(1);
                (now, gone, adopted) = (CLOSED, 1, 0);
            } else if gone == 0 {
                self.narrowed = self.narrowed.saturating_add(1);
                now = narrowed(then, state.facts);
                let waits = Account::AwaitingGuardian as u64;
                if now.account == waits && then.account != waits {
                    self.waiting.insert(who);
                }
            }
            self.changed.insert(who, state);
        }
        let Bits { given, refused, objected, shares, transfers, age, account } = now;
        let numbers = [
            version, given, refused, objected, shares, transfers, adopted, *home, age, account,
            gone,
        ];
        Ok(row.into_iter().take(1).chain(numbers.map(Value::from)).collect())
    }

    /// The other rows of a region's people.
    fn of_person(&self, region: RegionCode, table: &Table, row: Cells) -> Option<Cells> {
        let who = table.at("person_id").and_then(|it| person(region, row.get(it)));
        let state = who.and_then(|it| self.changed.get(&it)).copied();
        let gone = state.is_some_and(|it| it.erased);
        match table.name {
            // Nobody stays signed in; a browser is known by its session alone.
            "sessions" => {
                (!gone && who.is_some_and(|it| self.visitors.contains(&it))).then_some(row)
            }
            "person_values" => {
                let hold = table.at("hold").and_then(|it| row.get(it));
                // What came free since is as all else.
                let stays = |it: &State| stands(it, hold) || (!gone && holds(it, row.get(1)));
                state.is_none_or(stays).then_some(row)
            }
            "blinds" => {
                let stays = state.is_none_or(|it| !gone && holds(it, row.get(1)));
                stays.then_some(row)
            }
            "jobs" => self.job(state, row),
            "cases" => Some(self.case(state, table, row)),
            "case_notes" => {
                let stays = !gone || state.is_some_and(|it| stands(it, row.get(1)));
                stays.then_some(row)
            }
            _ => (!gone).then_some(row),
        }
    }

    /// A job of somebody. What stands in the list comes in its place; a hold that was lifted since ends
    /// at once, for what it covered is there again.
    fn job(&self, state: Option<&State>, mut row: Cells) -> Option<Cells> {
        let Some(state) = state else { return Some(row) };
        let kind = row.get(1).map(bytes).unwrap_or_default();
        let kind = String::from_utf8(kind).ok()?;
        if let Some((HOLD_ENDS, id)) = kind.split_once('/') {
            let hold = HoldId::parse(id).map(|it| Value::Bytes(it.bits().to_be_bytes().to_vec()));
            let lifted = hold.is_some_and(|it| !stands(state, Some(&it)));
            if state.erased || !lifted {
                return None;
            }
            for at in row.iter_mut().skip(2).take(2) {
                *at = self.now.into();
            }
            return Some(row);
        }
        let stays = !kind.starts_with(ERASE) && (!state.erased || kind.starts_with(OUTLIVES));
        stays.then_some(row)
    }

    /// A case of somebody. One with a key of its own outlives the person only as long as it stands.
    fn case(&self, state: Option<&State>, table: &Table, mut row: Cells) -> Cells {
        let own = self.own(&row).cloned();
        let over = state.is_some_and(|it| it.erased && !stands(it, row.get(1)));
        let ended = over && own.is_some();
        let mut put = |name: &str, value: Value| {
            if let Some(cell) = table.at(name).and_then(|it| row.get_mut(it)) {
                *cell = value;
            }
        };
        if over {
            put("sealed", Value::Null);
        }
        if ended {
            put("state", ENDED.into());
            put("open", Value::Int(0));
        } else if let Some(own) = own {
            put(OWN_KEY, own);
        }
        row
    }

    /// The key of the case that a row is of.
    fn own(&self, row: &[Value]) -> Option<&Value> {
        let (person, case) = (row.first()?, row.get(1)?);
        self.own_keys.get(&vec![bytes(person), bytes(case)])
    }
}

/// What is left of the facts of somebody erased.
const CLOSED: Bits = Bits {
    given: 0,
    refused: 0,
    objected: 0,
    shares: 0,
    transfers: 0,
    age: 0,
    account: Account::Closed as u64,
};

/// What both allow.
fn narrowed(then: Bits, since: Bits) -> Bits {
    let rank = |age: u64| usize::try_from(age).ok().and_then(|it| AGES.get(it)).unwrap_or(&0);
    Bits {
        given: then.given & since.given,
        refused: then.refused | since.refused,
        objected: then.objected | since.objected,
        shares: then.shares & since.shares,
        transfers: then.transfers & since.transfers,
        age: if rank(since.age) < rank(then.age) { since.age } else { then.age },
        account: account(then.account, since.account),
    }
}

/// A closing counts, and so does taking it back; a restriction counts, and so does having to wait for a
/// guardian. What was proved or lifted since is proved or lifted again.
fn account(then: u64, since: u64) -> u64 {
    const ACTIVE: u64 = Account::Active as u64;
    const RESTRICTED: u64 = Account::Restricted as u64;
    const CLOSING: u64 = Account::Closing as u64;
    const AWAITING: u64 = Account::AwaitingGuardian as u64;
    match (then, since) {
        (_, CLOSING | AWAITING) | (ACTIVE, RESTRICTED) | (CLOSING, _) => since,
        (then, _) => then,
    }
}

/// Whether a hold stands, by its id.
fn stands(state: &State, hold: Option<&Value>) -> bool {
    let hold = hold.filter(|it| **it != Value::Null).map(bytes);
    hold.is_some_and(|hold| {
        state.holds.iter().any(|it| it.get(1).map(bytes).as_ref() == Some(&hold))
    })
}

/// Whether something of the category of a row is still held.
fn holds(state: &State, category: Option<&Value>) -> bool {
    let bit = category.and_then(number).and_then(|it| u32::try_from(it).ok());
    bit.and_then(|it| 1_u64.checked_shl(it)).is_some_and(|it| state.values & it != 0)
}

fn person(region: RegionCode, id: Option<&Value>) -> Option<PersonId> {
    let id = bytes(id?).try_into().ok()?;
    Some(PersonId::new(region, u128::from_be_bytes(id)))
}

fn number(value: &Value) -> Option<u64> {
    match value {
        Value::Int(it) => Some(it.cast_unsigned()),
        Value::Null | Value::Id(_) | Value::Hash(_) | Value::Bytes(_) | Value::Text(_) => None,
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    match value {
        Value::Null => Vec::new(),
        Value::Int(it) => it.to_be_bytes().to_vec(),
        Value::Id(it) => it.to_vec(),
        Value::Hash(it) => it.to_vec(),
        Value::Bytes(it) => it.clone(),
        Value::Text(it) => it.as_bytes().to_vec(),
    }
}

/// The order in which both engines have the keys of two rows: numbers by size, all else by bytes.
pub(super) fn in_order(a: &[Value], b: &[Value], width: usize) -> Ordering {
    let each = a.iter().zip(b).take(width).map(|(a, b)| match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (a, b) => bytes(a).cmp(&bytes(b)),
    });
    each.fold(Ordering::Equal, Ordering::then)
}

#[cfg(test)]
mod tests;
