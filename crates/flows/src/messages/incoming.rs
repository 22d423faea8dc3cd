//! Mail that comes in: an answer goes into its conversation, anything else begins one. What a machine
//! wrote begins nothing, so that two machines never write to each other.

mod parse;
mod sender;

use decide::id::MessageId;
use decide::{Act, PersonId, Timestamp};
use journal::{Asker, AskerKind};

use super::answering::{self, answering};
use super::case::{INTERNAL, Kind};
use super::leave::{Checked, home, text, writing};
use super::open::{Open, say};
use super::thread::Answered;
use super::{again, bound, leave};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again as tried};
use crate::limit::MAILBOX_BYTES_MAX;
use crate::{Flows, Plain, Stop, secret, value};
use parse::Letter;

/// What came of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// A conversation began.
    New(MessageId),
    /// It went into this one.
    Added(MessageId),
    /// A machine wrote it: nothing begins.
    Automatic,
    /// It was taken in before.
    Before,
    /// It is no mail that somebody could be answered to.
    Unreadable,
}

impl Came {
    /// Its word in answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::New(_) => "new",
            Self::Added(_) => "added",
            Self::Automatic => "automatic",
            Self::Before => "before",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Takes a mail in, as it came: RFC 5322. The same mail twice is taken in once.
///
/// # Errors
/// `Full` when there were too many today: then it is brought again later.
pub async fn incoming(flows: &Flows, raw: &[u8], now: Timestamp) -> Result<Came, Stop> {
    if raw.len() > MAILBOX_BYTES_MAX {
        return Ok(Came::Unreadable);
    }
    let Some(letter) = Letter::read(raw) else { return Ok(Came::Unreadable) };
    let book = flows.book();
    let own = book.policy().header.contact.email.to_lowercase();
    // The key is the mail itself: a mailbox that is read again after a crash brings the same bytes.
    let key = secret::hex(&secret::digest(raw));
    let once = Idempotency::new("mail", key, [b"MAIL", b"", raw]);
    if letter.automatic {
        return bounced(flows, &book, (&letter, &once), now).await;
    }
    let Ok(from) = value::email("from", &letter.from) else { return Ok(Came::Unreadable) };
    if from.as_str() == own {
        return Ok(Came::Automatic);
    }
    let is_forged = flows.desk().mail_server.as_ref().is_some_and(|it| letter.is_forged(it));
    let found = if is_forged {
        Ok(None)
    } else {
        threaded(flows, &book, (&letter, &from, &once), now).await
    };
    let done = match found {
        Ok(Some(id)) => Ok(Came::Added(id)),
        Ok(None) => {
            let remark = remark(&letter, is_forged);
            begin(flows, &book, (&letter, from, remark, &once), now).await
        }
        Err(stop) => Err(stop),
    };
    match done {
        Err(Stop::Replayed { .. }) => Ok(Came::Before),
        Err(Stop::Invalid { .. }) => Ok(Came::Unreadable),
        done => done,
    }
}

/// What whoever answers it ought to know of a mail that begins a conversation.
fn remark(letter: &Letter, is_forged: bool) -> Option<String> {
    let forged = "The mail server says that this mail does not come from the address that it names: \
                  write nothing that only the owner of the address may know.";
    let named = letter.named.first().map(|id| {
        format!(
            "It names {id}, and could not be added there: whoever wrote it is somebody unknown. \
             Write nothing of what stands there."
        )
    });
    match (is_forged, named) {
        (true, Some(named)) => Some(format!("{forged} {named}")),
        (true, None) => Some(forged.to_owned()),
        (false, named) => named,
    }
}

/// A new conversation, with somebody whom nobody knows: an address in a mail proves nothing, so what
/// comes from the address of an account is not taken for the words of its owner.
async fn begin(
    flows: &Flows,
    book: &Book,
    (letter, from, remark, once): (&Letter, Plain, Option<String>, &Idempotency),
    now: Timestamp,
) -> Result<Came, Stop> {
    let region = home(book)?;
    flows.replayed(region, Some(once), now).await?;
    bound::room(flows, bound::MAILS, now).await?;
    // Two machines that write to each other come to an end; people are heard however often they write.
    let acknowledged = flows.senders().acknowledges(&from, now);
    let checked = Checked {
        acknowledged,
        kind: Kind::Message,
        text: text("text", &letter.whole())?,
        reply_to: Some(from),
        region,
        language: book.language(&letter.language).to_owned(),
        mail: letter.id.clone(),
        remark,
    };
    let left = leave::take_in(flows, book, (&checked, Some(once)), now).await?.into_inner();
    bound::count(flows, bound::MAILS, now);
    let id = MessageId::parse(&left.id);
    id.map(Came::New).ok_or_else(|| Stop::Broken("a number of a case cannot be read".to_owned()))
}

/// Adds it to the conversation of a mail of ours that it answers, where it comes from the address that
/// is answered there. A number or an address proves nothing: others know them too.
async fn threaded(
    flows: &Flows,
    book: &Book,
    (letter, from, once): (&Letter, &Plain, &Idempotency),
    now: Timestamp,
) -> Result<Option<MessageId>, Stop> {
    for answered in &letter.answers {
        let Some((person, id)) = whose(flows, answered).await? else { continue };
        flows.replayed(id.region(), Some(once), now).await?;
        bound::of_person(flows, person, now).await?;
        match tried!(add(flows, book, (person, id), (letter, from, once), now).await) {
            Ok(true) => return Ok(Some(id)),
            // Another's conversation, gone, or full: the mail begins one of its own.
            Ok(false) | Err(Stop::Gone | Stop::NotFound | Stop::Refused(_) | Stop::NotNow(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(None)
}

/// The conversation of a mail of ours, and whose it is; nobody's where the mail was never ours.
async fn whose(flows: &Flows, answered: &Answered) -> Result<Option<(PersonId, MessageId)>, Stop> {
    if !answered.is_ours(flows)? {
        return Ok(None);
    }
    let id = answered.case;
    Ok(flows.journal().scratch().case_owner(id).await?.map(|person| (person, id)))
}

async fn add(
    flows: &Flows,
    book: &Book,
    (person, id): (PersonId, MessageId),
    (letter, from, once): (&Letter, &Plain, &Idempotency),
    now: Timestamp,
) -> Result<bool, Stop> {
    let asker = Asker::new(AskerKind::System, "mail");
    let tx = writing(flows, book, (person, &asker), now).await?;
    let open = Open::read(flows, &tx, id).await?;
    let known = open.reached(flows, book, &tx)?;
    if known.is_none_or(|(address, _)| address != *from) {
        // That it was looked at is on the record too.
        let owed = tx.owe(());
        drop(tx.record(owed).await?);
        return Ok(false);
    }
    let given = text("text", &letter.whole())?;
    let mail = letter.id.as_deref();
    drop(again::write(flows, book, (tx, open), (&given, mail, Some(once))).await?);
    Ok(true)
}

/// What a machine wrote: the conversation of a mail of ours in it is told that a mail came back, and no clock
/// begins.
async fn bounced(
    flows: &Flows,
    book: &Book,
    (letter, once): (&Letter, &Idempotency),
    now: Timestamp,
) -> Result<Came, Stop> {
    if !letter.bounced {
        return Ok(Came::Automatic);
    }
    for answered in &letter.answers {
        let Some((person, id)) = whose(flows, answered).await? else { continue };
        match flows.replayed(id.region(), Some(once), now).await {
            Ok(()) => {}
            Err(Stop::Replayed { .. }) => return Ok(Came::Before),
            Err(stop) => return Err(stop),
        }
        match tried!(undelivered(flows, book, (person, id, once), now).await) {
            Ok(()) => break,
            Err(Stop::Gone | Stop::NotFound | Stop::Refused(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(Came::Automatic)
}

async fn undelivered(
    flows: &Flows,
    book: &Book,
    (person, id, once): (PersonId, MessageId, &Idempotency),
    now: Timestamp,
) -> Result<(), Stop> {
    let asker = Asker::new(AskerKind::System, "mail");
    let act: Act = answering(flows, book, person).await?;
    let email = decide::Set::of(answering::email(book)?);
    let case = Case { wanted: decide::Set::EMPTY, ..Case::of(person, act, email, &asker) };
    let mut tx = flows.permit(book, case, now).await?;
    let open = Open::read(flows, &tx, id).await?;
    if tx.notes(id, crate::limit::NOTES_OF_CASE_MAX).await?.len() < NOTES {
        let said = "A mail to the person came back: it could not be delivered.";
        say(flows, &mut tx, (open.id, INTERNAL, "system"), (said, None))?;
    }
    leave::once_only(&mut tx, flows, once)?;
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Notes beyond which nobody is told any more that mails come back.
const NOTES: usize = 100;
