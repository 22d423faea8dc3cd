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
mod anonymous;
mod asker;
mod backup;
mod beside;
mod case;
mod compose;
mod decided;
mod durable;
mod engine;
mod event;
mod fault;
mod hold;
mod idempotency;
mod ids;
mod installation;
mod job;
mod journal;
pub mod limit;
pub mod log;
mod mail;
mod moving;
mod outcome;
mod owed;
mod people;
mod place;
mod postgres;
mod record;
mod round;
mod scratch;
mod sealed;
mod sql;
mod sqlite;
mod staff;
mod sweep;
mod tally;
mod tx;
mod unproved;
mod write;

pub use access::{CodeRow, Role, SessionRow};
pub use asker::{Asker, AskerKind};
pub use backup::{BackedUp, Backup, BackupFault, Copy, List, Node, RESTORED, Restore, Restored};
pub use backup::{Ship, Shipment, State};
pub use case::{CaseRow, ClosedCase, NoteRow, Queue};
pub use compose::{Finding, Record, RefusedPart};
pub use decided::Answers;
pub use event::{Block, EventCount, Partition};
pub use fault::{Fault, OpenFault, SealFault};
pub use idempotency::Once;
pub use installation::{Installation, KeyRow, PolicyRow};
pub use job::{JobKind, JobRow};
pub use journal::{Config, Database, Journal};
pub use mail::MailRow;
pub use moving::{Carried, MoveFault, Moved, MovedTable, Moving, Watch};
pub use owed::{Asked, Pending, Recorded, RefusalSeen};
pub use people::ValueRow;
pub use postgres::{Databases, Reach, misfits};
pub use record::SealedRecord;
pub use round::RoundRow;
pub use scratch::Scratch;
pub use sealed::{Blind, MailKey, Seal, Sealed, WrappedKey};
pub use staff::{StaffRow, StaffSession};
pub use sweep::Swept;
pub use tx::{Read, Step, Tx};
pub use unproved::UnprovedRow;
pub use write::Write;

pub use decide::id::{CaseId, RecordId, RequestId};
pub use decide::{Permit, Refusal};

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The lock, also after a thread that held it came to an end in the middle: what these locks guard
/// is whole between any two statements.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
