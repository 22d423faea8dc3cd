//! A permit has no public field to build it from.

use decide::{Act, Permit, Purpose, Set, Timestamp};

fn forge(purpose: Purpose) -> Permit {
    Permit {
        act: Act::Use { purpose },
        categories: Set::from_bits(u64::MAX),
        refused: Vec::new(),
        cited: Default::default(),
        now: Timestamp::NEVER,
    }
}

fn main() {}
