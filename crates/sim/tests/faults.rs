//! Faults, with real processes: what was acknowledged is there, nothing is half done, what cannot be
//! answered is refused with a time to come again, and the log verifies.
//!
//! Every test waits for conditions, with a bound, and measures nothing that it asserts.
#![cfg(test)]

mod faults {
    mod clock;
    mod disk;
    mod failover;
    mod hang;
    mod idle;
    mod load;
    mod nodes;
    mod outage;
    mod pause;
    mod soak;
    mod upgrade;
    mod world;
}
