//! The announcement of a version: what the site, the policy's page and the privacy centre say of it,
//! before its day and for a while after.

use decide::Timestamp;
use serde::Serialize;

use super::known::Known;
use crate::limit::ANNOUNCED_MILLIS;
use crate::{Flows, Stop, when};

/// What everybody is told of the newest version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Announcement {
    /// The version.
    pub version: u32,
    /// From when it counts.
    pub effective: String,
    /// Whether it does by now.
    pub in_force: bool,
    /// A heading, with the day.
    pub title: String,
    /// A sentence.
    pub text: String,
    /// What it changes, a sentence each; nothing where words alone differ.
    pub says: Vec<String>,
    /// Where all of it stands.
    pub href: String,
}

/// The newest version, where it follows another and is upcoming or a few weeks old. What is known of
/// the versions is in memory: this costs nothing.
pub fn announcement(flows: &Flows, language: &str, now: Timestamp) -> Option<Announcement> {
    let known = flows.inner.known.get()?;
    announced(flows, &known, language, now).filter(|_| is_new(&known, now))
}

/// What a version says of itself, however old; nothing for the first, and for one that is not the
/// newest.
///
/// # Errors
/// When the versions cannot be read.
pub async fn announcement_of(
    flows: &Flows,
    version: u32,
    language: &str,
    now: Timestamp,
) -> Result<Option<Announcement>, Stop> {
    let known = super::known::known(flows).await?;
    Ok(announced(flows, &known, language, now).filter(|it| it.version == version))
}

/// Whether the newest version is upcoming or a few weeks old.
pub(super) fn is_new(known: &Known, now: Timestamp) -> bool {
    let last = known.versions.last().map(|it| it.2);
    last.is_some_and(|it| now <= it.plus_millis(ANNOUNCED_MILLIS))
}

pub(super) fn announced(
    flows: &Flows,
    known: &Known,
    language: &str,
    now: Timestamp,
) -> Option<Announcement> {
    let last = known.last()?;
    let in_force = last.effective <= now;
    let book = flows.book();
    let language = book.language(language);
    let zh = language.starts_with("zh");
    let zone = book.home().map_or(jiff::tz::TimeZone::UTC, |it| book.zone(it));
    let day = crate::time::day(last.effective, &zone)?;
    let day = policy::phrase::date(day, language);
    let title = match (in_force, zh) {
        (false, false) => format!("Our privacy policy changes on {day}"),
        (true, false) => format!("Our privacy policy changed on {day}"),
        (false, true) => format!("隐私政策将于 {day} 变更"),
        (true, true) => format!("隐私政策已于 {day} 变更"),
    };
    let says = policy::diff::plainly(last.changes, (last.old, last.new), language);
    let text = match (says.is_empty(), zh) {
        (true, false) => "Only words change; what we may do stays as it is.".to_owned(),
        (true, true) => "仅文字有改动，我们可以做的事没有变化。".to_owned(),
        (false, false) => {
            "See what changes in plain words, with every changed word marked.".to_owned()
        }
        (false, true) => "查看有哪些变化：用平实的语言说明，并标明每一处改动。".to_owned(),
    };
    Some(Announcement {
        version: last.version,
        effective: when(last.effective),
        in_force,
        title,
        text,
        says,
        href: format!("/privacy/changes/{}", last.version),
    })
}
