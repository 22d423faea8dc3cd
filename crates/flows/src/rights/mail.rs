//! Mails of a request: to the person, where there is an address, and to the desk.

use decide::id::RequestId;
use decide::{RegionCode, Timestamp};
use journal::{Permit, Tx};

use super::letter::{Frame, Note, words};
use super::link::link;
use crate::account::{reached, sender};
use crate::book::Book;
use crate::messages::{Cause, put, put_last};
use crate::{Flows, Plain, Stop};

/// A mail of a request to the person; answers whether there is an address. `which` is the mail's
/// own word, so that none is written twice.
pub(super) fn write_to(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, which): (RequestId, &str),
    note: &Note<'_>,
) -> Result<bool, Stop> {
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(false) };
    write_at(flows, tx, (id, which), (&to, &language), note)?;
    Ok(true)
}

/// The same to an address that is only just coming in.
pub(super) fn write_at(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (id, which): (RequestId, &str),
    (to, language): (&Plain, &str),
    note: &Note<'_>,
) -> Result<(), Stop> {
    let words = in_words(flows, id, (note, language))?;
    let about = format!("{id}/{which}");
    let mail = put(flows, tx, (Cause::Request, &about), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}

/// The last one, under a key of its own: the person's is about to go.
pub(super) fn write_last(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, note): (RequestId, &Note<'_>),
) -> Result<(), Stop> {
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(()) };
    let words = in_words(flows, id, (note, &language))?;
    let mail = put_last(flows, tx, &id.to_string(), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}

/// To the desk, at the address of the policy. It says nothing of the person.
pub(super) fn write_to_desk(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, note): (RequestId, &Note<'_>),
) -> Result<(), Stop> {
    let header = &book.policy().header;
    let words = in_words(flows, id, (note, header.main_language()))?;
    let about = format!("{id}/desk");
    let mail = put(flows, tx, (Cause::Request, &about), (&header.contact.email, &words))?;
    tx.stage(mail);
    Ok(())
}

fn in_words(
    flows: &Flows,
    id: RequestId,
    (note, language): (&Note<'_>, &str),
) -> Result<crate::messages::Words, Stop> {
    let (who, _) = sender(flows, language);
    let console = format!("{}/console/requests/{id}", flows.settings().address);
    let link = match note {
        // The desk has no business with the person's own link.
        Note::Reminder { .. } => console,
        Note::Received { .. }
        | Note::Code { .. }
        | Note::Extended { .. }
        | Note::Refused { .. }
        | Note::Answered { .. }
        | Note::Erased { .. } => link(flows, id)?,
    };
    let number = id.to_string();
    Ok(words(note, language, &Frame { number: &number, link: &link, who: &who }))
}

/// An instant, as a mail says it, in the days of a region.
pub(super) fn day(book: &Book, region: RegionCode, at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.millis())
        .map(|it| it.to_zoned(book.zone(region)).strftime("%Y-%m-%d %H:%M %Z").to_string())
        .unwrap_or_default()
}

/// The language that a person is written to in, out of the values that are open; the policy's main
/// one where none is.
pub(super) fn language(flows: &Flows, book: &Book, tx: &Tx<Permit>) -> Result<String, Stop> {
    let opened = flows.vault().open(tx)?;
    let language = book.category(crate::account::named::LANGUAGE).ok();
    let language = language.and_then(|it| opened.get(it)).unwrap_or("");
    Ok(book.language(language).to_owned())
}
