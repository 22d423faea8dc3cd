//! Whether what is recorded becomes durable. It decides about nobody: it says whether to send anybody
//! here at all.

use decide::Timestamp;

use crate::{Flows, Stop};

/// How many commits have failed since the last that was durable: nothing, when all is well.
pub fn failed_commits(flows: &Flows) -> u32 {
    flows.journal().failed_commits()
}

/// Writes a little that belongs to nobody.
///
/// # Errors
/// When it is not durable.
pub async fn probe(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    Ok(flows.journal().scratch().probe(now).await?)
}

/// What failed is over.
pub fn trust_commits(flows: &Flows) {
    flows.journal().trust_commits();
}
