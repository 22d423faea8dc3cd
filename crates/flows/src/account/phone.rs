//! Proving a number: a code goes there by text once the address is proved, again after a correction,
//! and when the person asks. It proves the number and signs nobody in.
//!
//! No text leaves for an account whose address nobody proved: else whoever earns by texts to numbers
//! of their own would need no more than a form.

use decide::id::CaseId;
use decide::{Account, Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, JobKind, JobRow, Permit, Recorded, Tx, Write};
use zeroize::Zeroize;

use super::bound::CODES;
use super::code::{Tried, fresh, signature, stage, try_it};
use super::named;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::CODE_MILLIS;
use crate::machine::{Machine, Move};
use crate::messages::text::{self, About};
use crate::{Acting, Flows, Plain, Secret, Stop, when};

/// Has a code sent to a number that came in.
pub(crate) const PHONE_CODE: JobKind = JobKind::named("phone-code");
/// The kind of the case in which it stands whether a number is proved.
const KIND: &str = "phone";
/// As what is sealed which number it is about: when it came in.
const LABEL: &str = "phone-proof";
/// A code went there.
const SENT: &str = "sent";
/// The code came back.
const PROVED: &str = "proved";

const GOES: &str = "a text with a code goes to the number";
const MINUTES: &str = "10 minutes, for the code";

/// How it stands whether a number is proved. Another number begins anew.
pub const PHONE: Machine = Machine {
    name: "phone",
    moves: &[
        Move::of("", "send", "person or system", (SENT, GOES), MINUTES),
        Move::of(SENT, "send", "person or system", (SENT, GOES), MINUTES),
        Move::of(PROVED, "send", "person or system", (SENT, GOES), MINUTES),
        Move::of(SENT, "prove", "person", (PROVED, "the number counts as the person's"), ""),
    ],
};

/// A code is on its way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct PhoneCode {
    /// The channel.
    pub channel: String,
    /// Until when the code is good.
    pub until: String,
}

/// A number is proved.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct PhoneProved {
    /// The person's id.
    pub id: String,
    /// The account state.
    pub state: String,
}

/// Whether numbers are proved here: the policy says so, and texts can leave.
pub(crate) fn is_proved_here(flows: &Flows, book: &Book) -> bool {
    let registration = book.policy().registration.as_ref();
    flows.texts() && registration.is_some_and(|it| it.verify.contains(named::PHONE))
}

/// Whether texts go to somebody whose account stands so.
const fn stands(account: Account) -> bool {
    match account {
        Account::Active | Account::Restricted => true,
        Account::Visitor
        | Account::Unverified
        | Account::AwaitingGuardian
        | Account::Closing
        | Account::Closed => false,
    }
}

/// Stages that a number which came in is written to; `account` says how the account stands from now on.
/// A code that went to another number proves nothing any more.
pub(crate) fn came_in(flows: &Flows, book: &Book, (tx, account): (&mut Tx<Permit>, Account)) {
    let Ok(phone) = book.category(named::PHONE) else { return };
    tx.stage(Write::DropCode(phone));
    if stands(account) && is_proved_here(flows, book) {
        let due = tx.permit().now();
        tx.stage(Write::Job { kind: PHONE_CODE, due });
    }
}

/// The address was proved: the number that came with it is next.
pub(super) fn next(flows: &Flows, book: &Book, (tx, account): (&mut Tx<Permit>, Account)) {
    let Ok(phone) = book.category(named::PHONE) else { return };
    if tx.values().iter().any(|it| it.category == phone) {
        came_in(flows, book, (tx, account));
    }
}

/// The job: one code, unless there were too many.
pub(crate) async fn first(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    let asker = Asker::new(AskerKind::System, "phone-code");
    let done = again!(send_once(flows, (row.person, &asker), now).await);
    match done {
        Ok(_) => Ok(()),
        // The person asks for another, and is told then why none comes.
        Err(Stop::Full { .. } | Stop::Invalid { .. } | Stop::NotNow(_) | Stop::Refused(_)) => {
            Ok(flows.journal().scratch().claim_done(row).await?)
        }
        Err(stop) => Err(stop),
    }
}

/// Has a code sent to the person's number.
///
/// # Errors
/// `NotNow` where no codes go to phones, none is held or it is proved already; `Full` after too many
/// in a day.
pub async fn send_phone_code(
    flows: &Flows,
    who: impl Into<Acting>,
    now: Timestamp,
) -> Result<Recorded<PhoneCode>, Stop> {
    let who = who.into();
    let asker = who.asker();
    again!(send_once(flows, (who.person(), &asker), now).await)
}

