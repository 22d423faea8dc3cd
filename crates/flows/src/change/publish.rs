//! Publishing: what a draft changes is found by comparing rules, its day is not before the notice that
//! was promised, and its round begins.

use decide::{Set, Timestamp};
use jiff::civil::Date;
use journal::{Journal, PolicyRow, RoundRow};
use policy::diff::{Change, Class};
use policy::{Folder, Policy};

use super::affect::{Of, Widening};
use super::round;
use super::tell::waits;
use crate::limit::VISITED_AT_ONCE;
use crate::notice::{Version, compile, stored};
use crate::{Flows, Stop, when};

/// A version is stored this long before it takes effect, so that every node knows of it.
const AHEAD_MILLIS: i64 = 10_000;

/// A policy that is to become the next version.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its source.
    pub folder: Folder,
    /// From which day it is to count, where that is another than its source says.
    pub effective: Option<Date>,
}

/// What publishing a draft would do, or did.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The version.
    pub version: u32,
    /// The hash of its rules.
    pub hash: String,
    /// Each change, widenings first.
    pub changes: Vec<Change>,
    /// From when it counts.
    pub effective: Timestamp,
    /// Whom it affects.
    pub reach: Reach,
}

/// How many people a draft affects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Reach {
    /// Everybody who was looked at: accounts, and browsers that agreed to something.
    pub people: u64,
    /// Those whom a widening affects, who are told.
    pub told: u64,
    /// Those of them who are asked anew.
    pub asked: u64,
}

impl Plan {
    /// Whether it widens anything.
    pub fn widens(&self) -> bool {
        self.changes.iter().any(|it| it.class == Class::Widening)
    }

    /// A text for a terminal.
    pub fn render(&self) -> String {
        let Reach { people, told, asked } = self.reach;
        let whom = if self.widens() {
            format!("of {people} people, {told} are told, {asked} of them are asked anew\n")
        } else {
            "nothing widens: it is announced on the site, and nobody is written to\n".to_owned()
        };
        format!(
            "{}\nversion {} · rules sha256:{}\ncounts from {}\n{whom}",
            policy::diff::render(&self.changes),
            self.version,
            self.hash,
            when(self.effective),
        )
    }

    /// The same for machines.
    pub fn json(&self) -> serde_json::Value {
        let change = |it: &Change| {
            serde_json::json!({
                "class": it.class.word(), "clause": it.clause, "rule": it.rule, "what": it.what,
                "then": it.then.word(),
            })
        };
        serde_json::json!({
            "version": self.version,
            "hash": format!("sha256:{}", self.hash),
            "effective": when(self.effective),
            "widens": self.widens(),
            "changes": self.changes.iter().map(change).collect::<Vec<_>>(),
            "people": self.reach,
        })
    }
}

/// What publishing a draft would do. Nothing is stored, and nobody is told.
///
/// # Errors
/// `Invalid` for faults of the draft, `NotNow` for a day that comes too early.
pub async fn plan(flows: &Flows, draft: &Draft, now: Timestamp) -> Result<Plan, Stop> {
    let (_, plan) = checked(flows, draft, now).await?;
    Ok(plan)
}

/// Publishes a draft: it is stored for good, announced, and takes effect on its day.
///
/// # Errors
/// `Invalid` for faults of the draft, `NotNow` for a day that comes too early.
pub async fn publish(flows: &Flows, draft: &Draft, now: Timestamp) -> Result<Plan, Stop> {
    publish_as(flows, draft, true, now).await
}

/// The same, for who may publish what widens something, or may not: another version can have come in
/// between since that was looked at.
pub(super) async fn publish_as(
    flows: &Flows,
    draft: &Draft,
    may_widen: bool,
    now: Timestamp,
) -> Result<Plan, Stop> {
    let (row, plan) = checked(flows, draft, now).await?;
    if plan.widens() && !may_widen {
        return Err(Stop::Conflict);
    }
    let policy = compiled(&draft.with_day())?;
    store(flows.journal(), (&policy, row), (Some(plan.widens()), now)).await?;
    let count = flows.journal().installation().policies().await?.len();
    super::known::learn(flows, count).await?;
    Ok(plan)
}

