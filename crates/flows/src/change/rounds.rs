//! The rounds of versions as staff see them.

use decide::Timestamp;
use serde::Serialize;

use super::round;
use crate::{Flows, Stop, when};

/// The round of a version, and how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Its id: `notice/2`.
    pub id: String,
    /// The version.
    pub version: u32,
    /// `announced`, `telling`, `waiting`, `adopting` or `done`.
    pub state: String,
    /// When it was begun.
    pub begun: String,
    /// When the version takes effect.
    pub effective: String,
    /// People who were written to.
    pub told: u64,
    /// Those of them who were asked anew.
    pub asked: u64,
    /// People without an address, whom the site tells.
    pub announced: u64,
    /// People whom it does not affect.
    pub unaffected: u64,
    /// People for whom it counts since the day.
    pub adopted: u64,
    /// People who could not be told yet.
    pub failed: u64,
}

/// Every round, the newest version first.
///
/// # Errors
/// When they cannot be read.
pub async fn notices(flows: &Flows) -> Result<Vec<Notice>, Stop> {
    let rounds = flows.journal().installation().rounds(round::KIND).await?;
    let mut all = Vec::new();
    for it in rounds {
        let body = round::read(&it)?;
        all.push(Notice {
            id: it.id,
            version: body.version,
            state: it.state,
            begun: when(it.made),
            effective: when(Timestamp::from_millis(body.effective)),
            told: body.told,
            asked: body.asked,
            announced: body.announced,
            unaffected: body.unaffected,
            adopted: body.adopted,
            failed: body.failed,
        });
    }
    all.sort_by_key(|it: &Notice| std::cmp::Reverse(it.version));
    Ok(all)
}
