use super::*;
use crate::backup::Node;
use crate::backup::changes::Shipment;
use crate::backup::changes::tests::state;
use crate::moving::table;

fn cn() -> RegionCode {
    RegionCode::new("cn").unwrap()
}

fn list(states: Vec<State>) -> List {
    let at = Node { size: 0, root: Hash::empty() };
    List::new(vec![Shipment::of_people(at, states, vec!["key_1".to_owned()])])
}

fn table_of(name: &str) -> &'static Table {
    table::of(&Place::People(cn())).iter().find(|it| it.name == name).unwrap()
}

fn person_row(n: u128, version: i64, given: i64, account: Account) -> Cells {
    let mut row =
        vec![Value::Bytes(n.to_be_bytes().to_vec()), Value::Int(version), Value::Int(given)];
    row.extend([0, 0, 0, 0, 1, 0, 1].map(Value::Int));
    row.push(Value::Int(account as i64));
    row.push(Value::Int(0));
    row
}

/// Puts a person through, then a row of theirs.
fn through(state: State, account: Account, name: &str, row: Cells) -> Option<Cells> {
    let n = state.person.bits();
    let list = list(vec![state]);
    let mut apply = Apply::new(&list, 0, Timestamp::from_millis(9));
    let place = Place::People(cn());
    apply.row((&place, table_of("people")), person_row(n, 3, -1, account)).unwrap().unwrap();
    apply.row((&place, table_of(name)), row).unwrap()
}

#[test]
fn facts_narrow_and_never_widen() {
    let then = Bits { given: 0b011, refused: 0b100, objected: 1, shares: 3, ..Bits::default() };
    let since = Bits { given: 0b110, refused: 0b001, objected: 2, shares: 1, ..Bits::default() };
    let now = narrowed(then, since);
    assert_eq!((now.given, now.refused, now.objected, now.shares), (0b010, 0b101, 3, 1));
}

#[test]
fn an_account_is_what_counts_since() {
    use Account::{Active, AwaitingGuardian, Closing, Restricted, Unverified};
    for (then, since, now) in [
        (Active, Restricted, Restricted),
        (Active, Closing, Closing),
        (Closing, Active, Active),
        (Restricted, Active, Restricted),
        (Unverified, Active, Unverified),
        (Active, AwaitingGuardian, AwaitingGuardian),
        (AwaitingGuardian, Restricted, AwaitingGuardian),
    ] {
        assert_eq!(account(then as u64, since as u64), now as u64, "{then:?} {since:?}");
    }
}

#[test]
fn nothing_of_the_erased_comes_back() {
    let id = Value::Bytes(1_u128.to_be_bytes().to_vec());
    let gone = || State { erased: true, ..state(1, 9) };
    let value = vec![
        id.clone(),
        Value::Int(0),
        Value::Int(0),
        Value::Int(0),
        Value::Null,
        Value::Bytes(vec![7]),
        Value::Null,
    ];
    assert_eq!(through(gone(), Account::Active, "person_values", value.clone()), None);
    let mut held = value.clone();
    held[6] = Value::Bytes(vec![1; 16]);
    assert_eq!(
        through(gone(), Account::Active, "person_values", held.clone()),
        None,
        "lifted since"
    );
    let case = vec![id.clone(), Value::Bytes(vec![1; 16])];
    let stands = || State { holds: vec![case.clone()], ..gone() };
    assert_eq!(through(stands(), Account::Active, "person_values", held.clone()), Some(held));
    let blind = vec![Value::Bytes(vec![0; 32]), Value::Int(0), id.clone(), Value::Int(1)];
    assert_eq!(through(gone(), Account::Active, "blinds", blind), None);
    let job =
        |kind: &str| vec![id.clone(), kind.into(), Value::Int(1), Value::Int(1), Value::Int(0)];
    assert_eq!(through(gone(), Account::Active, "jobs", job("values-due")), None);
    assert!(through(gone(), Account::Active, "jobs", job("deliver/x")).is_some());
    assert_eq!(through(gone(), Account::Active, "jobs", job("erase")), None);
    let list = list(vec![gone()]);
    let apply = Apply::new(&list, 0, Timestamp::from_millis(9));
    let key = apply.person_key(cn(), vec![id, Value::Bytes(vec![5; 64])]);
    assert_eq!(key[1], Value::Bytes(vec![0; 64]));
}

#[test]
fn a_hold_that_was_lifted_since_ends_at_once() {
    let id = Value::Bytes(1_u128.to_be_bytes().to_vec());
    let hold = HoldId::new(cn(), 7);
    let kind = format!("hold-ends/{hold}");
    let job = vec![id.clone(), kind.as_str().into(), Value::Int(1), Value::Int(1), Value::Int(0)];
    let due = through(state(1, 9), Account::Active, "jobs", job.clone()).unwrap();
    assert_eq!(due[2..4], [Value::Int(9), Value::Int(9)]);
    let case = vec![id.clone(), Value::Bytes(7_u128.to_be_bytes().to_vec())];
    let stands = State { holds: vec![case], ..state(1, 9) };
    assert_eq!(through(stands, Account::Active, "jobs", job.clone()), None, "as the list says");
    let gone = State { erased: true, ..state(1, 9) };
    assert_eq!(through(gone, Account::Active, "jobs", job), None);
    let mut under = vec![id, Value::Int(1), Value::Int(0), Value::Int(0), Value::Null];
    under.extend([Value::Bytes(vec![7]), Value::Bytes(7_u128.to_be_bytes().to_vec())]);
    // Bits 0 and 2 are still under.
    assert_eq!(through(state(1, 9), Account::Active, "person_values", under.clone()), None);
    under[1] = Value::Int(2);
    assert!(through(state(1, 9), Account::Active, "person_values", under).is_some());
}

