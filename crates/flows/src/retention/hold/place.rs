//! Asking for a hold. Nothing is held until somebody else approves.

use decide::id::HoldId;
use decide::{Category, PersonId, Set, Timestamp};
use journal::{CaseRow, Recorded, Write};
use policy::clause::retention::Hold;

use super::{ASKED, About, Done, KIND, MACHINE, Texts, act, asker, done, ends};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::limit::{CATEGORIES_MAX, HOLD_MILLIS_MAX, HOLD_TEXT_MAX};
use crate::messages::{MESSAGES, written};
use crate::{Flows, Stop};

/// A hold that is asked for.
#[derive(Debug)]
pub struct Place {
    /// Whose data is to be kept.
    pub person: PersonId,
    /// Of which categories.
    pub categories: Vec<String>,
    /// Why: a proceeding, a law.
    pub ground: String,
    /// The number or name of the proceeding.
    pub reference: String,
    /// The court, office or department that wants it kept.
    pub authority: String,
    /// The day on which it ends by itself.
    pub until: Timestamp,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const CREATED: u16 = 201;

/// Asks for a hold.
///
/// # Errors
/// `Invalid` where it does not say what the policy wants said, `NotNow` for what is held already.
pub async fn place(
    flows: &Flows,
    staff: &str,
    ask: &Place,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let book = flows.book();
    let covered = read(&book, ask, now)?;
    flows.replayed(ask.person.region(), ask.idempotency.as_ref(), now).await?;
    again!(once(flows, staff, (ask, covered), now).await)
}

async fn once(
    flows: &Flows,
    staff: &str,
    (ask, covered): (&Place, Set<Category>),
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let book = flows.book();
    let (person, asker) = (ask.person, asker(staff));
    let case = Case::of(person, act(&book), covered, &asker);
    let mut tx = flows.permit(&book, Case { wanted: Set::EMPTY, ..case }, now).await?;
    free(&book, tx.facts().dues.held(), covered)?;
    let events = covered.iter().any(|it| book.declared(it).is_some_and(|it| it.events));
    let values = tx.values().iter().any(|it| covered.has(it.category));
    let texts = covered.iter().any(|it| book.category_id(it) == MESSAGES);
    if !(events || values || texts && written(&tx).await?) {
        let say = "name categories of which something is held; nothing of these is";
        return Err(Stop::invalid("categories", say));
    }
    let state = MACHINE.step("", "ask", "staff")?;
    debug_assert_eq!(state, ASKED, "a hold begins with being asked for");
    let key = flows.vault().new_hold(person)?;
    let texts = Texts {
        ground: trimmed(&ask.ground),
        reference: trimmed(&ask.reference),
        authority: trimmed(&ask.authority),
    };
    let about = About {
        categories: book.category_ids(covered),
        asked_by: staff.to_owned(),
        ..About::default()
    };
    let row = CaseRow {
        id: HoldId::new(person.region(), flows.journal().new_id(now)).into(),
        kind: KIND.to_owned(),
        state: state.to_owned(),
        received: now,
        due: ask.until,
        open: true,
        assigned: String::new(),
        about: about.text(),
        sealed: Some(texts.seal(flows, (person, &key))?),
        own_key: Some(key),
    };
    let answer = done(&row);
    tx.stage(Write::Job { kind: ends(row.id), due: ask.until });
    tx.stage(Write::Case(row));
    tx.note(serde_json::json!({ "hold": answer.id, "asked": about.categories }));
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// One hold at a time: what lies under one comes free of it first.
pub(super) fn free(book: &Book, held: Set<Category>, covered: Set<Category>) -> Result<(), Stop> {
    let both = book.category_ids(held.and(covered));
    if both.is_empty() {
        return Ok(());
    }
    let both = both.join("`, `");
    Err(Stop::NotNow(format!("`{both}` is under another hold already; leave it out, or lift that")))
}

fn read(book: &Book, ask: &Place, now: Timestamp) -> Result<Set<Category>, Stop> {
    let needed = book.policy().retention.as_ref().map(|it| it.holds.clone()).unwrap_or_default();
    text("ground", &ask.ground, true)?;
    text("reference", &ask.reference, true)?;
    text("authority", &ask.authority, needed.contains(&Hold::Authority))?;
    let longest = now.plus_millis(HOLD_MILLIS_MAX);
    if ask.until <= now || ask.until > longest {
        let say = "name a day ahead, within ten years; a hold that is needed for longer is asked for \
                   again";
        return Err(Stop::invalid("until", say));
    }
    if ask.categories.is_empty() || ask.categories.len() > CATEGORIES_MAX {
        return Err(Stop::invalid("categories", "name the categories that are to be kept"));
    }
    book.categories(&ask.categories)
}

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

fn text(field: &str, given: &str, needed: bool) -> Result<(), Stop> {
    let given = given.trim();
    if needed && given.is_empty() {
        return Err(Stop::invalid(field, "say it: a hold names ground, reference and authority"));
    }
    if given.chars().count() > HOLD_TEXT_MAX || given.chars().any(char::is_control) {
        return Err(Stop::invalid(
            field,
            format!("use one line of at most {HOLD_TEXT_MAX} letters"),
        ));
    }
    Ok(())
}
