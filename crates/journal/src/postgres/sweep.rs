//! After erasures: an update leaves the row that was there before in its page, and the table of keys
//! may not keep it. It is written anew, without the old rows, and the old file goes; what else held
//! the destroyed key's bytes, the write-ahead log, is recycled by the server as it goes on.

use super::pool::Pool;
use crate::fault::Fault;

/// Writes the table of keys anew, and has the others cleared of rows that are gone.
pub(super) async fn clean(pool: &Pool) -> Result<(), Fault> {
    let client = pool.client().await?;
    // It takes as long as the table is large; nobody is kept from it for longer than a lock waits.
    client.batch_execute("SET statement_timeout = 0").await?;
    let cleaned = async {
        client.batch_execute("VACUUM (FULL) person_keys").await?;
        client.batch_execute("VACUUM person_values, blinds, records, codes, unproved").await
    };
    let cleaned = cleaned.await;
    client.batch_execute("RESET statement_timeout").await?;
    Ok(cleaned?)
}
