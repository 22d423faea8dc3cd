//! Publishing by two people where something widens: one hands a draft in, another reads it and agrees to
//! exactly that.

use std::collections::BTreeMap;

use decide::Timestamp;
use journal::{PolicyRow, RoundRow};
use policy::Folder;
use serde::{Deserialize, Serialize};

use super::publish::{Draft, Plan, plan, publish, publish_as};
use crate::{Flows, Stop, secret, when};

/// The kind of a round that waits for a second person.
const PUBLISH: &str = "publish";
const PROPOSED: &str = "proposed";
const PUBLISHED: &str = "published";

/// What came of handing in a draft.
#[derive(Debug, Clone)]
pub enum Approval {
    /// It widens nothing: it is stored.
    Published(Plan),
    /// It widens something: a second person has to agree to the draft with this hash.
    Waits(Plan, String),
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
    /// What is agreed to, as `sha256:` and 64 hex digits: every text of the draft, with its rules and
    /// its day, in place of the version that is the newest now.
    pub draft_hash: String,
}

/// A draft that waits, whole.
#[derive(Debug)]
pub struct Handed {
    /// Which it is.
    pub waiting: Waiting,
    /// Its texts, as they would be published.
    pub folder: Folder,
    /// What it would do; or why it cannot be published as it is.
    pub planned: Result<Plan, String>,
}

#[derive(Serialize, Deserialize)]
struct Proposal {
    folder: BTreeMap<String, String>,
    effective: Option<jiff::civil::Date>,
    by: String,
}

impl Proposal {
    fn read(round: &RoundRow) -> Result<Self, Stop> {
        let id = &round.id;
        serde_json::from_str(&round.body)
            .map_err(|_| Stop::Broken(format!("the draft of `{id}` cannot be read")))
    }

    fn draft(self) -> Draft {
        Draft { folder: Folder::of(self.folder), effective: self.effective }
    }

    fn waiting(&self, (version, since): (u32, Timestamp), newest: &PolicyRow) -> Waiting {
        let folder = Folder::of(self.folder.clone());
        let draft = Draft { folder, effective: self.effective };
        let (by, since) = (self.by.clone(), when(since));
        Waiting { version, by, since, draft_hash: hash(&draft, newest) }
    }
}

/// What somebody agrees to: each text with its length before it, so that none runs into the next, and
/// the version that it follows, because what it changes is read against that one.
fn hash(draft: &Draft, newest: &PolicyRow) -> String {
    let folder = draft.with_day();
    let mut bytes = newest.version.to_be_bytes().to_vec();
    for text in folder.files.iter().flat_map(|(name, text)| [name, text]) {
        bytes.extend(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        bytes.extend(text.as_bytes());
    }
    format!("sha256:{}", secret::hex(&secret::digest(&bytes)))
}

/// The version that the next one follows.
async fn newest(flows: &Flows) -> Result<PolicyRow, Stop> {
    let rows = flows.journal().installation().policies().await?;
    let none = || Stop::NotNow("no version is stored yet: start `kept serve`".to_owned());
    rows.into_iter().next_back().ok_or_else(none)
}

/// Versions that wait for a second person, the lowest first.
///
/// # Errors
/// When they cannot be read.
pub async fn proposals(flows: &Flows) -> Result<Vec<Waiting>, Stop> {
    let rounds = flows.journal().installation().rounds(PUBLISH).await?;
    let waiting: Vec<_> = rounds.into_iter().filter(|it| it.state == PROPOSED).collect();
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let newest = newest(flows).await?;
    let mut all = Vec::new();
    for it in waiting {
        let version = it.id.split('/').nth(1).and_then(|it| it.parse().ok());
        // What another version came before is no next one any more.
        let Some(version) = version.filter(|it| *it > newest.version) else { continue };
        all.push(Proposal::read(&it)?.waiting((version, it.made), &newest));
    }
    all.sort_by_key(|it| it.version);
    Ok(all)
}

/// The draft of a version that waits for a second person, to be read.
///
/// # Errors
/// `NotFound` where none waits.
pub async fn handed_in(flows: &Flows, version: u32, now: Timestamp) -> Result<Handed, Stop> {
    let door = flows.journal().installation();
    let round = door.round(&format!("{PUBLISH}/{version}")).await?.ok_or(Stop::NotFound)?;
    let newest = newest(flows).await?;
    if round.state != PROPOSED || version <= newest.version {
        return Err(Stop::NotFound);
    }
    let proposal = Proposal::read(&round)?;
    let waiting = proposal.waiting((version, round.made), &newest);
    let draft = proposal.draft();
    let planned = match plan(flows, &draft, now).await {
        Ok(plan) => Ok(plan),
        Err(Stop::Invalid { say, .. } | Stop::NotNow(say)) => Err(say),
        Err(stop) => return Err(stop),
    };
    Ok(Handed { waiting, folder: draft.with_day(), planned })
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
        return Ok(Approval::Published(publish_as(flows, draft, false, now).await?));
    }
    let hash = hash(draft, &newest(flows).await?);
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
    Ok(Approval::Waits(planned, hash))
}

/// A second person agrees to a draft that waits, by the hash of what they read: it is published as it
/// was handed in.
///
/// # Errors
/// `NotFound` where none waits; `NotNow` for whoever handed it in, and where another draft waits by now
/// than was read, or it follows another version.
pub async fn approve(
    flows: &Flows,
    (version, read): (u32, &str),
    by: &str,
    now: Timestamp,
) -> Result<Plan, Stop> {
    let door = flows.journal().installation();
    let round = door.round(&format!("{PUBLISH}/{version}")).await?.ok_or(Stop::NotFound)?;
    let newest = newest(flows).await?;
    if round.state != PROPOSED || version <= newest.version {
        return Err(Stop::NotNow(format!(
            "version {version} does not wait any more: it is published, or a later one is"
        )));
    }
    let proposal = Proposal::read(&round)?;
    if proposal.by == by {
        let say = "a version that widens something takes two people: have another officer agree";
        return Err(Stop::NotNow(say.to_owned()));
    }
    if proposal.waiting((version, round.made), &newest).draft_hash != read {
        return Err(Stop::NotNow(format!(
            "this is not the draft that waits as version {version} now: read that one again, and \
             approve the `draft_hash` that it has"
        )));
    }
    let plan = publish(flows, &proposal.draft(), now).await?;
    match door.put_round(&RoundRow { state: PUBLISHED.to_owned(), ..round }).await {
        // Another draft was handed in meanwhile; it comes too late, what was read is published.
        Ok(()) | Err(journal::Fault::Conflict) => Ok(plan),
        Err(fault) => Err(fault.into()),
    }
}
