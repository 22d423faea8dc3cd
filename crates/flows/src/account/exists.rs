//! Telling the owner of an address that somebody wanted it, where whoever wanted it is told nothing.

use decide::{Act, PersonId, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx};

use super::bound::EXISTS_MAILS;
use super::code::signature;
use super::named;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::messages::{Cause, Letter, put};
use crate::{Flows, Stop};

/// Stages the mail, unless there was one in the last hour.
pub(super) async fn tell(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (to, language): (&str, &str),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    if EXISTS_MAILS.full(flows, tx.person(), now).await? {
        return Ok(());
    }
    EXISTS_MAILS.count(tx);
    let words = Letter::Exists.words(language, signature(flows, language).as_ref());
    let about = format!("{:032x}", flows.journal().new_id(now));
    let mail = put(flows, tx, (Cause::Exists, &about), (to, &words))?;
    tx.stage(mail);
    Ok(())
}

/// The same in a transaction of its own, where nothing else is recorded of the owner.
pub(super) async fn tell_owner(
    flows: &Flows,
    book: &Book,
    (owner, to, language): (PersonId, &str, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let work = async || {
        let asker = Asker::new(AskerKind::System, "new-address");
        let act = Act::Use { purpose: book.purpose(named::AUTHENTICATE)? };
        let email = Set::of(book.category(named::EMAIL)?);
        let case = Case { wanted: Set::EMPTY, ..Case::of(owner, act, email, &asker) };
        let mut tx = flows.permit(book, case, now).await?;
        tell(flows, &mut tx, (to, language)).await?;
        let owed = tx.owe(());
        tx.record(owed).await.map(drop).map_err(Stop::from)
    };
    match again!(work().await) {
        // Nothing may be written to an account that is being closed, or is gone by now.
        Err(Stop::Refused(_) | Stop::Gone | Stop::NotFound) => Ok(()),
        done => done,
    }
}
