//! After erasures: an update leaves the row that was there before in its page, and the table of keys
//! may not keep it. It is written anew, without the old rows, and the old file goes; what else held
//! the destroyed key's bytes, the write-ahead log, is recycled by the server as it goes on.
//!
//! The table is locked while it is written anew: about a second for every million people, spread over
//! as many machines as the table is. One rewriting is for everybody who was erased since the last, and
//! whoever asks for it waits the longer between two, the more it wrote.
//!
//! A row that somebody's snapshot may still see goes along to the new file. So whoever looks from before
//! the erasure is waited for, and not for ever: then nothing is said to be swept, and the next sweep tries.

use deadpool_postgres::Object;

use super::pool::Pool;
use crate::fault::Fault;
use crate::people;
use crate::sweep::Cleaned;

/// The newest transaction: what was erased was erased before it.
const NEWEST: &str = "SELECT CAST(pg_current_xact_id() AS TEXT)";

/// How many may still see what was there before that transaction, after a tenth of a second.
const LOOKING_BACK: &str = "SELECT count(*) FROM ( \
     SELECT a.backend_xmin AS oldest FROM pg_stat_activity a \
     WHERE a.datname = current_database() OR a.datname IS NULL \
     UNION ALL SELECT s.xmin FROM pg_replication_slots s \
     UNION ALL SELECT p.transaction FROM pg_prepared_xacts p WHERE p.database = current_database() \
     ) seen, pg_sleep(0.1) WHERE age(oldest) > age(CAST(CAST($1 AS TEXT) AS xid))";

/// How often is looked whether they are gone.
const LOOKS: u32 = 30;

/// Whether nobody looks from before this moment any more.
async fn nobody_looks_back(client: &Object) -> Result<bool, tokio_postgres::Error> {
    let newest: String = client.query_one(NEWEST, &[]).await?.try_get(0)?;
    for _ in 0..LOOKS {
        let looking: i64 = client.query_one(LOOKING_BACK, &[&newest]).await?.try_get(0)?;
        if looking == 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Writes the table of keys anew, and has the others cleared of rows that are gone.
pub(super) async fn clean(pool: &Pool) -> Result<Cleaned, Fault> {
    let client = pool.client().await?;
    // It takes as long as the table is large; nobody is kept from it for longer than a lock waits.
    client.batch_execute("SET statement_timeout = 0").await?;
    let cleaned = async {
        if !nobody_looks_back(&client).await? {
            tracing::warn!(
                "a long transaction or a replica still sees erased keys: they wait for it"
            );
            return Ok(Cleaned::default());
        }
        client.batch_execute("VACUUM (FULL) person_keys").await?;
        client.batch_execute("VACUUM person_values, blinds, records, codes, unproved").await?;
        let bytes: i64 = client.query_one(people::KEYS_BYTES, &[]).await?.try_get(0)?;
        let bytes = u64::try_from(bytes).unwrap_or(0);
        Ok::<_, tokio_postgres::Error>(Cleaned { rebuilt: 0, bytes, complete: true })
    };
    let cleaned = cleaned.await;
    client.batch_execute("RESET statement_timeout").await?;
    Ok(cleaned?)
}
