//! Somebody who writes without an account: a person in state `visitor`, made for one conversation.
//!
//! Nobody has proved the address, so it finds nobody and nothing by it: whoever types the address of
//! somebody else gets a conversation of their own, and never that person's. The person goes when what
//! was written has been kept for as long as the policy says.

use decide::{Account, Facts, PersonId, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx, Write};
use policy::clause::collection::SourceKind;
use vault::Plain;

use super::answering::{self, MESSAGES};
use super::leave::{Checked, taking_in};
use crate::account::named;
use crate::book::Book;
use crate::engine::refused;
use crate::{Flows, Stop};

/// The person, not there yet, with the values that an answer needs staged.
pub(super) async fn begin(
    flows: &Flows,
    book: &Book,
    checked: &Checked,
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let (region, position) = book.region(checked.region.as_str())?;
    let person = PersonId::new(region, flows.journal().new_id(now));
    let facts = Facts::new(position, Account::Visitor, book.version());
    let asker = Asker::new(AskerKind::Person, "self");
    let all = answering::texts(book);
    let tx = flows.journal().begin_new(person, facts);
    let mut tx = match tx.judge(book.rules(), taking_in(book, all)?, asker, now) {
        Ok(tx) => tx,
        Err(tx) => return Err(refused(tx).await),
    };
    let email = answering::email(book)?;
    let needed = Set::of(email).with(book.category(MESSAGES)?);
    if !needed.without(tx.permit().categories()).is_empty() {
        let say = "the policy in force lets nobody write without an account";
        return Err(Stop::NotNow(say.to_owned()));
    }
    tx.stage(Write::Create { key: flows.vault().new_person(person)? });
    if let Some(address) = &checked.reply_to {
        put(flows, book, &mut tx, (email, address))?;
    }
    if let Ok(language) = book.category(named::LANGUAGE)
        && tx.permit().categories().has(language)
    {
        put(flows, book, &mut tx, (language, &Plain::new(checked.language.clone())))?;
    }
    Ok(tx)
}

/// A value without anything that finds it. It goes with the person.
fn put(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (category, value): (decide::Category, &Plain),
) -> Result<(), Stop> {
    let sealed = flows.vault().seal(tx, category, value)?;
    let source = book.source_of(SourceKind::Person)?;
    let collected = tx.permit().now();
    tx.stage(Write::Value { category, sealed, source, collected, due: None, blind: None });
    Ok(())
}