impl Draft {
    /// The source with the day that was given in place of its own, so that the page says what holds.
    pub(super) fn with_day(&self) -> Folder {
        let mut folder = self.folder.clone();
        let Some(day) = self.effective else { return folder };
        if let Some(text) = folder.files.get_mut("policy.md") {
            let mut inside = 0_u8;
            let lines = text.split_inclusive('\n').map(|line| {
                if line.trim_end() == "+++" {
                    inside = inside.saturating_add(1);
                }
                let key = line.split('=').next().unwrap_or("").trim();
                if inside == 1 && key == "effective" {
                    format!("effective  = {day}\n")
                } else {
                    line.to_owned()
                }
            });
            *text = lines.collect();
        }
        folder
    }
}

fn compiled(folder: &Folder) -> Result<Policy, Stop> {
    compile(folder).map_err(|fault| Stop::invalid("policy", fault.to_string()))
}

async fn checked(flows: &Flows, draft: &Draft, now: Timestamp) -> Result<(PolicyRow, Plan), Stop> {
    let folder = draft.with_day();
    let policy = compiled(&folder)?;
    let known: Vec<String> = flows.regions().iter().map(ToString::to_string).collect();
    if let Some(region) = policy.header.regions.iter().find(|it| !known.contains(it)) {
        return Err(Stop::NotNow(format!(
            "region `{region}` is new and needs a place for its data: start `kept serve --policy \
             DIR` with this policy"
        )));
    }
    let rows = flows.journal().installation().policies().await?;
    let (row, _) = row((&folder, &policy), &rows, now)?;
    let Some(newest) = rows.last() else {
        return Err(Stop::NotNow("no version is stored yet: start `kept serve`".to_owned()));
    };
    let before = version(newest).map_err(Stop::NotNow)?;
    let after: Version = (row.version, policy, row.effective);
    let changes = policy::diff(&before.1, &after.1);
    let widening = Widening::between(&before, &after, &changes);
    let reach = count(flows, &widening).await?;
    let (version, effective, hash) = (row.version, row.effective, after.1.hash());
    Ok((row, Plan { version, hash, changes, effective, reach }))
}

/// Whom it affects, from facts alone: nothing is opened.
async fn count(flows: &Flows, widening: &Widening<'_>) -> Result<Reach, Stop> {
    let mut reach = Reach::default();
    if !widening.widens() {
        return Ok(reach);
    }
    let book = flows.book();
    let names = book.rules().vocabulary();
    for region in flows.regions() {
        let mut after = None;
        loop {
            let people = flows.journal().scratch().people(*region, after, VISITED_AT_ONCE).await?;
            let Some(last) = people.last() else { break };
            after = Some(*last);
            for person in people {
                // Erased since the list was read.
                let Ok(seen) = flows.journal().begin(person, Set::EMPTY).await else { continue };
                reach.people = reach.people.saturating_add(1);
                let held = seen.values().iter().map(|it| it.category).collect();
                let of = Of { region: *region, facts: seen.facts(), held };
                let Some(affected) = widening.affects(names, &of) else { continue };
                if waits(seen.facts().account) {
                    continue;
                }
                reach.told = reach.told.saturating_add(1);
                if !(affected.ask.is_empty()
                    && affected.shares.is_empty()
                    && affected.transfers.is_empty())
                {
                    reach.asked = reach.asked.saturating_add(1);
                }
            }
        }
    }
    Ok(reach)
}

fn version(row: &PolicyRow) -> Result<Version, String> {
    let policy = stored(row).and_then(|it| compile(&it)).map_err(|it| it.to_string())?;
    Ok((row.version, policy, row.effective))
}

