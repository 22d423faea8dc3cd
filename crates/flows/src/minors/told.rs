//! A guardian who agreed is told what the child is told, and where the guardian decides.

use decide::{Age, Category, Set};
use journal::{Permit, Tx};
use vault::Plain;

use super::contact::{Way, masked};
use super::letter::Letter;
use crate::account::{named, sender};
use crate::book::Book;
use crate::messages::text::{self, About};
use crate::messages::{Cause, Words, put};
use crate::{Flows, Stop};

/// Whether a guardian has agreed for somebody of this age, and is told what concerns them.
pub(crate) const fn guarded(age: Age) -> bool {
    match age {
        Age::MinorAgreed | Age::ChildAgreed => true,
        Age::Unknown | Age::Adult | Age::Minor | Age::Child => false,
    }
}

/// What is needed to write to somebody of this age, and to their guardian where there is one.
pub(crate) fn reach(book: &Book, age: Age) -> Set<Category> {
    let own = crate::account::reach(book);
    match book.category(named::GUARDIAN) {
        Ok(contact) if guarded(age) => own.with(contact),
        Ok(_) | Err(_) => own,
    }
}

/// What a guardian is told.
pub(crate) struct News<'a> {
    /// Which mail it is, and about what.
    pub(crate) cause: (Cause, String),
    /// The language of the child: a guardian's is not known.
    pub(crate) language: &'a str,
    /// What is said, as the guardian is to read it; asked for where there is one.
    pub(crate) words: &'a (dyn Fn() -> Words + Sync),
    /// Where the guardian goes, for a text message.
    pub(crate) link: &'a str,
}

/// Stages that the guardian is told, by mail or by text, where there is one who agreed and is reached;
/// The transaction was asked for [`reach`].
pub(crate) async fn tell_guardian(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    news: &News<'_>,
) -> Result<(), Stop> {
    if !guarded(tx.facts().age) {
        return Ok(());
    }
    let (to, child) = {
        let opened = flows.vault().open(tx)?;
        let get = |id: &str| book.category(id).ok().and_then(|it| opened.get(it)).map(Plain::from);
        (get(named::GUARDIAN), get(named::EMAIL))
    };
    let (Some(to), Some(child)) = (to, child) else { return Ok(()) };
    let (child, now) = (masked(child.as_str()), tx.permit().now());
    let words = (news.words)();
    if Way::of(&to) == Way::Phone {
        // Where no text can leave now, the guardian's page says it.
        if !flows.texts() || text::room(flows, (tx.person(), &to), now).await.is_err() {
            return Ok(());
        }
        let (who, _) = sender(flows, news.language);
        let said = text::guardian_news((&words.heading, &child, news.link), news.language, &who);
        return text::put(flows, tx, About::Guardian, (to.as_str(), &said));
    }
    let text = &words.text;
    let text = match news.language {
        "zh" => format!("您是账户 {child} 的监护人，因此收到此邮件。\n\n{text}"),
        _ => format!("You get this as the guardian of {child}.\n\n{text}"),
    };
    let words = Words { heading: words.heading.clone(), text };
    let (cause, about) = &news.cause;
    let mail = put(flows, tx, (*cause, about), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}

/// Stages a mail about guardians, under a cause of its own that begins with a word.
pub(super) fn write(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (word, to): (&str, &Plain),
    (letter, language): (&Letter<'_>, &str),
) -> Result<(), Stop> {
    let words = letter.words(language, flows);
    let about = cause(flows, tx, word);
    let mail = put(flows, tx, (Cause::Guardian, &about), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}

/// What a mail is about: a word, and a number that no other has.
pub(super) fn cause(flows: &Flows, tx: &Tx<Permit>, word: &str) -> String {
    format!("{word}/{:032x}", flows.journal().new_id(tx.permit().now()))
}
