//! A key per person: what is sealed under it opens while the key lives, and never after.
//!
//! Region root key → person's key → one sub-key per value → AES-256-GCM. The only crate that opens
//! a sealed value, and it opens none without the transaction that holds the permit. Formats:
//! `docs/formats/sealed.md` and `docs/formats/keys.md`.
//!
//! It does not decide, does not speak SQL or HTTP, and never writes plaintext anywhere.
#![warn(clippy::arithmetic_side_effects)]
#![deny(clippy::wildcard_enum_match_arm)]

mod archive;
mod cipher;
mod fault;
mod hold;
mod index;
mod note;
mod one_off;
mod opened;
mod own;
mod person;
mod plain;
mod push;
mod random;
mod record;
mod roots;
#[cfg(test)]
mod testing;
mod value;

use std::sync::Arc;

pub use archive::{Opening, Piece, Sealing, Stream};
pub use fault::Fault;
pub use opened::Opened;
pub use plain::Plain;
pub use push::{AUTH, POINT, PUSH_MAX, Subscriber};
pub use record::OpenedRecord;
pub use roots::{Roots, RootsFault};

/// Holds the root keys, makes and opens what is sealed.
#[derive(Clone, Debug)]
pub struct Vault {
    roots: Arc<Roots>,
}

impl Vault {
    /// A vault over these root keys.
    pub fn new(roots: Roots) -> Self {
        Self { roots: Arc::new(roots) }
    }

    /// Has the generator made ready, on a thread that may take its time: what a process asks of it first
    /// costs some sixty milliseconds of work, in which it gathers randomness of its own beside the
    /// system's. What fails here fails again, and is told, where something is asked.
    pub fn warm_up() {
        random::array::<1>().ok();
    }

    /// Fills `bytes` with secure randomness, from a buffer where that is faster.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn random(&self, bytes: &mut [u8]) -> Result<(), Fault> {
        random::fill(bytes)
    }
}
