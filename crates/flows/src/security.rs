//! Keys of applications, partners and staff: shown once, stored as a hash, bound to purposes.

mod key;

pub use key::{AddKey, Caller, KeyAdded, KeySeen, add_key, caller, keys};
