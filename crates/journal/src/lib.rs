//! The database and its history: nothing is committed without leaving a mark.
//!
//! A transaction is read, judged and recorded, and its type changes with each step: `Tx<Read>`,
//! then `Tx<Permit>` or `Tx<Refusal>`, then `Recorded`. Rows, outside effects and the record that
//! says why are written together or not at all; there is no other commit.
//!
//! It never sees a personal value in clear, seals and opens nothing itself, and decides nothing: it
//! asks `decide`, and has the vault seal.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm))]

mod access;
mod asker;
mod compose;
mod database;
mod event;
mod fault;
mod folder;
mod idempotency;
mod ids;
mod installation;
mod job;
mod journal;
pub mod limit;
pub mod log;
mod mail;
mod outcome;
mod owed;
mod people;
mod record;
mod request;
mod schema;
mod scratch;
mod sealed;
mod sequence;
mod sweep;
mod tally;
mod tx;
mod unproved;
mod write;
mod writer;

pub use access::{CodeRow, SessionRow};
pub use asker::{Asker, AskerKind};
pub use event::{Block, EventCount, Partition};
pub use fault::{Fault, OpenFault, SealFault};
pub use idempotency::Once;
pub use installation::{Installation, KeyRow, PolicyRow};
pub use job::{JobKind, JobRow};
pub use journal::{Config, Journal};
pub use mail::MailRow;
pub use owed::{Asked, Pending, Recorded, RefusalSeen};
pub use people::ValueRow;
pub use record::SealedRecord;
pub use request::{RequestRow, RequestState};
pub use scratch::Scratch;
pub use sealed::{Blind, MailKey, Seal, Sealed, WrappedKey};
pub use sweep::Swept;
pub use tx::{Read, Step, Tx};
pub use unproved::UnprovedRow;
pub use write::Write;

pub use decide::id::{RecordId, RequestId};
pub use decide::{Permit, Refusal};
