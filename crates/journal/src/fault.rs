//! Why the journal could not do what was asked, or could not be opened.

use std::path::PathBuf;

use decide::{Category, RegionCode};
use tokio_postgres::error::SqlState;

/// Why a transaction, a look-up or a claim failed.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is no such person.
    #[error("there is nobody with this id")]
    NotFound,
    /// The person was erased.
    #[error("this person was erased")]
    Erased,
    /// What the decision saw has changed since, or the person is there already: decide again.
    #[error("the person changed in the meantime; decide again")]
    Conflict,
    /// Somebody else in the region has this value, which has to be unique.
    #[error("another account in this region has this value already")]
    Taken(Category),
    /// The same thing was asked before under this idempotency key: the answer that it got.
    #[error("this was done before; answer what was answered then")]
    Idempotent {
        /// The status that was answered.
        status: u16,
        /// The body that was answered; it holds no personal value.
        body: String,
    },
    /// Another request was answered under this idempotency key.
    #[error("this idempotency key came with another request before; use a new one")]
    OtherRequest,
    /// The day of receipt has no more room for the log information of this person.
    #[error("a day takes no more log information of one person; come again tomorrow")]
    Full {
        /// Seconds until the next day.
        seconds: u64,
    },
    /// Too much waits already.
    #[error("too many outcomes wait to be recorded; come again in a second")]
    Busy,
    /// The database cannot be reached, or does not answer in time; nothing is known to be written.
    #[error("the database does not answer: {0}")]
    Unreachable(String),
    /// A file, the disk or an invariant failed; the text names it, never a person.
    #[error("the journal failed: {0}")]
    Broken(String),
}

impl Fault {
    pub(crate) fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{CannotOpen, DatabaseBusy, DiskFull, SystemIoFailure};
        // Messages of the engine name columns and files, and never hold bound values.
        let why = error.to_string();
        match error.sqlite_error_code() {
            // A disk without room, or no file left for this process: it passes.
            Some(DiskFull | SystemIoFailure | CannotOpen | DatabaseBusy) => Self::Unreachable(why),
            Some(_) | None => Self::Broken(why),
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        let why = crate::postgres::cause(&error);
        let Some(code) = error.code() else {
            // Neither an answer nor a refusal: the connection.
            return Self::Unreachable(why);
        };
        let conflicts = [
            &SqlState::T_R_SERIALIZATION_FAILURE,
            &SqlState::T_R_DEADLOCK_DETECTED,
            &SqlState::UNIQUE_VIOLATION,
            // A partition that went while somebody wrote to it: it is made again.
            &SqlState::CHECK_VIOLATION,
        ];
        if conflicts.contains(&code) {
            return Self::Conflict;
        }
        // Connections, room, operators who stop it, time limits, a server that only reads.
        let passing = ["08", "53", "57"].iter().any(|it| code.code().starts_with(it));
        let waited = [&SqlState::LOCK_NOT_AVAILABLE, &SqlState::READ_ONLY_SQL_TRANSACTION];
        if passing || waited.contains(&code) { Self::Unreachable(why) } else { Self::Broken(why) }
    }
}

impl From<SealFault> for Fault {
    fn from(SealFault(why): SealFault) -> Self {
        Self::Broken(why)
    }
}

/// Why a record could not be sealed; said without a word about the person.
#[derive(Debug, thiserror::Error)]
#[error("the record could not be sealed: {0}")]
pub struct SealFault(pub String);

/// Why a data folder could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// A folder or file could not be made or read.
    #[error("`{path}` cannot be opened: {error}")]
    Io {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A database could not be reached.
    #[error("the database cannot be used: {why}")]
    Reach {
        /// What it said.
        why: String,
    },
    /// Another process has the folder.
    #[error("`{0}` is in use by another process; stop that one first, or name another data folder")]
    Locked(PathBuf),
    /// A newer program wrote it.
    #[error(
        "`{path}` has schema {found}, and this program knows {known}; run the newer program, data is never taken back"
    )]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Its schema.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// An installation is being moved into it.
    #[error(
        "an unfinished move or restore leads here: run `kept migrate` again, or `kept restore`, until it \
         is complete, and serve then"
    )]
    Unfinished,
    /// A database could not be opened or brought up to date.
    #[error("`{path}` cannot be opened or brought up to date: {why}")]
    Database {
        /// The database file.
        path: PathBuf,
        /// What the engine said.
        why: String,
    },
    /// Regions cannot be served so.
    #[error("name from 1 to {most} regions, each once; given were {given}")]
    Regions {
        /// How many were named.
        given: usize,
        /// How many there may be.
        most: usize,
    },
    /// The folder holds a region that the configuration does not name.
    #[error(
        "the data folder holds the region `{0}`, which the configuration does not name; add it"
    )]
    UnknownRegion(RegionCode),
    /// The public log is not what it should be.
    #[error("the log is not to be trusted: {0}")]
    Log(#[from] crate::log::Fault),
}
