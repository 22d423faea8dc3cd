//! The decision against its naive twin, over worlds that the bytes throw.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sim::agree::agree;
use sim::world::{Dice, World};

fuzz_target!(|bytes: &[u8]| {
    let mut dice = Dice::of(bytes.to_vec());
    let mut world = World::new(&mut dice);
    let rules = world.rules().expect("every name is declared");
    for _ in 0..4 {
        agree(&world, &rules).expect("both say the same");
        world.ask(&mut dice);
    }
});
