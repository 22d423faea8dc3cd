//! What every conversation is made of: the case, what was said first, its jobs, the acknowledgement.

use decide::id::MessageId;
use decide::{RegionCode, Timestamp};
use journal::{CaseRow, NoteRow, Permit, Sealed, Tx, Write};
use zeroize::Zeroizing;

use super::answering::MESSAGES;
use super::case::{self, About, HEAD, Head, IN, INTERNAL, Kind, OUT, SAID, Said, VERSION};
use super::clock::Clocks;
use super::leave::{Checked, job};
use super::outbox::{Cause, put_in_thread};
use super::thread::{self, Thread};
use super::wording::{Note, words};
use crate::account::{reached, sender};
use crate::book::Book;
use crate::change::{Known, known};
use crate::limit::NOTES_OF_CASE_MAX;
use crate::retention::redate::collected;
use crate::{Flows, Stop};

/// Somebody else is called in time.
pub(super) const ESCALATE: &str = "escalate";
/// Nobody wrote again.
pub(super) const QUIET: &str = "quiet";
/// What was written has been kept for long enough.
pub(super) const TEXTS_DUE: &str = "texts-due";

/// Stages a new conversation.
pub(super) async fn open(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, checked, clocks): (MessageId, &Checked, Clocks),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let state = checked.kind.machine().step("", "write", "person")?;
    let head = Head {
        v: VERSION,
        language: checked.language.clone(),
        reply_to: checked.reply_to.as_ref().map(|it| it.as_str().to_owned()),
    };
    let sealed = seal(flows, tx, HEAD, &head)?;
    tx.stage(Write::Case(CaseRow {
        id: id.into(),
        kind: checked.kind.word().to_owned(),
        state: state.to_owned(),
        received: now,
        due: clocks.due,
        open: true,
        assigned: String::new(),
        about: About { since: now.millis(), ..About::default() }.text(),
        sealed: Some(sealed),
        own_key: None,
    }));
    let text = checked.text.as_str();
    let note = say(flows, tx, (id, IN, ""), (text, checked.mail.as_deref()))?;
    if let Some(at) = clocks.escalate {
        tx.stage(job(ESCALATE, id, at));
    }
    if let Some(remark) = &checked.remark {
        say(flows, tx, (id, INTERNAL, "system"), (remark, None))?;
    }
    let known = known(flows).await?;
    if let Some(at) = kept_until((book, &known), tx, now) {
        tx.stage(job(TEXTS_DUE, id, at));
    }
    acknowledge(flows, book, tx, (id, note, checked, clocks))
}

/// Stages what was said; answers its id.
pub(super) fn say(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (case, kind, author): (MessageId, &str, &str),
    (text, mail): (&str, Option<&str>),
) -> Result<u128, Stop> {
    let now = tx.permit().now();
    let id = flows.journal().new_id(now);
    let said = Said { v: VERSION, text: text.to_owned(), mail: mail.map(str::to_owned) };
    let sealed = seal(flows, tx, SAID, &said)?;
    let (kind, author) = (kind.to_owned(), author.to_owned());
    tx.stage(Write::Note(NoteRow { case: case.into(), id, kind, at: now, author, sealed }));
    Ok(id)
}

fn seal(
    flows: &Flows,
    tx: &Tx<Permit>,
    label: &'static str,
    what: &impl serde::Serialize,
) -> Result<Sealed, Stop> {
    let bytes = serde_json::to_vec(what).map_err(|error| Stop::Broken(error.to_string()))?;
    let bytes = Zeroizing::new(bytes);
    Ok(flows.vault().seal_note(tx, label, &bytes)?)
}

/// The mail that says that it arrived, and until when it is answered.
fn acknowledge(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, note, checked, clocks): (MessageId, u128, &Checked, Clocks),
) -> Result<(), Stop> {
    if !checked.acknowledged {
        return Ok(());
    }
    let known = match &checked.reply_to {
        Some(address) => Some((address.clone(), checked.language.clone())),
        None => reached(flows, book, tx)?,
    };
    let Some((to, language)) = known else { return Ok(()) };
    let due = shown(book, tx.person().region(), clocks.due);
    let number = id.to_string();
    let letter = Note::Arrived { kind: checked.kind, number: &number, due: &due };
    let signed = sender(flows, &language);
    let words = words(&letter, &language, (&signed.0, &signed.1));
    let thread = Thread {
        id: thread::mail_id(flows, id, note)?,
        references: checked.mail.iter().cloned().collect(),
        automatic: true,
    };
    let about = format!("{note:032x}");
    let mail = put_in_thread(flows, tx, (Cause::Arrived, &about), (to.as_str(), &words), thread)?;
    tx.stage(mail);
    Ok(())
}