#[test]
fn what_was_deleted_since_stays_deleted_and_nobody_stays_signed_in() {
    let id = Value::Bytes(1_u128.to_be_bytes().to_vec());
    let value = |category| {
        let mut row = vec![id.clone(), Value::Int(category)];
        row.extend([Value::Int(0), Value::Int(0), Value::Null, Value::Bytes(vec![7]), Value::Null]);
        row
    };
    // Bits 0 and 2 are still held.
    assert!(through(state(1, 9), Account::Active, "person_values", value(2)).is_some());
    assert!(through(state(1, 9), Account::Active, "person_values", value(1)).is_none());
    assert!(through(state(1, 2), Account::Active, "person_values", value(1)).is_some(), "older");
    let session = vec![Value::Bytes(vec![1; 32]), id.clone(), Value::Int(0), Value::Int(9)];
    let session = [session, vec![Value::Text(String::new()), Value::Int(0)]].concat();
    assert!(through(state(1, 2), Account::Active, "sessions", session.clone()).is_none());
    assert!(through(state(1, 2), Account::Visitor, "sessions", session).is_some());
}

#[test]
fn a_closing_since_is_due_again_and_one_taken_back_is_not() {
    let id = Value::Bytes(1_u128.to_be_bytes().to_vec());
    let ends = vec![vec![id, "erase".into(), Value::Int(77), Value::Int(77), Value::Int(0)]];
    let list = list(vec![State { ends, ..state(1, 9) }, state(2, 9)]);
    let mut apply = Apply::new(&list, 0, Timestamp::from_millis(9));
    let place = Place::People(cn());
    for n in [1, 2] {
        let row = person_row(n, 3, 0, Account::Active);
        apply.row((&place, table_of("people")), row).unwrap();
    }
    let jobs = apply.more((&place, table_of("jobs")));
    let kinds: Vec<_> = jobs.iter().map(|it| (it[1].clone(), it[2].clone())).collect();
    let due = |kind: &str, at| (Value::Text(kind.to_owned()), Value::Int(at));
    assert_eq!(kinds, [due("erase", 77), due("restored", 9), due("restored", 9)]);
    let id = Value::Bytes(2_u128.to_be_bytes().to_vec());
    let row = vec![id, "erase".into(), Value::Int(1), Value::Int(1), Value::Int(0)];
    assert_eq!(apply.row((&place, table_of("jobs")), row).unwrap(), None);
}

/// A list of version 1 says that somebody waits, and not until when.
#[test]
fn a_wait_without_an_end_gets_one() {
    let waits = |n, ends| {
        let facts = Bits { account: Account::AwaitingGuardian as u64, ..state(n, 9).facts };
        State { facts, ends, ..state(n, 9) }
    };
    let id = Value::Bytes(2_u128.to_be_bytes().to_vec());
    let at = |it| Value::Int(it);
    let ends = vec![vec![id, "awaiting-proof".into(), at(77), at(77), at(0)]];
    let list = list(vec![waits(1, Vec::new()), waits(2, ends)]);
    let mut apply = Apply::new(&list, 0, Timestamp::from_millis(9));
    let place = Place::People(cn());
    for n in [1, 2] {
        let row = person_row(n, 3, 0, Account::Active);
        apply.row((&place, table_of("people")), row).unwrap();
    }
    let jobs = apply.more((&place, table_of("jobs")));
    let waits = jobs.iter().filter(|it| it[1] == "awaiting-proof".into());
    let dues: Vec<_> = waits.map(|it| it[2].clone()).collect();
    assert_eq!(dues, [at(9 + crate::limit::AWAITING_MILLIS), at(77)]);
}

#[test]
fn keys_that_were_ended_stay_ended() {
    let list = list(Vec::new());
    let mut apply = Apply::new(&list, 0, Timestamp::from_millis(9));
    let table = table::of(&Place::Kept).iter().find(|it| it.name == "app_keys").unwrap();
    let row = |id: &str| {
        let mut row = vec![Value::Text(id.to_owned())];
        row.extend(std::iter::repeat_n(Value::Null, 7));
        row
    };
    let ended = apply.row((&Place::Kept, table), row("key_1")).unwrap().unwrap();
    assert_eq!(ended.last(), Some(&Value::Int(9)));
    assert_eq!(apply.row((&Place::Kept, table), row("key_2")).unwrap(), Some(row("key_2")));
}
