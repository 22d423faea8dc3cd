//! The public log in the database: its head, and one row for each tile and bundle.

use std::collections::BTreeMap;
use std::io;

use deadpool_postgres::Object;
use tokio::runtime::Handle;

use super::pool::Pool;
use super::run;
use crate::fault::Fault;
use crate::log::{CHECKPOINT, Tiles, TreeWrite};
use crate::sql::{Query, Statement, Unmet, values};

/// The log as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) size: u64,
    /// How far records know where their entries stand.
    pub(super) marked: u64,
    /// The signed checkpoint.
    pub(super) note: String,
}

/// The head; `None` before there was a first.
pub(super) async fn head(client: &Object) -> Result<Option<Head>, Fault> {
    let text = "SELECT size, marked, note FROM log_head WHERE one = 1";
    let query = Query::new(text, values![], |row| {
        Ok(Head { size: row.bits(0)?, marked: row.bits(1)?, note: row.text(2)? })
    });
    Ok(run::query(client, &query).await?.pop())
}

/// The first head, of an empty log.
pub(super) async fn begin(client: &Object, note: &str) -> Result<(), Fault> {
    let text = "INSERT INTO log_head (one, size, marked, fence, note) VALUES (1, 0, 0, 0, $1) \
         ON CONFLICT DO NOTHING";
    run::one(client, &Statement::new(text, values![note])).await.map(drop)
}

/// Moves the head on, from the size that it must have, with the tiles that grew. Whoever comes with an
/// older fence, or from another size, comes too late.
pub(super) fn publish(
    (from, to): (u64, u64),
    fence: i64,
    note: &str,
    writes: Vec<TreeWrite>,
) -> Vec<Statement> {
    let text = "UPDATE log_head SET size = $1, note = $2, fence = $3 \
         WHERE one = 1 AND size = $4 AND fence <= $5";
    let head = Statement::new(text, values![to, note, fence, from, fence]).or(Unmet::Conflict);
    let mut statements = vec![head];
    for TreeWrite { path, bytes } in writes {
        let text = "INSERT INTO log_tiles (path, bytes) VALUES ($1, $2) \
             ON CONFLICT (path) DO UPDATE SET bytes = excluded.bytes";
        statements.push(Statement::new(text, values![path.to_string(), bytes]));
        if !path.is_partial() {
            let text = "DELETE FROM log_tiles WHERE path LIKE $1";
            statements.push(Statement::new(text, values![format!("{}/%", path.partials())]));
        }
    }
    statements
}

/// The head of a log that was moved here with all its tiles; every record knows its place.
pub(super) fn adopt(size: u64, note: &str) -> Statement {
    let text = "INSERT INTO log_head (one, size, marked, fence, note) VALUES (1, $1, $2, 0, $3) \
         ON CONFLICT (one) DO UPDATE SET size = excluded.size, marked = excluded.marked, \
         note = excluded.note";
    Statement::new(text, values![size, size, note])
}

/// A tile or bundle as it was elsewhere.
pub(super) fn put(path: &str, bytes: Vec<u8>) -> Statement {
    let text = "INSERT INTO log_tiles (path, bytes) VALUES ($1, $2)";
    Statement::new(text, values![path, bytes])
}

/// Notes how far records know where their entries stand.
pub(super) fn marked(size: u64) -> Statement {
    let text = "UPDATE log_head SET marked = $1 WHERE one = 1 AND marked < $2";
    Statement::new(text, values![size, size])
}

/// A tile, a bundle, or the checkpoint.
pub(super) async fn file(client: &Object, path: &str) -> Result<Option<Vec<u8>>, Fault> {
    if path == CHECKPOINT {
        return Ok(head(client).await?.map(|it| it.note.into_bytes()));
    }
    let text = "SELECT bytes FROM log_tiles WHERE path = $1";
    Ok(run::query(client, &Query::new(text, values![path], |row| row.bytes(0))).await?.pop())
}

/// The addresses of all tiles and bundles.
pub(super) async fn files(client: &Object) -> Result<Vec<String>, Fault> {
    let text = "SELECT path FROM log_tiles ORDER BY path";
    run::query(client, &Query::new(text, values![], |row| row.text(0))).await
}

/// Tiles that were fetched.
#[derive(Debug, Default)]
pub(super) struct Fetched(BTreeMap<String, Vec<u8>>);

impl Fetched {
    pub(super) async fn of(client: &Object, paths: Vec<String>) -> Result<Self, Fault> {
        let mut fetched = BTreeMap::new();
        for path in paths {
            if let Some(bytes) = file(client, &path).await? {
                fetched.insert(path, bytes);
            }
        }
        Ok(Self(fetched))
    }
}

impl Tiles for Fetched {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.get(path).cloned())
    }
}

/// The log as whoever verifies it reads it: from a thread that may wait for the database.
#[derive(Debug)]
pub(crate) struct Stored {
    kept: Pool,
    runtime: Handle,
}

impl Stored {
    /// Made within the runtime, used outside of it.
    pub(super) fn new(kept: &Pool) -> Self {
        Self { kept: kept.clone(), runtime: Handle::current() }
    }
}

impl Tiles for Stored {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let found = self.runtime.block_on(async {
            let client = self.kept.client().await?;
            file(&client, path).await
        });
        found.map_err(io::Error::other)
    }
}
