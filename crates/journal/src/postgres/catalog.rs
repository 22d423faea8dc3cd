//! What the schema must be like to be spread over machines, read from the catalog of a database that
//! was migrated: every key holds the column that its table is spread by, and no reference leads from
//! one table to another.

use std::collections::{BTreeMap, BTreeSet};

use super::Databases;
use super::pool::Pool;
use super::schema::SPREAD;
use crate::fault::Fault;

/// What in a region's schema would not work spread over machines; nothing, when all is well.
///
/// # Errors
/// When the database cannot be read.
pub async fn misfits(databases: &Databases, schema: &str) -> Result<Vec<String>, Fault> {
    let pool = Pool::new(&databases.kept, schema).map_err(Fault::broken)?;
    let client = pool.client().await?;
    let mut misfits = Vec::new();
    let keys = "SELECT t.relname, c.relname, a.attname \
         FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid \
         JOIN pg_class t ON t.oid = i.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
         JOIN pg_attribute a ON a.attrelid = i.indexrelid \
         WHERE n.nspname = $1 AND i.indisunique AND NOT t.relispartition";
    let mut columns: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for row in client.query(keys, &[&schema]).await? {
        let column: String = row.try_get(2)?;
        columns.entry((row.try_get(0)?, row.try_get(1)?)).or_default().insert(column);
    }
    for ((table, key), columns) in &columns {
        let spread = SPREAD.iter().find(|(it, _)| it == table);
        if let Some((_, by)) = spread.filter(|(_, by)| !columns.contains(*by)) {
            misfits.push(format!("`{key}` of `{table}` does not hold `{by}`"));
        }
    }
    for (table, _) in SPREAD {
        if !columns.keys().any(|(it, _)| it == table) {
            misfits.push(format!("`{table}` has no key"));
        }
    }
    let references = "SELECT c.conname FROM pg_constraint c \
         JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname = $1 AND c.contype = 'f'";
    for row in client.query(references, &[&schema]).await? {
        misfits.push(format!("`{}` refers to another table", row.try_get::<_, String>(0)?));
    }
    Ok(misfits)
}
