//! A guardian who agreed is told what the child is told, and where the guardian decides.

use decide::{Age, Category, Set};
use journal::{Permit, Tx};
use vault::Plain;

use super::contact::{Way, masked};
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
    /// Which mail it is.
    pub(crate) cause: (Cause, &'a str),
    /// The language of the child: a guardian's is not known.
    pub(crate) language: &'a str,
    /// What is said, as the guardian is to read it.
    pub(crate) words: &'a Words,
    /// Where the guardian goes, for a text message.
    pub(crate) link: &'a str,
}

/// Stages that the guardian is told, by mail or by text, where there is one who agreed and is reached;
/// answers whether. The transaction was asked for [`reach`].
pub(crate) async fn tell_guardian(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    news: &News<'_>,
) -> Result<bool, Stop> {
    if !guarded(tx.facts().age) {
        return Ok(false);
    }
    let (to, child) = {
        let opened = flows.vault().open(tx)?;
        let get = |id: &str| book.category(id).ok().and_then(|it| opened.get(it)).map(Plain::from);
        (get(named::GUARDIAN), get(named::EMAIL))
    };
    let (Some(to), Some(child)) = (to, child) else { return Ok(false) };
    let (child, now) = (masked(child.as_str()), tx.permit().now());
    let heading = &news.words.heading;
    if Way::of(&to) == Way::Phone {
        // Where no text can leave now, the guardian's page says it.
        if !flows.texts() || text::room(flows, (tx.person(), &to), now).await.is_err() {
            return Ok(false);
        }
        let (who, _) = sender(flows, news.language);
        let said = text::guardian_news((heading, &child, news.link), news.language, &who);
        text::put(flows, tx, About::Guardian, (to.as_str(), &said))?;
        return Ok(true);
    }
    let text = &news.words.text;
    let text = match news.language {
        "zh" => format!("您是账户 {child} 的监护人，因此收到此邮件。\n\n{text}"),
        _ => format!("You get this as the guardian of {child}.\n\n{text}"),
    };
    let words = Words { heading: heading.clone(), text };
    let mail = put(flows, tx, news.cause, (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(true)
}
