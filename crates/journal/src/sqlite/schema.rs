//! Migrations: forward only, run whenever a file is opened to be written.

use std::path::Path;

use refinery::error::Kind;
use refinery::{Migration, Runner};
use rusqlite::Connection;

use crate::beside;
use crate::fault::OpenFault;

/// What a database file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Schema {
    Kept,
    People,
    Records,
    Events,
}

impl Schema {
    /// Name and text of each migration, oldest first. One that was released is never changed.
    const fn migrations(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Kept => &[
                ("V1__installation", include_str!("../../migrations/kept/V1__installation.sql")),
                (
                    "V2__rounds__from_1",
                    include_str!("../../migrations/kept/V2__rounds__from_1.sql"),
                ),
            ],
            Self::People => &[
                ("V1__people", include_str!("../../migrations/people/V1__people.sql")),
                ("V2__answers", include_str!("../../migrations/people/V2__answers.sql")),
                ("V3__bounds", include_str!("../../migrations/people/V3__bounds.sql")),
                ("V4__requests", include_str!("../../migrations/people/V4__requests.sql")),
                (
                    "V5__destroyed__from_4",
                    include_str!("../../migrations/people/V5__destroyed__from_4.sql"),
                ),
                (
                    "V6__cases__from_6",
                    include_str!("../../migrations/people/V6__cases__from_6.sql"),
                ),
            ],
            Self::Records => {
                &[("V1__records", include_str!("../../migrations/records/V1__records.sql"))]
            }
            Self::Events => &[
                ("V1__events", include_str!("../../migrations/events/V1__events.sql")),
                ("V2__tags", include_str!("../../migrations/events/V2__tags.sql")),
            ],
        }
    }
}

/// Brings a database up to date; refuses one that a newer program wrote.
pub(super) fn migrate(
    schema: Schema,
    path: &Path,
    connection: &mut Connection,
) -> Result<(), OpenFault> {
    let failed = |why: String| OpenFault::Database { path: path.to_path_buf(), why };
    let migrations = schema
        .migrations()
        .iter()
        .map(|(name, text)| Migration::unapplied(name, text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|it| failed(it.to_string()))?;
    let known = migrations.iter().map(Migration::version).max().unwrap_or_default();
    // Together, or a crash after a migration and before its line would leave a file that nobody opens.
    let runner = Runner::new(&migrations).set_grouped(true);
    let Err(error) = runner.run(connection) else { return Ok(()) };
    if !matches!(error.kind(), Kind::MissingVersion(_)) {
        return Err(failed(error.to_string()));
    }
    // What was applied and is not known here comes from a newer program.
    let applied = runner.get_applied_migrations(connection);
    let applied = applied.map_err(|it| failed(it.to_string()))?;
    if let Some(newer) = beside::shut_out(&applied, known) {
        let (found, known) = (newer.version().cast_unsigned(), known.cast_unsigned());
        return Err(OpenFault::Newer { path: path.to_path_buf(), found, known });
    }
    if !beside::all_applied(&applied, &migrations) {
        return Err(failed(error.to_string()));
    }
    // Nothing is left to be done: it looks whether what is known is as it is known.
    let looked = runner.set_abort_missing(false).run(connection);
    looked.map(drop).map_err(|it| failed(it.to_string()))
}

/// Refuses a database that a newer program has added to, though this one may serve beside it.
pub(super) fn nothing_unknown(
    schema: Schema,
    path: &Path,
    connection: &Connection,
) -> Result<(), OpenFault> {
    let failed = |why: String| OpenFault::Database { path: path.to_path_buf(), why };
    let text = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
    let found = connection.query_row(text, [], |row| row.get::<_, u32>(0));
    let found = found.map_err(|it| failed(it.to_string()))?;
    // They are numbered without a gap.
    let known = u32::try_from(schema.migrations().len()).unwrap_or(u32::MAX);
    if found <= known {
        return Ok(());
    }
    Err(OpenFault::Newer { path: path.to_path_buf(), found, known })
}
