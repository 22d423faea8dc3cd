//! `kept migrate`: an installation that nobody serves moves to the other engine.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use flows::Database;
use flows::moving::{Carried, MoveFault, Moved, Unmoved, migrate};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Moves a stopped installation from a data folder to a database, or back.
#[derive(Debug, Args)]
pub(crate) struct Migrate {
    /// What is moved: `sqlite:DIR` or `postgres://…`.
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// Where it goes: `postgres://…` or `sqlite:DIR`; nothing may be there yet. `database` means the
    /// one of `--database` or `KEPT_DATABASE`, where nobody else on the machine reads the password.
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// The key file; beside the data folder unless said otherwise.
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Folders outside that keep every checkpoint of the log, which is held against them first.
    #[arg(long, value_name = "DIR")]
    checkpoints: Vec<PathBuf>,
    /// The database that `database` means.
    #[arg(long, value_name = "URL", env = "KEPT_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// A region's own database: `eu=postgres://…`.
    #[arg(long, value_name = "REGION=URL")]
    database_of: Vec<String>,
    /// The certificates of whoever signs for the servers of the database.
    #[arg(long, value_name = "FILE")]
    database_ca: Option<PathBuf>,
}

/// Connections to each region: rows go one batch after the other.
const CONNECTIONS: usize = 2;

impl Migrate {
    pub(crate) async fn run(self) -> Result<(), End> {
        super::place::log_to_stderr();
        let (from, to) = (self.side(&self.from)?, self.side(&self.to)?);
        if from.database.is_some() == to.database.is_some() {
            return Err(End::Wrong(MoveFault::Same.to_string()));
        }
        let folder = if from.database.is_none() { &from } else { &to };
        let keys = folder.key_file();
        let sides = (from.database()?, to.database()?);
        let served = match &sides.1 {
            Database::Folder(dir) => format!("--data {}", dir.display()),
            Database::Shared(_) => "--database URL".to_owned(),
        };
        let mut at = String::new();
        let mut watch = |it: &Carried<'_>| {
            if at != it.place {
                it.place.clone_into(&mut at);
                say(&format!("moving {at}"));
            }
            ControlFlow::Continue(())
        };
        let now = Clock::wall().now();
        let moved = migrate(sides, &keys, self.checkpoints, now, &mut watch)
            .await
            .map_err(|it| end(&it))?;
        say(&summary(&moved));
        say(&format!(
            "\nEverything arrived as it was. Serve it with `kept serve {served}` and the same keys; keep \
             the old place until you have seen that it works, then destroy it."
        ));
        Ok(())
    }

    fn side(&self, text: &str) -> Result<Place, End> {
        let (data, database) = match text.strip_prefix("sqlite:") {
            Some(dir) if !dir.is_empty() => (PathBuf::from(dir), None),
            _ => (PathBuf::new(), Some(self.url(text)?)),
        };
        Ok(Place {
            data,
            keys: self.keys.clone(),
            policy: None,
            checkpoints: Vec::new(),
            backup_changes: None,
            database,
            database_of: self.database_of.clone(),
            database_ca: self.database_ca.clone(),
            connections: CONNECTIONS,
            origin: String::new(),
        })
    }

    fn url(&self, text: &str) -> Result<String, End> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(text.to_owned());
        }
        let named = self.database.clone().filter(|_| text == "database");
        // What was given may hold a password, so it is not said again.
        let wrong = "write `sqlite:DIR`, `postgres://…`, or `database` with `--database URL`";
        named.ok_or_else(|| End::Wrong(wrong.to_owned()))
    }
}

/// What differs is an answer; everything else is something to set right first.
fn end(unmoved: &Unmoved) -> End {
    let text = unmoved.to_string();
    match unmoved {
        Unmoved::Move(MoveFault::Differs { .. }) => End::No(text),
        Unmoved::Move(_) | Unmoved::Open(_) => End::Wrong(text),
    }
}

/// Each table with its rows, those of event partitions together, and the log.
fn summary(moved: &Moved) -> String {
    let mut rows: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for it in &moved.tables {
        let place = it.place.split('/').next().unwrap_or_default();
        let sum = rows.entry((place, it.table)).or_default();
        *sum = sum.saturating_add(it.rows);
    }
    let mut text = "\nrows, counted and compared on both sides\n".to_owned();
    for ((place, table), rows) in rows.iter().filter(|(_, rows)| **rows > 0) {
        // A text takes whatever is written to it.
        writeln!(text, "{rows:>12}  {place:<14}{table}").ok();
    }
    let it = &moved.checkpoint;
    write!(
        text,
        "\nlog {}: {} entries in {} files, recomputed from its entries\nroot {}",
        it.origin,
        it.size,
        moved.tiles,
        it.root.to_base64()
    )
    .ok();
    text
}
