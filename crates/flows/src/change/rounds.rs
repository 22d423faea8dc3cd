//! The rounds of versions as staff see them, and publishing by two people where something widens.

use decide::Timestamp;
use journal::RoundRow;
use policy::Folder;
use serde::{Deserialize, Serialize};

use super::publish::{Draft, Plan, plan, publish};
use super::round;
use crate::{Flows, Stop, when};

/// The kind of a round that waits for a second person.
const PUBLISH: &str = "publish";
const PROPOSED: &str = "proposed";
const PUBLISHED: &str = "published";

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

/// What came of handing in a draft.
#[derive(Debug, Clone)]
pub enum Approval {
    /// It widens nothing, or a second person agreed: it is stored.
    Published(Plan),
    /// It widens something: a second person has to agree.
    Waits(Plan),
}

/// A version that waits for a second person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// The version.
    pub version: u32,
    /// Who handed it in.
    pub by: String,
    /// Since when it waits.
    pub since: String,
}

#[derive(Serialize, Deserialize)]
struct Proposal {
    folder: std::collections::BTreeMap<String, String>,
    effective: Option<jiff::civil::Date>,
    by: String,
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

/// Versions that wait for a second person.
///
/// # Errors
/// When they cannot be read.
pub async fn proposals(flows: &Flows) -> Result<Vec<Waiting>, Stop> {
    let rounds = flows.journal().installation().rounds(PUBLISH).await?;
    let waiting = rounds.into_iter().filter(|it| it.state == PROPOSED);
    let mut all = Vec::new();
    for it in waiting {
        let Some(version) = it.id.split('/').nth(1).and_then(|it| it.parse().ok()) else {
            continue;
        };
        let proposal: Proposal = serde_json::from_str(&it.body)
            .map_err(|_| Stop::Broken(format!("the draft of version {version} cannot be read")))?;
        all.push(Waiting { version, by: proposal.by, since: when(it.made) });
    }
    Ok(all)
}

/// Hands in a draft: where it widens nothing it is published, otherwise a second person has to agree.
///
/// # Errors
/// As of publishing.
pub async fn propose(
    flows: &Flows,
    draft: &Draft,
    by: &str,
    now: Timestamp,
) -> Result<Approval, Stop> {
    let planned = plan(flows, draft, now).await?;
    if !planned.widens() {
        return Ok(Approval::Published(publish(flows, draft, now).await?));
    }
    let folder = draft.folder.files.clone();
    let proposal = Proposal { folder, effective: draft.effective, by: by.to_owned() };
    let body = serde_json::to_string(&proposal).map_err(|error| Stop::Broken(error.to_string()))?;
    let id = format!("{PUBLISH}/{}", planned.version);
    let row = RoundRow {
        id: id.clone(),
        kind: PUBLISH.to_owned(),
        state: PROPOSED.to_owned(),
        body,
        cursor: String::new(),
        wake: None,
        made: now,
        version: 0,
    };
    let door = flows.journal().installation();
    match door.round(&id).await? {
        Some(stands) => door.put_round(&RoundRow { version: stands.version, ..row }).await?,
        None => door.add_round(row).await?,
    }
    Ok(Approval::Waits(planned))
}

/// A second person agrees to a draft that waits: it is published as it was handed in.
///
/// # Errors
/// `NotFound` where none waits, `NotNow` for whoever handed it in.
pub async fn approve(flows: &Flows, version: u32, by: &str, now: Timestamp) -> Result<Plan, Stop> {
    let door = flows.journal().installation();
    let round = door.round(&format!("{PUBLISH}/{version}")).await?.ok_or(Stop::NotFound)?;
    if round.state != PROPOSED {
        return Err(Stop::NotNow(format!("version {version} is published already")));
    }
    let proposal: Proposal = serde_json::from_str(&round.body)
        .map_err(|_| Stop::Broken(format!("the draft of version {version} cannot be read")))?;
    if proposal.by == by {
        let say = "a version that widens something takes two people: have another officer agree";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let draft = Draft { folder: Folder::of(proposal.folder), effective: proposal.effective };
    let plan = publish(flows, &draft, now).await?;
    door.put_round(&RoundRow { state: PUBLISHED.to_owned(), ..round }).await?;
    Ok(plan)
}