/// An instant on the clocks of a region, for people.
pub(super) fn shown(book: &Book, region: RegionCode, at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map(|it| it.to_zoned(book.zone(region)).strftime("%Y-%m-%d %H:%M %Z").to_string())
        .unwrap_or_default()
}

/// Until when what was written at an instant is kept, by every version that counts for the person;
/// `None` where nothing says.
pub(super) fn kept_until(
    (book, known): (&Book, &Known),
    tx: &Tx<Permit>,
    at: Timestamp,
) -> Option<Timestamp> {
    let of = (book.category(MESSAGES).ok()?, tx.facts().adopted);
    collected((book, known), of, (tx.person().region(), at), tx.permit().now())
}

/// A conversation as it stands, with what it begins with.
pub(super) struct Open {
    pub(super) id: MessageId,
    pub(super) kind: Kind,
    pub(super) row: CaseRow,
    pub(super) about: About,
    /// Nothing once its texts have gone.
    pub(super) head: Option<Head>,
}

impl Open {
    /// Reads it under a permit.
    pub(super) async fn read(flows: &Flows, tx: &Tx<Permit>, id: MessageId) -> Result<Self, Stop> {
        let row = tx.case(id).await?.ok_or(Stop::NotFound)?;
        let kind = case::kind_of(&row)?;
        let head = row
            .sealed
            .as_ref()
            .map(|sealed| case::read(&flows.vault().open_note(tx, HEAD, sealed)?));
        Ok(Self { id, kind, about: About::of(&row), head: head.transpose()?, row })
    }

    /// Moves it, along its machine.
    pub(super) fn step(&mut self, event: &str, by: &str) -> Result<(), Stop> {
        self.row.state = self.kind.machine().step(&self.row.state, event, by)?.to_owned();
        Ok(())
    }

    /// As it is written.
    pub(super) fn write(&self) -> Write {
        let row = CaseRow { about: self.about.text(), ..self.row.clone() };
        Write::Case(row)
    }

    /// Where it is answered, in which language.
    pub(super) fn reached(
        &self,
        flows: &Flows,
        book: &Book,
        tx: &Tx<Permit>,
    ) -> Result<Option<(vault::Plain, String)>, Stop> {
        let head = self.head.as_ref();
        let language = head.map(|it| it.language.clone());
        if let Some(address) = head.and_then(|it| it.reply_to.clone()) {
            return Ok(Some((vault::Plain::new(address), language.unwrap_or_default())));
        }
        let known = reached(flows, book, tx)?;
        Ok(known.map(|(address, own)| (address, language.unwrap_or(own))))
    }
}

/// What was said, opened.
pub(super) struct Piece {
    pub(super) row: NoteRow,
    pub(super) said: Said,
}

/// What was said in a conversation and may still be read, oldest first.
pub(super) async fn pieces(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    id: MessageId,
) -> Result<Vec<Piece>, Stop> {
    let now = tx.permit().now();
    let known = known(flows).await?;
    let mut all = Vec::new();
    for row in tx.notes(id, NOTES_OF_CASE_MAX).await? {
        // From its instant on, whether or not it was swept yet.
        if kept_until((book, &known), tx, row.at).is_some_and(|due| due <= now) {
            continue;
        }
        let said = case::read(&flows.vault().open_note(tx, SAID, &row.sealed)?)?;
        all.push(Piece { row, said });
    }
    Ok(all)
}

/// The ids of the mails of a conversation, oldest first: what an answer refers to.
pub(super) fn mail_ids(
    flows: &Flows,
    id: MessageId,
    pieces: &[Piece],
) -> Result<Vec<String>, Stop> {
    let ids = pieces.iter().filter_map(|it| match (it.row.kind.as_str(), &it.said.mail) {
        (IN, Some(mail)) => Some(Ok(mail.clone())),
        // What came by a form was acknowledged by a mail under this id, what was sent had it.
        (IN | OUT, _) => Some(thread::mail_id(flows, id, it.row.id)),
        _ => None,
    });
    ids.collect()
}
