//! What a person is shown of a new version when they come: what it changes, from when it counts for
//! them, and what they are asked. Going on afterwards is noted as what the policy says it is.

use std::collections::BTreeSet;

use decide::id::CaseId;
use decide::{Act, Right, Set, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx, Write};
use policy::clause::consent::Continuing;
use serde::Serialize;
use zeroize::Zeroize;

use super::adopt::catch_up;
use super::announce::{announced, is_new};
use super::case::{self, ASKED, KEPT, Told};
use super::known::{Known, known};
use crate::answer::Wiped;
use crate::consent::text_hash;
use crate::engine::{Case, again};
use crate::{Acting, Book, Flows, Stop, minors, when};

/// The kind of the note that somebody saw a version.
const SEEN: &str = "notice-seen";

/// What a person is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Greeting {
    /// The newest version.
    pub version: u32,
    /// When it takes effect.
    pub effective: String,
    /// Whether it has by now.
    pub in_force: bool,
    /// A heading, with the day.
    pub title: String,
    /// What it changes, a sentence each.
    pub says: Vec<String>,
    /// Where all of it stands.
    pub href: String,
    /// Where this person stands: `told`, `asked`, `answered`, `adopted`, `kept`, `stopped`; nothing
    /// where it does not affect them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// From when what it widens counts for this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts_from: Option<String>,
    /// The same as a day where this person lives, in words.
    #[serde(skip)]
    pub day: Option<String>,
    /// What follows where this person does not answer: `old-rules` or `stop`.
    pub unanswered: String,
    /// What this person is asked anew.
    pub ask: Vec<Asked>,
    /// The hash of the words that ask; an answer to `PUT /v1/consent` names it.
    pub text_hash: String,
    /// The language of the words.
    pub language: String,
    /// Whether the person is to say that they agree, because going on says nothing.
    pub agree: bool,
    /// Whether this person was shown it before.
    pub seen: bool,
    /// Who says yes: the `person`, or a `guardian` for them; the person says no at any time.
    pub answered_by: String,
}

/// A purpose that is asked about anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Asked {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is, as the new version says it.
    pub text: String,
    /// Its clause.
    pub clause: String,
}

impl Zeroize for Greeting {
    /// Titles, days and words of the policy: there is nothing of the person in it.
    fn zeroize(&mut self) {}
}

/// What a person is shown of the newest version; nothing where there is none, or where they have seen
/// it and nothing is asked of them.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn greet(
    flows: &Flows,
    who: impl Into<Acting>,
    (screen, language): (&str, &str),
    now: Timestamp,
) -> Result<Option<Recorded<Greeting>>, Stop> {
    let who = who.into();
    let known = known(flows).await?;
    if known.versions.len() < 2 {
        return Ok(None);
    }
    catch_up(flows, who.person(), now).await?;
    again!(once(flows, &known, (who, screen, language), now).await)
}

async fn once(
    flows: &Flows,
    known: &Known,
    (who, screen, language): (Acting, &str, &str),
    now: Timestamp,
) -> Result<Option<Recorded<Greeting>>, Stop> {
    let book = flows.book();
    let person = who.person();
    let mut tx = permit(flows, &book, who, now).await?;
    let cases = case::of(&tx).await?;
    let version = known.newest.version();
    let seen = tx.newest_case(SEEN, &version.to_string()).await?.is_some();
    let open: Vec<&Told> =
        cases.iter().filter(|it| matches!(it.row.state.as_str(), ASKED | KEPT)).collect();
    let said = announced(flows, known, language, now);
    let over = seen || !is_new(known, now);
    let Some(said) = said.filter(|it| !(it.in_force && over && open.is_empty())) else {
        return Ok(None);
    };
    let continuing = known.newest.policy().acceptance.as_ref().map(|it| it.continuing);
    let agree = said.in_force && !seen && continuing == Some(Continuing::Ask);
    if said.in_force && !seen && !agree {
        note(flows, &mut tx, (known, "notice-seen"), (screen, language));
    }
    let language = known.newest.language(language).to_owned();
    let own = cases.iter().find(|it| it.about.version == version);
    let zone = book.zone(person.region());
    let day = own.and_then(|it| crate::time::day(it.row.due, &zone));
    let answered_by = if minors::chooses(tx.facts().age) { "person" } else { "guardian" };
    let unanswered = known.last().map_or("", |it| it.unanswered().word()).to_owned();
    let greeting = Greeting {
        version,
        effective: said.effective,
        in_force: said.in_force,
        title: said.title,
        says: said.says,
        href: said.href,
        state: own.map(|it| it.row.state.clone()),
        counts_from: own.map(|it| when(it.row.due)),
        day: day.map(|it| policy::phrase::date(it, &language)),
        unanswered,
        ask: asked(&known.newest, &open, &language),
        text_hash: text_hash(&known.newest, person.region(), &language),
        language,
        agree,
        seen,
        answered_by: answered_by.to_owned(),
    };
    let owed = tx.owe(greeting);
    Ok(Some(tx.record(owed).await?))
}

/// Somebody agrees to a version, where going on says nothing.
///
/// # Errors
/// `NotFound` for another version than the newest.
pub async fn accept(
    flows: &Flows,
    who: impl Into<Acting>,
    (version, screen, language): (u32, &str, &str),
    now: Timestamp,
) -> Result<Recorded<Wiped<u32>>, Stop> {
    let (who, known) = (who.into(), known(flows).await?);
    if known.newest.version() != version {
        return Err(Stop::NotFound);
    }
    let work = async || {
        let book = flows.book();
        let mut tx = permit(flows, &book, who, now).await?;
        note(flows, &mut tx, (&known, "agreed"), (screen, language));
        let owed = tx.owe(Wiped(version));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

async fn permit(
    flows: &Flows,
    book: &Book,
    who: Acting,
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let (person, asker) = (who.person(), who.asker());
    let act = Act::Exercise { right: Right::Access };
    flows.permit(book, Case::of(person, act, Set::EMPTY, &asker), now).await
}

/// Notes which version was seen or agreed to, on which screen, in which words.
fn note(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (known, counts): (&Known, &str),
    (screen, language): (&str, &str),
) {
    let (now, person) = (tx.permit().now(), tx.person());
    let version = known.newest.version();
    let language = known.newest.language(language).to_owned();
    tx.stage(Write::Case(CaseRow {
        id: CaseId::new(person.region(), flows.journal().new_id(now)),
        kind: SEEN.to_owned(),
        state: version.to_string(),
        received: now,
        due: now,
        open: false,
        assigned: String::new(),
        about: "{}".to_owned(),
        sealed: None,
        own_key: None,
    }));
    tx.note(serde_json::json!({
        "accepted": {
            "version": version, "at": when(now), "screen": screen, "counts": counts,
            "text_hash": known.newest.text_hash(&language), "language": language,
        },
    }));
}

/// The purposes that wait for an answer, in the words of the newest version.
fn asked(book: &Book, open: &[&Told], language: &str) -> Vec<Asked> {
    let ids: BTreeSet<&String> = open.iter().flat_map(|it| &it.about.ask).collect();
    let shown = |id: &&String| {
        let purpose = book.policy().purposes.get(*id)?;
        Some(Asked {
            id: (*id).clone(),
            title: purpose.title.in_language(language).to_owned(),
            text: book.sentence(&purpose.clause, language),
            clause: purpose.clause.clone(),
        })
    };
    ids.iter().filter_map(shown).collect()
}
