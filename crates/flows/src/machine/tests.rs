//! What can be reached, and what the reviewed file says.

use std::collections::BTreeSet;

use super::*;

const DOOR: Machine = Machine {
    name: "door",
    moves: &[
        Move { from: "", event: "build", by: "staff", to: "shut", follows: "", clock: "" },
        Move {
            from: "shut",
            event: "open",
            by: "person or staff",
            to: "open",
            follows: "",
            clock: "",
        },
        Move { from: "shut", event: "lock", by: "staff", to: "locked", follows: "", clock: "" },
    ],
};

#[test]
fn only_who_may_moves_it_and_a_refusal_says_what_can_be_done() {
    assert_eq!(DOOR.step("shut", "open", "person").unwrap(), "open");
    let Err(Stop::NotNow(say)) = DOOR.step("shut", "lock", "person") else { panic!("it moved") };
    assert_eq!(say, "a door that is `shut` cannot `lock`; what a person can do with it: open");
}

/// `UPDATE_MACHINES=1` writes the file anew, to be reviewed.
#[test]
fn the_reviewed_file_shows_every_machine() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/machines.txt");
    let all: Vec<String> = ALL.iter().map(Machine::text).collect();
    let text = all.join("\n");
    #[expect(clippy::disallowed_methods, reason = "the reviewed file is written on demand")]
    if std::env::var_os("UPDATE_MACHINES").is_some() {
        std::fs::write(path, &text).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        text,
        "run with UPDATE_MACHINES=1, and read"
    );
}

#[test]
fn every_state_is_reached_and_no_move_is_ambiguous() {
    for machine in ALL {
        let mut reached = BTreeSet::from([""]);
        for _ in machine.moves {
            let next = machine.moves.iter().filter(|it| reached.contains(it.from)).map(|it| it.to);
            reached.extend(next.collect::<Vec<_>>());
        }
        for it in machine.moves {
            assert!(reached.contains(it.from), "{}: `{}` is never reached", machine.name, it.from);
            let same = machine.moves.iter().filter(|other| {
                let both = other.by.split(" or ").any(|who| it.by.split(" or ").any(|w| w == who));
                (other.from, other.event) == (it.from, it.event) && both
            });
            assert_eq!(same.count(), 1, "{}: {} in `{}`", machine.name, it.event, it.from);
        }
    }
}
