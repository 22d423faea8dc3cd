//! Keys of applications, partners and staff: shown once, stored as a hash, bound to purposes.

mod durable;
mod key;
mod log;

pub use durable::{failed_commits, probe, trust_commits};
pub use key::{AddKey, Caller, KeyAdded, KeySeen, add_key, caller, keys};
pub use log::{Key, is_tile, prove_record, verify_log};
