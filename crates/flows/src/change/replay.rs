//! Replaying: the recorded requests of the last days under a draft, to see which answers would change
//! before anybody publishes it. Records are sealed under each person's key, so each is opened with a
//! permit of its own, on the record; what comes out are counts, and never a value or an id.

use std::collections::{BTreeMap, BTreeSet};

use decide::{Category, Facts, PersonId, Request, Ruleset, Set, Timestamp, Vocabulary, decide};
use journal::{Asker, AskerKind, Finding, Record};
use policy::Folder;
use serde::Serialize;
use tokio::task::JoinSet;

use super::known::known;
use super::tell::ACT;
use crate::engine::{Case, again};
use crate::limit::{REPLAYED_MAX, ROWS_AT_ONCE, TOLD_AT_ONCE, VISITED_AT_ONCE};
use crate::notice::compile;
use crate::{Flows, Stop};

/// What a draft answers otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Replayed {
    /// People whose records were read.
    pub people: u64,
    /// Requests that were made again.
    pub requests: u64,
    /// People whose records could not be read: they went, or the policy has no right of access.
    pub left_out: u64,
    /// The answers that change, those first that change most often.
    pub lines: Vec<Line>,
}

/// One kind of answer that changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// How many requests.
    pub requests: u64,
    /// Of how many people.
    pub people: u64,
    /// The clause that decides under the draft.
    pub clause: String,
    /// What was asked: `use advertise`.
    pub act: String,
    /// What was answered: `permit email, phone`.
    pub before: String,
    /// What the draft answers.
    pub after: String,
}

/// The rules of the draft, with the names that records hold by position.
struct Draft {
    rules: Ruleset,
    version: u32,
}

type Key = (String, String, String, String);

/// What was found of one person.
#[derive(Default)]
struct Found {
    requests: u64,
    differ: BTreeMap<Key, u64>,
}

/// Replays what was recorded since an instant under a draft, as it will answer once it counts for
/// everybody.
///
/// # Errors
/// `Invalid` for faults of the draft.
pub async fn replay(
    flows: &Flows,
    folder: &Folder,
    since: Timestamp,
    now: Timestamp,
) -> Result<Replayed, Stop> {
    let draft = std::sync::Arc::new(draft(flows, folder).await?);
    let mut replayed = Replayed::default();
    let mut lines: BTreeMap<Key, (u64, u64)> = BTreeMap::new();
    for region in flows.regions() {
        let mut after = None;
        loop {
            let people = flows.journal().scratch().people(*region, after, VISITED_AT_ONCE).await?;
            let Some(last) = people.last() else { break };
            after = Some(*last);
            for found in each(flows, people, &draft, (since, now)).await? {
                let Some(found) = found else {
                    replayed.left_out = replayed.left_out.saturating_add(1);
                    continue;
                };
                replayed.people = replayed.people.saturating_add(1);
                replayed.requests = replayed.requests.saturating_add(found.requests);
                for (key, count) in found.differ {
                    let sum = lines.entry(key).or_default();
                    *sum = (sum.0.saturating_add(count), sum.1.saturating_add(1));
                }
            }
        }
    }
    let line = |((clause, act, before, after), (requests, people)): (Key, (u64, u64))| Line {
        requests,
        people,
        clause,
        act,
        before,
        after,
    };
    replayed.lines = lines.into_iter().map(line).collect();
    replayed.lines.sort_by(|a, b| b.cmp(a));
    Ok(replayed)
}

async fn draft(flows: &Flows, folder: &Folder) -> Result<Draft, Stop> {
    let policy = compile(folder).map_err(|fault| Stop::invalid("policy", fault.to_string()))?;
    let older: Vec<_> = known(flows).await?.versions.iter().map(|it| it.1.spec.clone()).collect();
    let policy = policy.after(&older);
    // Names that are new stand behind those that are stored: nothing is stored for a draft.
    let names = flows.journal().installation().vocabulary().await?;
    let names = names.with(&policy.spec);
    let names = names.map_err(|_| Stop::invalid("policy", "it has too many names"))?;
    let rules = Ruleset::new(&policy.spec, &names);
    let rules = rules.map_err(|_| Stop::invalid("policy", "its rules cannot be compiled"))?;
    Ok(Draft { rules, version: policy.spec.version })
}

async fn each(
    flows: &Flows,
    people: Vec<PersonId>,
    draft: &std::sync::Arc<Draft>,
    times: (Timestamp, Timestamp),
) -> Result<Vec<Option<Found>>, Stop> {
    let mut people = people.into_iter();
    let mut running = JoinSet::new();
    let mut all = Vec::new();
    loop {
        while running.len() < TOLD_AT_ONCE {
            let Some(person) = people.next() else { break };
            let (flows, draft) = (flows.clone(), std::sync::Arc::clone(draft));
            running.spawn(async move { again!(one(&flows, person, &draft, times).await) });
        }
        let Some(done) = running.join_next().await else { return Ok(all) };
        match done.map_err(|error| Stop::Broken(error.to_string()))? {
            Ok(found) => all.push(Some(found)),
            Err(Stop::Gone | Stop::NotFound | Stop::Refused(_)) => all.push(None),
            Err(stop) => return Err(stop),
        }
    }
}

