//! Leases: who may do what only one may do at a time. The clock is the database's, so that a node
//! whose own clock steps neither keeps one too long nor takes one too early.
//!
//! The database's own clock may step as well, most of all when another server leads. Forward, a lease
//! ends too soon, and two believe that it is theirs: the head of the log lets one of them through.
//! Backwards, a lease would seem to last for as long as the step: one that lasts longer than any was
//! given for is nobody's.

use deadpool_postgres::Object;

use crate::fault::Fault;
use crate::limit::LEASE_MILLIS;

/// Who asks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Holder {
    pub(super) id: [u8; 16],
    pub(super) millis: u32,
}

/// Takes a lease, or takes it further; answers the fence, which rises each time it changes hands.
pub(super) async fn take(
    client: &Object,
    name: &str,
    holder: Holder,
) -> Result<Option<i64>, Fault> {
    let text = "INSERT INTO leases (name, holder, fence, expires) \
         VALUES ($1, $2, 1, clock_timestamp() + CAST($3 AS BIGINT) * INTERVAL '1 millisecond') \
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires = excluded.expires, \
         fence = leases.fence + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END \
         WHERE leases.holder = excluded.holder \
         OR leases.expires <= clock_timestamp() OR leases.expires > clock_timestamp() \
         + CAST($4 AS BIGINT) * INTERVAL '1 millisecond' RETURNING fence";
    let prepared = client.prepare_cached(text).await?;
    let millis = i64::from(holder.millis);
    let most = millis.max(LEASE_MILLIS);
    let row = client.query_opt(&prepared, &[&name, &holder.id.as_slice(), &millis, &most]).await?;
    Ok(row.map(|it| it.try_get(0)).transpose()?)
}

/// Whether anybody holds a lease.
pub(super) async fn any(client: &Object) -> Result<bool, Fault> {
    let text = "SELECT 1 FROM leases WHERE expires > clock_timestamp() AND expires \
         <= clock_timestamp() + CAST($1 AS BIGINT) * INTERVAL '1 millisecond' LIMIT 1";
    let prepared = client.prepare_cached(text).await?;
    Ok(client.query_opt(&prepared, &[&LEASE_MILLIS]).await?.is_some())
}

/// Lets go of a lease that is held.
pub(super) async fn release(client: &Object, name: &str, holder: Holder) -> Result<(), Fault> {
    let text = "UPDATE leases SET expires = clock_timestamp() WHERE name = $1 AND holder = $2";
    let prepared = client.prepare_cached(text).await?;
    client.execute(&prepared, &[&name, &holder.id.as_slice()]).await?;
    Ok(())
}
