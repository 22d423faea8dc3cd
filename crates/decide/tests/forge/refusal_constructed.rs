//! Nobody else refuses either: a refusal is recorded, and what is recorded was decided.

use decide::{Act, Refusal, Right, Timestamp};

fn forge() -> Refusal {
    Refusal {
        act: Act::Exercise { right: Right::Access },
        refused: Vec::new(),
        cited: Default::default(),
        now: Timestamp::NEVER,
    }
}

fn main() {}