/// The records of one person: opened with a permit, and the look at them is on the record too.
async fn one(
    flows: &Flows,
    person: PersonId,
    draft: &Draft,
    (since, now): (Timestamp, Timestamp),
) -> Result<Found, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "replay");
    let mut tx = flows.permit(&book, Case::of(person, ACT, Set::EMPTY, &asker), now).await?;
    let names = flows.journal().installation().vocabulary().await?;
    let mut found = Found::default();
    let mut before = None;
    while found.requests < REPLAYED_MAX {
        let rows = tx.records(before, ROWS_AT_ONCE).await?;
        let full = rows.len() == usize::try_from(ROWS_AT_ONCE).unwrap_or(usize::MAX);
        before = rows.last().map(|it| it.id);
        let old = rows.last().is_some_and(|it| it.at < since);
        let rows: Vec<_> = rows.into_iter().filter(|it| it.at >= since).collect();
        for (row, opened) in rows.iter().zip(&flows.vault().open_records(&tx, &rows)?) {
            let record = Record::read(&opened.kept, (row.id, person), &names)?;
            for finding in &record.findings {
                found.requests = found.requests.saturating_add(1);
                if let Some(key) = differs(draft, &names, (&record, finding)) {
                    let count = found.differ.entry(key).or_default();
                    *count = count.saturating_add(1);
                }
            }
        }
        if old || !full {
            break;
        }
    }
    tx.note(serde_json::json!({ "replay": { "version": draft.version } }));
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    Ok(found)
}

/// What changes of an answer, in words; nothing where it stays.
fn differs(
    draft: &Draft,
    names: &Vocabulary,
    (record, finding): (&Record<'_>, &Finding<'_>),
) -> Option<Key> {
    let refused = finding.refused.iter().map(|it| it.categories);
    let permitted = finding.permitted.unwrap_or(Set::EMPTY);
    let categories = refused.fold(permitted, Set::union);
    let request = Request { act: finding.act, categories };
    // As it will be once everybody was told.
    let adopted = record.facts.adopted.max(draft.version);
    let facts = Facts { adopted, ..record.facts.clone() };
    let (after, clause) = match decide(&draft.rules, &facts, &request, record.at) {
        Ok(permit) => {
            let part = permit.refused().first().map(|it| it.clause);
            (Some(permit.categories()), part.or_else(|| permit.clauses().next()))
        }
        Err(refusal) => (None, refusal.clauses().next()),
    };
    if after == finding.permitted {
        return None;
    }
    let clause = clause.map_or("", |it| draft.rules.clause_id(it)).to_owned();
    let what = match finding.act {
        decide::Act::Exercise { right } => Some(right.word()),
        decide::Act::Disclose { ground, .. } => Some(ground.word()),
        decide::Act::Collect { .. }
        | decide::Act::Use { .. }
        | decide::Act::Share { .. }
        | decide::Act::Transfer { .. }
        | decide::Act::Publish { .. } => finding.purpose().map(|it| names.purpose_id(it)),
    };
    let act = format!("{} {}", finding.act_word(), what.unwrap_or(""));
    let names = draft.rules.vocabulary();
    let said = |it: Option<Set<Category>>| said(it, categories, names);
    Some((clause, act, said(finding.permitted), said(after)))
}

/// An answer in words: what it permits.
fn said(permitted: Option<Set<Category>>, asked: Set<Category>, names: &Vocabulary) -> String {
    let list = |it: Set<Category>| {
        let ids: BTreeSet<&str> = it.iter().map(|it| names.category_id(it)).collect();
        ids.into_iter().collect::<Vec<_>>().join(", ")
    };
    match permitted {
        None => "refuse".to_owned(),
        Some(it) if it == asked => "permit".to_owned(),
        Some(it) => format!("permit {}", list(it)),
    }
}

impl Replayed {
    /// A table for a terminal.
    pub fn render(&self) -> String {
        let (requests, people) = (self.requests, self.people);
        let mut lines =
            vec![format!("{requests} requests of {people} people were made again under the draft")];
        if self.left_out > 0 {
            let left_out = self.left_out;
            lines.push(format!("{left_out} people were left out: they went meanwhile"));
        }
        if self.lines.is_empty() {
            lines.push("no answer changes".to_owned());
        } else {
            lines.push(format!("\n{:<18}  {:<22}  before → after", "clause", "act"));
        }
        lines.extend(self.lines.iter().map(|it| {
            let Line { clause, act, before, after, requests, people } = it;
            let change = format!("{before} → {after}");
            format!("{clause:<18}  {act:<22}  {change}  ({requests} requests, {people} people)")
        }));
        lines.join("\n") + "\n"
    }
}