/// The row of a policy that follows those that are stored, and whether it widens anything; its day is
/// checked against the notice that they promise.
pub(crate) fn row(
    (folder, policy): (&Folder, &Policy),
    rows: &[PolicyRow],
    now: Timestamp,
) -> Result<(PolicyRow, bool), Stop> {
    let version = policy.spec.version;
    if let Some(newer) = rows.iter().map(|it| it.version).find(|it| *it >= version) {
        return Err(Stop::NotNow(format!(
            "version {newer} is stored already: write `version = {}` in `policy.md`",
            rows.iter().map(|it| it.version).max().unwrap_or(newer).saturating_add(1)
        )));
    }
    let (effective, widens) = match rows.last() {
        None => (now, false),
        Some(newest) => {
            let wished = begins(policy);
            let ahead = now.plus_millis(AHEAD_MILLIS).max(newest.effective);
            let earliest = earliest(newest, policy, now)?;
            let widens = earliest.is_some();
            if let Some((earliest, day)) = earliest.filter(|it| wished < it.0) {
                return Err(Stop::NotNow(format!(
                    "version {version} widens something, and people are promised notice: it cannot \
                     count from {}, the earliest day is `effective = {day}` ({})",
                    policy.header.effective,
                    when(earliest),
                )));
            }
            (wished.max(ahead), widens)
        }
    };
    let folder =
        serde_json::to_string(&folder.files).map_err(|error| Stop::Broken(error.to_string()))?;
    let hash = crate::notice::bytes(&policy.hash());
    Ok((PolicyRow { version, hash, folder, stored: now, effective }, widens))
}

/// The first day on which a version may take effect that widens something; none where it does not.
fn earliest(
    newest: &PolicyRow,
    policy: &Policy,
    now: Timestamp,
) -> Result<Option<(Timestamp, Date)>, Stop> {
    let before = version(newest).map_err(Stop::Broken)?;
    let changes = policy::diff(&before.1, policy);
    if !changes.iter().any(|it| it.class == Class::Widening) {
        return Ok(None);
    }
    let mut latest = now;
    if let Some(notice) = before.1.change.as_ref().map(|it| it.notice) {
        for region in &before.1.header.regions {
            let due = before.1.due(region, now, notice);
            latest = latest.max(due.map_err(|error| Stop::NotNow(error.to_string()))?);
        }
    }
    // A version takes effect with a day: with the first that begins when the notice is over.
    let zone = policy.zone(policy.header.home()).unwrap_or(jiff::tz::TimeZone::UTC);
    let day = crate::time::day(latest, &zone);
    let day = day.ok_or_else(|| Stop::Broken("the day is out of range".to_owned()))?;
    let day = if start(day, &zone) < latest { day.tomorrow().unwrap_or(day) } else { day };
    Ok(Some((start(day, &zone), day)))
}

fn start(day: Date, zone: &jiff::tz::TimeZone) -> Timestamp {
    let at = day.to_zoned(zone.clone()).map_or(0, |it| it.timestamp().as_millisecond());
    Timestamp::from_millis(at)
}

/// The beginning of the day from which a policy counts, in its home region.
fn begins(policy: &Policy) -> Timestamp {
    let zone = policy.zone(policy.header.home()).unwrap_or(jiff::tz::TimeZone::UTC);
    start(policy.header.effective, &zone)
}

/// Stores a version, and begins its round where it follows another. Done again after a crash in
/// between, nothing is twice.
pub(crate) async fn store(
    journal: &Journal,
    (policy, row): (&Policy, PolicyRow),
    (widens, now): (Option<bool>, Timestamp),
) -> Result<(), Stop> {
    let door = journal.installation();
    let names = door.vocabulary().await?;
    let grown = names.with(&policy.spec).map_err(|over| {
        let say = format!("more than {} names of kind {}", over.most, over.kind.word());
        Stop::invalid("policy", say)
    })?;
    door.grow_vocabulary(&grown).await?;
    // The round first: until the version is stored it waits, and after a crash in between whoever
    // publishes again takes it over.
    if let Some(widens) = widens {
        let begun = round::begin((row.version, row.effective), widens, now)?;
        match door.round(&begun.id).await? {
            Some(stands) => door.put_round(&RoundRow { version: stands.version, ..begun }).await?,
            None => door.add_round(begun).await?,
        }
    }
    Ok(door.add_policy(row).await?)
}