async fn send_once(
    flows: &Flows,
    (person, asker): (PersonId, &Asker),
    now: Timestamp,
) -> Result<Recorded<PhoneCode>, Stop> {
    let book = flows.book();
    if !is_proved_here(flows, &book) {
        return Err(Stop::NotNow("no codes are sent to phones here".to_owned()));
    }
    let phone = book.category(named::PHONE)?;
    let language = book.category(named::LANGUAGE).map_or(Set::EMPTY, Set::of);
    let act = Act::Exercise { right: Right::Correct };
    let case = Case::of(person, act, language.with(phone), asker);
    let mut tx = flows.permit(&book, case, now).await?;
    if !stands(tx.facts().account) {
        let say = "enter the code that was sent to the address first";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let (number, language) = {
        let opened = flows.vault().open(&tx)?;
        let language = book.category(named::LANGUAGE).ok().and_then(|it| opened.get(it));
        let language = book.language(language.unwrap_or("")).to_owned();
        (opened.get(phone).map(Plain::from), language)
    };
    let none = || Stop::NotNow("there is no phone number; give one first".to_owned());
    let number = number.ok_or_else(none)?;
    if is_proved(flows, &book, &tx).await? {
        return Err(Stop::NotNow("this number is proved already".to_owned()));
    }
    text::room(flows, (person, &number), now).await?;
    tx.stage(Write::DropJob(PHONE_CODE));
    let until = now.plus_millis(CODE_MILLIS);
    let code = fresh(flows)?;
    stage(flows, &mut tx, phone, (&code, until))?;
    go(flows, &mut tx, (phone, "send")).await?;
    let signed = signature(flows, &language);
    let words = text::code(code.as_str(), &language, signed.as_ref().0);
    text::put(flows, &mut tx, About::Phone, (number.as_str(), &words))?;
    tx.note(serde_json::json!({ "code": { "channel": named::PHONE } }));
    let owed = tx.owe(PhoneCode { channel: named::PHONE.to_owned(), until: when(until) });
    Ok(tx.record(owed).await?)
}

/// Proves the number by the code that came back.
///
/// # Errors
/// `Wrong` for a code that is not the one, used, tried too often, too old, or sent to another number.
pub async fn verify_phone(
    flows: &Flows,
    (person, given): (PersonId, &Secret),
    now: Timestamp,
) -> Result<Recorded<PhoneProved>, Stop> {
    again!(verify_once(flows, (person, given), now).await).map_err(|stop| match stop {
        Stop::NotFound | Stop::Gone | Stop::Refused(_) => Stop::Wrong,
        other => other,
    })
}

async fn verify_once(
    flows: &Flows,
    (person, given): (PersonId, &Secret),
    now: Timestamp,
) -> Result<Recorded<PhoneProved>, Stop> {
    let book = flows.book();
    let phone = book.category(named::PHONE)?;
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Correct };
    let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(phone), &asker) };
    let mut tx = flows.permit(&book, case, now).await?;
    match try_it(flows, (person, phone), given, now).await? {
        Tried::Right if about(flows, &tx, (phone, SENT)).await? => {}
        Tried::None => return Err(Stop::Wrong),
        Tried::Right | Tried::New | Tried::Wrong => {
            tx.stage(Write::CodeTried(phone));
            CODES.count(&mut tx);
            tx.note(serde_json::json!({ "proved": false }));
            let owed = tx.owe(());
            tx.record(owed).await.map(drop)?;
            return Err(Stop::Wrong);
        }
    }
    tx.stage(Write::DropCode(phone));
    go(flows, &mut tx, (phone, "prove")).await?;
    tx.note(serde_json::json!({ "proved": named::PHONE, "method": "phone-code" }));
    let state = tx.facts().account.word().to_owned();
    let owed = tx.owe(PhoneProved { id: person.to_string(), state });
    Ok(tx.record(owed).await?)
}

/// Whether the number that is held is the one that was proved.
pub(crate) async fn is_proved(flows: &Flows, book: &Book, tx: &Tx<Permit>) -> Result<bool, Stop> {
    let Ok(phone) = book.category(named::PHONE) else { return Ok(false) };
    about(flows, tx, (phone, PROVED)).await
}

/// When the number that is held came in: by that one is told from another without keeping either.
fn came(tx: &Tx<Permit>, phone: Category) -> Option<String> {
    let row = tx.values().iter().find(|it| it.category == phone)?;
    Some(row.collected.millis().to_string())
}

/// Whether the case stands so, and is about the number that is held.
async fn about(
    flows: &Flows,
    tx: &Tx<Permit>,
    (phone, state): (Category, &str),
) -> Result<bool, Stop> {
    let Some(row) = tx.newest_case(KIND, state).await? else { return Ok(false) };
    let Some(sealed) = &row.sealed else { return Ok(false) };
    let of = flows.vault().open_note(tx, LABEL, sealed)?;
    Ok(came(tx, phone).is_some_and(|it| it.as_bytes() == of.as_slice()))
}

/// Stages a move of the case, about the number that is held.
async fn go(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (phone, event): (Category, &str),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let before = match tx.newest_case(KIND, SENT).await? {
        Some(row) => Some(row),
        None => tx.newest_case(KIND, PROVED).await?,
    };
    let from = before.as_ref().map_or("", |it| it.state.as_str());
    let state = PHONE.step(from, event, "person")?.to_owned();
    let of = came(tx, phone).unwrap_or_default();
    let sealed = Some(flows.vault().seal_note(tx, LABEL, of.as_bytes())?);
    let fresh = || CaseId::new(tx.person().region(), flows.journal().new_id(now));
    let id = before.as_ref().map_or_else(fresh, |it| it.id);
    let row = CaseRow {
        id,
        kind: KIND.to_owned(),
        state,
        received: before.as_ref().map_or(now, |it| it.received),
        due: now.plus_millis(CODE_MILLIS),
        // Nobody of ours has to act.
        open: false,
        assigned: String::new(),
        about: "{}".to_owned(),
        sealed,
        own_key: None,
    };
    tx.stage(Write::Case(row));
    Ok(())
}
