//! The schemas of an installation, brought up to date under a lock: of nodes that start together one
//! migrates, and the others find it done.

use deadpool_postgres::Object;
use decide::RegionCode;
use refinery::error::Kind;
use refinery::{Migration, Runner};

use super::pool::{Pool, cause};
use crate::beside;
use crate::fault::OpenFault;

const KEPT: &[(&str, &str)] = &[
    ("V1__installation", include_str!("../../migrations/postgres/kept/V1__installation.sql")),
    ("V2__moving", include_str!("../../migrations/postgres/kept/V2__moving.sql")),
    ("V3__rounds__from_2", include_str!("../../migrations/postgres/kept/V3__rounds__from_2.sql")),
];
const REGION: &[(&str, &str)] = &[
    ("V1__people", include_str!("../../migrations/postgres/region/V1__people.sql")),
    ("V2__cases__from_2", include_str!("../../migrations/postgres/region/V2__cases__from_2.sql")),
];

/// What the tables of a region are spread by over many machines. What is not named stays whole.
pub(super) const SPREAD: &[(&str, &str)] = &[
    ("people", "person_id"),
    ("person_keys", "person_id"),
    ("person_values", "person_id"),
    ("codes", "person_id"),
    ("tallies", "person_id"),
    ("unproved", "person_id"),
    ("cases", "person_id"),
    ("case_notes", "person_id"),
    ("records", "owner_id"),
    ("blinds", "hash"),
    ("sessions", "hash"),
    ("answers", "key_hash"),
    ("blocks", "tag"),
    ("tag_bytes", "tag"),
    ("event_records", "tag"),
];

/// A number that only this program locks by.
const LOCK: i64 = 0x6b65_7074;

/// Makes and migrates the schema of the installation, and notes its regions there.
pub(super) async fn kept(pool: &Pool, regions: &[RegionCode]) -> Result<(), OpenFault> {
    let mut client = connect(pool).await?;
    migrate(pool, &mut client, KEPT).await?;
    let failed = failed(pool);
    for region in regions {
        let text = "INSERT INTO regions (region) VALUES ($1) ON CONFLICT DO NOTHING";
        client.execute(text, &[&region.as_str()]).await.map_err(&failed)?;
    }
    for row in client.query("SELECT region FROM regions", &[]).await.map_err(&failed)? {
        let known: String = row.get(0);
        if let Some(known) = RegionCode::new(&known).filter(|it| !regions.contains(it)) {
            return Err(OpenFault::UnknownRegion(known));
        }
    }
    Ok(())
}

/// Makes and migrates the schema of a region, and spreads its tables where there are machines to
/// spread them over.
pub(super) async fn region(pool: &Pool) -> Result<(), OpenFault> {
    let mut client = connect(pool).await?;
    migrate(pool, &mut client, REGION).await?;
    let failed = failed(pool);
    let spread = "SELECT 1 FROM pg_extension WHERE extname = 'citus'";
    if client.query(spread, &[]).await.map_err(&failed)?.is_empty() {
        return Ok(());
    }
    for (table, column) in SPREAD {
        let text = "SELECT create_distributed_table($1, $2) WHERE NOT EXISTS \
             (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = CAST($1 AS regclass))";
        client.execute(text, &[table, column]).await.map_err(&failed)?;
    }
    Ok(())
}

/// Refuses what a newer program has added to: a move carries only what this one knows.
pub(super) async fn nothing_unknown(pool: &Pool) -> Result<(), OpenFault> {
    let client = connect(pool).await?;
    let failed = failed(pool);
    for (table, list) in [("regions", KEPT), ("people", REGION)] {
        let text = "SELECT CAST(coalesce(max(version), 0) AS BIGINT) FROM refinery_schema_history \
             WHERE to_regclass($1) IS NOT NULL";
        let row = client.query_one(text, &[&format!("{}.{table}", pool.schema())]).await;
        let found: i64 = row.and_then(|it| it.try_get(0)).map_err(&failed)?;
        let (found, known) = (u32::try_from(found).unwrap_or(u32::MAX), newest(list));
        if found > known {
            return Err(OpenFault::Newer { path: pool.schema().into(), found, known });
        }
    }
    Ok(())
}

/// How many migrations a list has, which are numbered without a gap.
fn newest(list: &[(&str, &str)]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

async fn connect(pool: &Pool) -> Result<Object, OpenFault> {
    pool.client().await.map_err(|it| OpenFault::Reach { why: it.to_string() })
}

fn failed(pool: &Pool) -> impl Fn(tokio_postgres::Error) -> OpenFault + '_ {
    |error| OpenFault::Database { path: pool.schema().into(), why: cause(&error) }
}

async fn migrate(
    pool: &Pool,
    client: &mut Object,
    known: &[(&str, &str)],
) -> Result<(), OpenFault> {
    // A schema's name is made of letters, digits and `_`: nothing to quote.
    let make = format!(
        "SET statement_timeout = 0; SET lock_timeout = 0; SELECT pg_advisory_lock({LOCK}); \
         CREATE SCHEMA IF NOT EXISTS {}",
        pool.schema()
    );
    client.batch_execute(&make).await.map_err(failed(pool))?;
    let result = apply(pool, client, known).await;
    // The settings of the connection come back with it.
    let done =
        format!("SELECT pg_advisory_unlock({LOCK}); RESET statement_timeout; RESET lock_timeout");
    client.batch_execute(&done).await.map_err(failed(pool))?;
    result
}

async fn apply(pool: &Pool, client: &mut Object, known: &[(&str, &str)]) -> Result<(), OpenFault> {
    let wrong = |why: String| OpenFault::Database { path: pool.schema().into(), why };
    let migrations = known
        .iter()
        .map(|(name, text)| Migration::unapplied(name, text))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|it| wrong(it.to_string()))?;
    let newest = migrations.iter().map(Migration::version).max().unwrap_or_default();
    let runner = Runner::new(&migrations).set_grouped(true);
    let connection: &mut tokio_postgres::Client = client;
    let Err(error) = runner.run_async(connection).await else { return Ok(()) };
    if !matches!(error.kind(), Kind::MissingVersion(_)) {
        return Err(wrong(error.to_string()));
    }
    let applied = runner.get_applied_migrations_async(connection).await;
    let applied = applied.map_err(|it| wrong(it.to_string()))?;
    if let Some(newer) = beside::shut_out(&applied, newest) {
        let (found, known) = (newer.version().cast_unsigned(), newest.cast_unsigned());
        return Err(OpenFault::Newer { path: pool.schema().into(), found, known });
    }
    if !beside::all_applied(&applied, &migrations) {
        return Err(wrong(error.to_string()));
    }
    tracing::info!(schema = pool.schema(), "a newer program was here, and lets this one serve");
    // Nothing is left to be done: it looks whether what is known is as it is known.
    let looked = runner.set_abort_missing(false).run_async(connection).await;
    looked.map(drop).map_err(|it| wrong(it.to_string()))
}

/// Removes a schema with everything in it.
pub(super) async fn remove(pool: &Pool) -> Result<(), OpenFault> {
    let text = format!("DROP SCHEMA IF EXISTS {} CASCADE", pool.schema());
    connect(pool).await?.batch_execute(&text).await.map_err(failed(pool))
}
