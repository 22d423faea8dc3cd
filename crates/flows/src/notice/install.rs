//! Installs a policy: its names keep their positions, its version is stored for good, and it takes
//! effect on its day.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use decide::spec::Spec;
use decide::{Ruleset, Timestamp};
use journal::{Journal, PolicyRow};
use policy::{Folder, Policy};
use tokio::task::JoinHandle;

use crate::book::Book;
use crate::change::publish;
use crate::engine::OpenFault;
use crate::{Flows, Stop};

/// Compiles a folder; what is wrong comes back as a text for people.
pub(crate) fn compile(folder: &Folder) -> Result<Policy, OpenFault> {
    policy::compile(folder).map_err(|faults| OpenFault::Policy(faults.render(false)))
}

/// Stores the policy where its version is new, and answers the one that is in force now.
pub(crate) async fn install(
    journal: &Journal,
    folder: &Folder,
    compiled: Policy,
    now: Timestamp,
) -> Result<Book, OpenFault> {
    let door = journal.installation();
    let rows = door.policies().await?;
    let version = compiled.spec.version;
    let hash = bytes(&compiled.hash());
    match rows.iter().find(|it| it.version == version) {
        Some(row) if row.hash != hash => {
            return Err(OpenFault::Policy(format!(
                "version {version} of the policy is stored already, with other rules: raise \
                 `version` in `policy.md`"
            )));
        }
        Some(_) => {}
        None => store(journal, (folder, &compiled), &rows, now).await?,
    }
    let rows = door.policies().await?;
    in_force(journal, &rows, now, Some((folder, compiled))).await
}

/// The policy that is in force, of those that are stored.
pub(crate) async fn as_stored(journal: &Journal, now: Timestamp) -> Result<Book, OpenFault> {
    let rows = journal.installation().policies().await?;
    if rows.is_empty() {
        let say = "no version of the policy is stored yet: start `kept serve` first";
        return Err(OpenFault::Policy(say.to_owned()));
    }
    in_force(journal, &rows, now, None).await
}

async fn store(
    journal: &Journal,
    (folder, compiled): (&Folder, &Policy),
    rows: &[PolicyRow],
    now: Timestamp,
) -> Result<(), OpenFault> {
    let stored = async {
        let (row, widens) = publish::row((folder, compiled), rows, now)?;
        let widens = rows.last().map(|_| widens);
        publish::store(journal, (compiled, row), (widens, now)).await
    };
    stored.await.map_err(|stop| match stop {
        Stop::NotNow(say) | Stop::Invalid { say, .. } => OpenFault::Policy(say),
        other => OpenFault::Broken(format!("the policy cannot be stored: {other:?}")),
    })
}

/// The newest version whose day has come, with its widenings over the ones before. What was given and
/// compiled already is not compiled again, where it is to the letter what is stored.
async fn in_force(
    journal: &Journal,
    rows: &[PolicyRow],
    now: Timestamp,
    given: Option<(&Folder, Policy)>,
) -> Result<Book, OpenFault> {
    let row = rows.iter().rev().find(|it| it.effective <= now).or(rows.first());
    let row = row.ok_or_else(|| OpenFault::Broken("no policy is stored".to_owned()))?;
    let before = rows.iter().filter(|it| it.version < row.version);
    let older = begin_rules_of(before.cloned().collect());
    let folder = stored(row)?;
    let current = match given.filter(|(it, _)| **it == folder) {
        Some((_, compiled)) => compiled,
        None => compile(&folder)?,
    };
    let mut rules = Vec::new();
    for part in older {
        rules.extend(part.await.map_err(|it| OpenFault::Broken(it.to_string()))??);
    }
    let mut current = current.after(&rules);
    let endings = crate::cessation::in_rules(journal, now).await;
    let endings = endings.map_err(|stop| OpenFault::Broken(format!("endings: {stop:?}")))?;
    current.spec.endings = endings.iter().map(|it| it.rule(&current)).collect();
    let names = journal.installation().vocabulary().await?;
    let rules = Ruleset::new(&current.spec, &names)
        .map_err(|fault| OpenFault::Policy(format!("the rules cannot be compiled: {fault:?}")))?;
    Ok(Book::new(current, rules).ending(endings))
}

/// The rules of versions, compiled side by side on as many threads as there are cores: whoever starts
/// waits for them.
fn begin_rules_of(rows: Vec<PolicyRow>) -> Vec<JoinHandle<Result<Vec<Spec>, OpenFault>>> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let each = rows.len().div_ceil(cores).max(1);
    let mut rows = rows.into_iter().peekable();
    let mut parts = Vec::new();
    while rows.peek().is_some() {
        let part: Vec<PolicyRow> = rows.by_ref().take(each).collect();
        parts.push(tokio::task::spawn_blocking(move || {
            part.iter().map(|it| Ok(compile(&stored(it)?)?.spec)).collect()
        }));
    }
    parts
}

pub(crate) fn stored(row: &PolicyRow) -> Result<Folder, OpenFault> {
    let files: BTreeMap<String, String> = serde_json::from_str(&row.folder)
        .map_err(|_| OpenFault::Broken(format!("version {} cannot be read", row.version)))?;
    Ok(Folder::of(files))
}

/// The texts of the newest stored version, as they were handed in: what a draft begins with.
///
/// # Errors
/// When the stored versions cannot be read, or there is none.
pub async fn newest(flows: &Flows) -> Result<Folder, Stop> {
    let rows = flows.journal().installation().policies().await?;
    let row = rows.last().ok_or(Stop::NotFound)?;
    stored(row).map_err(|fault| Stop::Broken(fault.to_string()))
}

/// Puts the version into force whose day has come.
///
/// # Errors
/// When the stored versions cannot be read.
pub async fn refresh(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let rows = flows.journal().installation().policies().await?;
    crate::change::learn(flows, rows.len()).await?;
    let newest = rows.iter().rev().find(|it| it.effective <= now);
    let endings = crate::cessation::in_rules(flows.journal(), now).await?;
    let known = flows.book();
    let same = newest.is_none_or(|it| it.version == known.version());
    if same && known.endings() == endings {
        return Ok(());
    }
    let book = in_force(flows.journal(), &rows, now, None).await;
    flows.put_book(book.map_err(|fault| Stop::Broken(fault.to_string()))?);
    Ok(())
}

/// A stored version: its number, its policy, when it takes effect.
pub type Version = (u32, Policy, Timestamp);

/// Every stored version, oldest first. What is stored never changes, so each is compiled once.
///
/// # Errors
/// When the stored versions cannot be read.
pub async fn versions(flows: &Flows) -> Result<Arc<[Version]>, Stop> {
    let rows = flows.journal().installation().policies().await?;
    let known = &flows.inner.versions;
    let kept = Arc::clone(&known.read().unwrap_or_else(PoisonError::into_inner));
    if kept.len() == rows.len() {
        return Ok(kept);
    }
    let read = |row: &PolicyRow| {
        let policy = stored(row).and_then(|folder| compile(&folder));
        let policy = policy.map_err(|fault| Stop::Broken(fault.to_string()))?;
        Ok((row.version, policy, row.effective))
    };
    let all: Arc<[Version]> = rows.iter().map(read).collect::<Result<_, Stop>>()?;
    *known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&all);
    Ok(all)
}

pub(crate) fn bytes(hex: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    for (at, to) in hash.iter_mut().enumerate() {
        let two = hex.get(at * 2..at * 2 + 2).unwrap_or("00");
        *to = u8::from_str_radix(two, 16).unwrap_or(0);
    }
    hash
}
