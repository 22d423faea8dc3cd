//! Partitions of log information: made ahead of their day, listed, dropped whole.

use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;

use crate::event::Partition;
use crate::fault::Fault;

/// What has a partition for each day and class.
const TABLES: [&str; 4] = ["blocks", "tag_bytes", "event_counts", "event_records"];

/// Makes a partition, if nobody was quicker.
pub(super) async fn make(client: &Object, partition: &Partition) -> Result<(), Fault> {
    // A partition's name is made of small letters, digits and hyphens: nothing in it ends a quote.
    let name = partition.as_str();
    for table in TABLES {
        let text = format!(
            "CREATE TABLE IF NOT EXISTS \"{table}_{name}\" PARTITION OF {table} \
             FOR VALUES IN ('{name}')"
        );
        match client.batch_execute(&text).await {
            Err(error) if !quicker(&error) => return Err(error.into()),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Somebody else made the same at the same time.
fn quicker(error: &tokio_postgres::Error) -> bool {
    let code = error.code();
    [SqlState::DUPLICATE_TABLE, SqlState::UNIQUE_VIOLATION, SqlState::DUPLICATE_OBJECT]
        .iter()
        .any(|it| code == Some(it))
}

/// All that are there, oldest first: also those of which only some tables are left.
pub(super) async fn list(client: &Object) -> Result<Vec<Partition>, Fault> {
    let text = "SELECT DISTINCT substr(c.relname, length(p.relname) + 2) FROM pg_inherits i \
         JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_class p ON p.oid = i.inhparent \
         WHERE i.inhparent = ANY(CAST(CAST($1 AS TEXT[]) AS regclass[]))";
    let prepared = client.prepare_cached(text).await?;
    let rows = client.query(&prepared, &[&TABLES.as_slice()]).await?;
    let names = rows.iter().map(|row| row.try_get::<_, String>(0));
    let mut found = Vec::new();
    for name in names {
        found.extend(Partition::parse(&name?));
    }
    found.sort_unstable();
    Ok(found)
}

/// Drops one, with everything in it: all of its tables, or none.
pub(super) async fn drop(client: &Object, partition: &Partition) -> Result<(), Fault> {
    let name = partition.as_str();
    let all = TABLES.map(|table| format!("\"{table}_{name}\"")).join(", ");
    Ok(client.batch_execute(&format!("DROP TABLE IF EXISTS {all}")).await?)
}
