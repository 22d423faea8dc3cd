//! After erasures: an update leaves the row that was there before in its page, and the table of keys
//! may not keep it. It is written anew, without the old rows, and the old file goes; what else held
//! the destroyed key's bytes, the write-ahead log, is recycled by the server as it goes on.
//!
//! The table is locked while it is written anew: about a second for every million people, spread over
//! as many machines as the table is. One rewriting is for everybody who was erased since the last, and
//! whoever asks for it waits the longer between two, the more it wrote.

use super::pool::Pool;
use crate::fault::Fault;
use crate::people;
use crate::sweep::Cleaned;

/// Writes the table of keys anew, and has the others cleared of rows that are gone.
pub(super) async fn clean(pool: &Pool) -> Result<Cleaned, Fault> {
    let client = pool.client().await?;
    // It takes as long as the table is large; nobody is kept from it for longer than a lock waits.
    client.batch_execute("SET statement_timeout = 0").await?;
    let cleaned = async {
        client.batch_execute("VACUUM (FULL) person_keys").await?;
        client.batch_execute("VACUUM person_values, blinds, records, codes, unproved").await?;
        client.query_one(people::KEYS_BYTES, &[]).await?.try_get(0)
    };
    let cleaned: Result<i64, tokio_postgres::Error> = cleaned.await;
    client.batch_execute("RESET statement_timeout").await?;
    let bytes = u64::try_from(cleaned?).unwrap_or(0);
    Ok(Cleaned { rebuilt: 0, bytes })
}
