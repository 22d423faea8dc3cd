//! What is left of values that were anonymised: counts of coarse groups, without a person, without a
//! record and without a time.

use std::collections::BTreeMap;

use crate::fault::Fault;
use crate::place::Place;
use crate::scratch::Scratch;
use crate::sql::{Query, Statement, values};

/// Counters stand by the minute. These stand at one that never comes, so that nothing says when.
const NEVER: i64 = 1_440 * 3_000_000;
/// What their names begin with.
const PREFIX: &str = "anonymous/";

impl Scratch<'_> {
    /// Adds to the groups, all in one: nothing tells which of them a person was in, but that there was
    /// one among as many as come together.
    pub async fn add_anonymous(&self, groups: &BTreeMap<String, u64>) -> Result<(), Fault> {
        let text = "INSERT INTO counters (name, minute, n) VALUES ($1, $2, $3) \
             ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n";
        let each = groups.iter();
        let each = each
            .map(|(group, n)| Statement::new(text, values![format!("{PREFIX}{group}"), NEVER, *n]));
        self.journal.inner.engine.write(&Place::Kept, each.collect()).await.map(drop)
    }

    /// The groups, in the order of their names.
    pub async fn anonymous(&self) -> Result<Vec<(String, u64)>, Fault> {
        let text = "SELECT name, n FROM counters WHERE minute = $1 AND name LIKE 'anonymous/%' \
             ORDER BY name";
        let query = Query::new(text, values![NEVER], |row| Ok((row.text(0)?, row.bits(1)?)));
        let rows = self.journal.inner.engine.read(&Place::Kept, &query).await?;
        let bare = |name: String| name.strip_prefix(PREFIX).unwrap_or("").to_owned();
        Ok(rows.into_iter().map(|(name, n)| (bare(name), n)).collect())
    }
}
