use super::*;
use crate::backup::changes::tests::state;

/// The log at a size; `kind` tells one that was tried and not taken from the one that was.
fn node(size: u64, kind: u8) -> Node {
    Node { size, root: Hash([kind; 32]) }
}

fn step(base: Node, to: Node) -> Shipment {
    Shipment { to, ..Shipment::of_people(base, Vec::new(), Vec::new()) }
}

fn seen(it: Node) -> Checkpoint {
    Checkpoint { origin: "log".to_owned(), size: it.size, root: it.root }
}

fn sizes(way: &Way<'_>) -> Vec<u64> {
    way.steps.iter().map(|it| it.to.size).collect()
}

#[test]
fn it_leads_from_the_backup_to_the_newest_checkpoint_and_on() {
    let steps = [(0, 5), (5, 9), (9, 12), (12, 20)].map(|(a, b)| step(node(a, 0), node(b, 0)));
    let list = List::new(steps.into());
    let way = list.way(7, Some(&seen(node(12, 0)))).unwrap();
    assert_eq!((sizes(&way), way.to), (vec![9, 12, 20], node(20, 0)));
    assert_eq!(sizes(&list.way(20, Some(&seen(node(12, 0)))).unwrap()), Vec::<u64>::new());
    assert_eq!(sizes(&list.way(9, None).unwrap()), [12, 20]);
}

#[test]
fn of_two_that_were_tried_the_one_counts_that_was_gone_on_from() {
    let steps = vec![
        step(node(0, 0), node(5, 0)),
        step(node(0, 0), node(7, 1)),
        step(node(5, 0), node(8, 0)),
    ];
    let list = List::new(steps);
    assert_eq!(sizes(&list.way(0, None).unwrap()), [5, 8]);
    assert_eq!(sizes(&list.way(0, Some(&seen(node(5, 0)))).unwrap()), [5, 8]);
    // A crash after the second: nobody knows of the first.
    assert_eq!(sizes(&list.way(0, Some(&seen(node(7, 1)))).unwrap()), [7]);
}

#[test]
fn one_that_is_missing_torn_or_too_short_is_refused() {
    let say = |list: &List, since, newest: Option<Node>| {
        list.way(since, newest.map(seen).as_ref()).unwrap_err().to_string()
    };
    assert!(say(&List::default(), 0, None).contains("is missing"));
    let steps = [(0, 5), (5, 9), (12, 20)].map(|(a, b)| step(node(a, 0), node(b, 0)));
    let list = List::new(steps.into());
    assert!(say(&list, 0, Some(node(25, 0))).contains("ends at 20"));
    assert!(say(&list, 0, Some(node(20, 0))).contains("not whole"), "a gap");
    assert!(say(&list, 0, Some(node(9, 3))).contains("another log"));
    assert!(list.way(12, Some(&seen(node(20, 0)))).is_ok());
    assert!(say(&list, 21, None).contains("before the backup"));
    assert!(say(&list, 21, Some(node(20, 0))).contains("before the backup"));
}

#[test]
fn the_highest_version_of_a_person_counts() {
    let of = |states| Shipment::of_people(node(1, 0), states, Vec::new());
    let erased = State { erased: true, ..state(2, 3) };
    let list =
        List::new(vec![of(vec![state(1, 4), erased.clone()]), of(vec![state(1, 2), state(2, 9)])]);
    assert_eq!(list.people(), 2);
    let found: Vec<(u64, bool)> =
        list.states().values().map(|it| (it.version, it.erased)).collect();
    assert_eq!(found, [(4, false), (3, true)]);
}
