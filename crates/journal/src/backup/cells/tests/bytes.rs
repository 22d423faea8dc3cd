//! What reads a backup and the list of changes takes every input: it ends, without a panic, and holds no
//! more than it was given.

use proptest::prelude::*;

use super::super::*;
use super::written;
use crate::backup::changes::{Node, Shipment};
use crate::backup::list::List;
use crate::log::Hash;

/// Reads to the end or to the first fault; answers how many cells came of it.
fn drained(mut from: &[u8]) -> usize {
    let mut cells = 0;
    while let Ok(item) = item(&mut from) {
        match item {
            Item::Rows(rows) => cells += rows.iter().map(|it| it.len().max(1)).sum::<usize>(),
            Item::End => break,
            Item::Header(_) | Item::Table { .. } => {}
        }
    }
    cells
}

fn mutated(whole: &[u8], changes: &[(prop::sample::Index, u8)]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for (at, put) in changes {
        let at = at.index(bytes.len());
        bytes[at] = *put;
    }
    bytes
}

fn shipment() -> Shipment {
    let states = (1..4).map(|it| crate::backup::changes::tests::state(it, 4)).collect();
    let at = Node { size: 7, root: Hash([7; 32]) };
    Shipment::of_people(at, states, vec!["key_1".to_owned()])
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(
        kind in prop::sample::select(b"HTRE\0\x01\xff".to_vec()),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let bytes = [&[kind], rest.as_slice()].concat();
        prop_assert!(drained(&bytes) <= bytes.len());
        drop(read_row(&mut rest.as_slice()));
        drop(Shipment::from_bytes(&bytes));
        drop(Shipment::from_bytes(&[&[1], rest.as_slice()].concat()));
        let text = String::from_utf8_lossy(&rest);
        prop_assert!(place_of(&text).is_none_or(|it| called(&it) == text));
    }

    #[test]
    fn near_misses_do_not_panic(
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(), more in proptest::collection::vec(any::<u8>(), 0..9),
    ) {
        let backup = mutated(&written(), &changes);
        prop_assert!(drained(&backup) <= backup.len());
        prop_assert!(drained(&[&backup[..cut.index(backup.len())], &more].concat()) <= backup.len() + 9);
        let list = mutated(&shipment().to_bytes(), &changes);
        // What is still read is written the same, and leads somewhere or nowhere.
        if let Ok(read) = Shipment::from_bytes(&list) {
            let again = Shipment::from_bytes(&read.to_bytes());
            prop_assert!(again.is_ok_and(|it| it == read));
            let list = List::new(vec![read, shipment()]);
            drop(list.way(0, None));
            drop(list.way(u64::MAX, None));
        }
        drop(Shipment::from_bytes(&[&list[..cut.index(list.len())], &more].concat()));
    }
}
