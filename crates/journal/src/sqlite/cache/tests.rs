use super::{Cache, SHARDS, Spread, Weigh};
use crate::fault::Fault;

#[derive(Debug, Clone, PartialEq, Eq)]
struct Row(usize);

impl Weigh for Row {
    fn weigh(&self) -> Option<usize> {
        (self.0 < 1_000).then_some(100)
    }
}

impl Spread for u8 {
    fn spread(&self) -> usize {
        0
    }
}

fn broken() -> Result<Option<Row>, Fault> {
    Err(Fault::broken("read again"))
}

fn room_for(rows: usize) -> Cache<u8, Row> {
    Cache::new(rows * 100 * SHARDS)
}

#[test]
fn reads_once_until_it_is_forgotten() {
    let cache = room_for(16);
    let read = || Ok(Some(Row(1)));
    assert_eq!(cache.get(&1, read).unwrap().as_deref(), Some(&Row(1)));
    assert_eq!(cache.get(&1, broken).unwrap().as_deref(), Some(&Row(1)));
    cache.forget(&1);
    assert_eq!(cache.get(&1, || Ok(Some(Row(2)))).unwrap().as_deref(), Some(&Row(2)));
    cache.forget_all();
    cache.get(&1, broken).unwrap_err();
}

#[test]
fn does_not_keep_what_changed_while_it_was_read() {
    let cache = room_for(16);
    let overtaken = || {
        cache.forget(&1);
        Ok(Some(Row(1)))
    };
    assert_eq!(cache.get(&1, overtaken).unwrap().as_deref(), Some(&Row(1)));
    assert_eq!(cache.get(&1, || Ok(Some(Row(2)))).unwrap().as_deref(), Some(&Row(2)));
}

#[test]
fn keeps_neither_nobody_nor_what_is_too_large() {
    let cache = room_for(16);
    assert_eq!(cache.get(&1, || Ok(None)).unwrap(), None);
    assert_eq!(cache.get(&1, || Ok(Some(Row(5_000)))).unwrap().as_deref(), Some(&Row(5_000)));
    assert_eq!(cache.get(&1, || Ok(None)).unwrap(), None);
}

#[test]
fn lets_go_of_what_nobody_wants_any_longer() {
    let cache = room_for(8);
    for it in 0..4 {
        cache.get(&it, || Ok(Some(Row(1)))).unwrap();
    }
    for it in 10..13 {
        cache.get(&0, broken).unwrap();
        cache.get(&it, || Ok(Some(Row(1)))).unwrap();
    }
    for it in 20..24 {
        cache.get(&0, broken).unwrap();
        cache.get(&it, || Ok(Some(Row(1)))).unwrap();
    }
    cache.get(&1, broken).unwrap_err();
    cache.get(&0, broken).unwrap();
}
