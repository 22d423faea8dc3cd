//! Leaving a message or a complaint, with an account or without one.

use decide::id::MessageId;
use decide::{Act, PersonId, RegionCode, Request, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use serde::Serialize;
use zeroize::Zeroize;

use super::answering::{self, MESSAGES, SUPPORT, answering};
use super::case::Kind;
use super::clock::clocks;
use super::{bound, correspondent, open};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, refused, remember};
use crate::limit::MESSAGE_BYTES_MAX;
use crate::provisional::is_provisional;
use crate::{Flows, Plain, Stop, value, when};

/// Somebody leaves a message.
#[derive(Debug)]
pub struct Leave {
    /// Who is signed in.
    pub from: Option<PersonId>,
    /// What they write.
    pub text: Plain,
    /// Where the answer goes; whoever is signed in may leave it out.
    pub reply_to: Option<Plain>,
    /// `message` or `complaint`.
    pub kind: String,
    /// The region; for whoever has no account. Else the one of the site.
    pub region: Option<String>,
    /// The language that they read.
    pub language: String,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

/// It arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Left {
    /// The number of the case.
    pub id: String,
    /// `message` or `complaint`.
    pub kind: String,
    /// Until when it is answered.
    pub reply_due: String,
    /// Whether that day is for now, because the calendar of working days ends before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub due_provisional: bool,
}

/// The status that it answers.
const CREATED: u16 = 201;

/// What was left, checked.
pub(super) struct Checked {
    pub(super) kind: Kind,
    pub(super) text: Plain,
    pub(super) reply_to: Option<Plain>,
    pub(super) region: RegionCode,
    pub(super) language: String,
    /// The id of the mail that it came in.
    pub(super) mail: Option<String>,
    /// Whether a mail says that it arrived.
    pub(super) acknowledged: bool,
    /// What whoever answers it ought to know of how it came.
    pub(super) remark: Option<String>,
}

impl Checked {
    fn read(book: &Book, ask: &Leave) -> Result<Self, Stop> {
        let kind = Kind::from_word(&ask.kind)
            .ok_or_else(|| Stop::invalid("kind", "use `message` or `complaint`"))?;
        let text = text("text", ask.text.as_str())?;
        let reply_to = ask.reply_to.as_ref().filter(|it| !it.as_str().trim().is_empty());
        let reply_to = reply_to.map(|it| value::email("reply_to", it.as_str())).transpose()?;
        if ask.from.is_none() && reply_to.is_none() {
            return Err(Stop::invalid("reply_to", "write where the answer is to go"));
        }
        let region = match (&ask.from, &ask.region) {
            (Some(person), _) => person.region(),
            (None, Some(code)) => book.region(code)?.0,
            (None, None) => home(book)?,
        };
        let language = book.language(&ask.language).to_owned();
        let (mail, acknowledged, remark) = (None, true, None);
        Ok(Self { kind, text, reply_to, region, language, mail, acknowledged, remark })
    }
}

/// The region of the site.
pub(super) fn home(book: &Book) -> Result<RegionCode, Stop> {
    book.home().ok_or_else(|| Stop::Broken("no home region".to_owned()))
}

/// What somebody writes, bounded and without what cannot be shown.
pub(super) fn text(field: &str, given: &str) -> Result<Plain, Stop> {
    let given = given.trim();
    if given.is_empty() {
        return Err(Stop::invalid(field, "write something"));
    }
    if given.len() > MESSAGE_BYTES_MAX {
        return Err(Stop::invalid(field, format!("use at most {MESSAGE_BYTES_MAX} bytes")));
    }
    if given.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(Stop::invalid(field, "leave out control characters"));
    }
    Ok(Plain::new(given.replace("\r\n", "\n")))
}

/// Takes a message in.
///
/// # Errors
/// `Invalid` for what does not fit, `Full` when there were too many today, `Refused` where the policy
/// lets nobody write.
pub async fn leave(flows: &Flows, ask: Leave, now: Timestamp) -> Result<Recorded<Left>, Stop> {
    let book = flows.book();
    let checked = Checked::read(&book, &ask)?;
    let once = ask.idempotency.as_ref();
    flows.replayed(checked.region, once, now).await?;
    bound::room(flows, bound::FORM, now).await?;
    let left = match ask.from {
        Some(person) => {
            bound::of_person(flows, person, now).await?;
            again!(of_person(flows, &book, (person, &checked, once), now).await)
        }
        None => take_in(flows, &book, (&checked, once), now).await,
    }?;
    bound::count(flows, bound::FORM, now);
    Ok(left)
}

/// A message of somebody whom nobody knows: a person is made for the conversation.
pub(super) async fn take_in(
    flows: &Flows,
    book: &Book,
    (checked, once): (&Checked, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Recorded<Left>, Stop> {
    let tx = correspondent::begin(flows, book, checked, now).await?;
    finish(flows, book, (tx, checked, once)).await
}

async fn of_person(
    flows: &Flows,
    book: &Book,
    (person, checked, once): (PersonId, &Checked, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Recorded<Left>, Stop> {
    let asker = Asker::new(AskerKind::Person, "self");
    let mut tx = writing(flows, book, (person, &asker), now).await?;
    bound::one_more(&mut tx);
    finish(flows, book, (tx, checked, once)).await
}

/// A permit for whoever writes: to be reached, and to have the text taken in.
pub(super) async fn writing(
    flows: &Flows,
    book: &Book,
    (person, asker): (PersonId, &Asker),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let act = answering(flows, book, person).await?;
    let is_right = matches!(act, Act::Exercise { .. });
    let tx = flows.permit(book, Case::of(person, act, answering::reach(book), asker), now).await?;
    if is_right {
        return Ok(tx);
    }
    match tx.judge_also(taking_in(book, Set::of(book.category(MESSAGES)?))?) {
        Ok(tx) => Ok(tx),
        Err(tx) => Err(refused(tx).await),
    }
}

/// The act of taking in what somebody writes.
pub(super) fn taking_in(book: &Book, categories: Set<decide::Category>) -> Result<Request, Stop> {
    let purpose = book.purpose(SUPPORT)?;
    let source = book.source_of(SourceKind::Person)?;
    Ok(Request { act: Act::Collect { purpose, source }, categories })
}

async fn finish(
    flows: &Flows,
    book: &Book,
    (mut tx, checked, once): (Tx<Permit>, &Checked, Option<&Idempotency>),
) -> Result<Recorded<Left>, Stop> {
    let now = tx.permit().now();
    let region = tx.person().region();
    let id = MessageId::new(region, flows.journal().new_id(now));
    let clocks = clocks(book, checked.kind, region, now)?;
    open::open(flows, book, &mut tx, (id, checked, clocks)).await?;
    tx.note(serde_json::json!({ checked.kind.word(): id.to_string() }));
    let left = Left {
        id: id.to_string(),
        kind: checked.kind.word().to_owned(),
        reply_due: when(clocks.due),
        due_provisional: is_provisional(book, (checked.kind.word(), region), now),
    };
    remember((flows, &mut tx), once, CREATED, &left)?;
    let owed = tx.owe(left);
    Ok(tx.record(owed).await?)
}

/// Has the answer remembered under which a mail is not taken in twice.
pub(super) fn once_only(
    tx: &mut Tx<Permit>,
    flows: &Flows,
    once: &Idempotency,
) -> Result<(), Stop> {
    remember((flows, tx), Some(once), CREATED, &serde_json::json!({}))
}

/// Stages a job of a conversation.
pub(super) fn job(word: &str, id: MessageId, due: Timestamp) -> Write {
    Write::Job { kind: journal::JobKind::about(word, id), due }
}
