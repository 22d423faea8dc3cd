//! Proving an address by the code that was sent to it.

use decide::{Account, Category, PersonId, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Role, Tx, Write};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};
use zeroize::Zeroize;

use super::address::take;
use super::bound::CODES;
use super::code::{Tried, try_it};
use super::register::unproved;
use super::{By, named, proving};
use crate::book::Book;
use crate::consent::Token;
use crate::consent::{carry, carrying};
use crate::engine::{Case, again};
use crate::retention::AWAITING_PROOF;
use crate::{Flows, Secret, Stop};

/// A code that came back.
#[derive(Debug)]
pub struct Verify {
    /// Whose.
    pub person: PersonId,
    /// The channel that it was sent to: `email`. A number is proved by `verify_phone`.
    pub channel: String,
    /// The code.
    pub code: Secret,
    /// What the person will see of the session: a kind of browser.
    pub label: String,
    /// The browser's own person, where it agreed to something before: its answers are carried over.
    pub browser: Option<PersonId>,
}

/// Somebody is signed in. The session's secret goes into a cookie, and into no body.
#[derive(Debug, Clone, Zeroize)]
pub struct SignedIn {
    /// The person's id.
    pub id: String,
    /// The account state.
    pub state: String,
    /// The secret.
    pub session: Secret,
}

impl Serialize for SignedIn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut shape = serializer.serialize_struct("SignedIn", 2)?;
        shape.serialize_field("id", &self.id)?;
        shape.serialize_field("state", &self.state)?;
        shape.end()
    }
}

/// Verifies a channel and signs in.
///
/// # Errors
/// `Wrong` for a code that is not the one, used, tried too often or too old, and for an id that
/// nobody has: the answer does not tell them apart.
pub async fn verify(
    flows: &Flows,
    ask: Verify,
    now: Timestamp,
) -> Result<Recorded<SignedIn>, Stop> {
    let book = flows.book();
    if ask.channel != named::EMAIL {
        return Err(Stop::invalid("channel", "use `email` or `phone`"));
    }
    let channel = book.category(&ask.channel)?;
    let recorded = again!(by_code(flows, &book, (&ask, channel, false), now).await)?;
    if let Some(browser) = ask.browser {
        // At once where it can be; the job that was recorded with the code does what is left.
        carry(flows, (browser, ask.person), now).await.ok();
    }
    Ok(recorded)
}

/// Tries a code; `sign_in` says that it was asked for by the address alone, so that whoever typed a
/// password at registration never proved the address.
pub(super) async fn by_code(
    flows: &Flows,
    book: &Book,
    (ask, channel, sign_in): (&Verify, Category, bool),
    now: Timestamp,
) -> Result<Recorded<SignedIn>, Stop> {
    let known = proving(flows, book, (ask.person, By::Code)).await;
    let act = known.map_err(|stop| match stop {
        Stop::NotFound | Stop::Gone => Stop::Wrong,
        other => other,
    })?;
    let asker = Asker::new(AskerKind::Person, "self");
    let case = Case { wanted: Set::EMPTY, ..Case::of(ask.person, act, Set::of(channel), &asker) };
    let mut tx = flows.permit(book, case, now).await.map_err(|stop| match stop {
        Stop::NotFound | Stop::Gone => Stop::Wrong,
        other => other,
    })?;
    match try_it(flows, (ask.person, channel), &ask.code, now).await? {
        Tried::Right => {}
        Tried::None => return Err(Stop::Wrong),
        Tried::New if !sign_in => return take(flows, book, (ask, channel), now).await,
        Tried::New | Tried::Wrong => {
            tx.stage(Write::CodeTried(channel));
            CODES.count(&mut tx);
            tx.note(serde_json::json!({ "signed_in": false }));
            let owed = tx.owe(());
            tx.record(owed).await.map(drop)?;
            return Err(Stop::Wrong);
        }
    }
    tx.stage(Write::DropCode(channel));
    crate::minors::own_address_proved(flows, &mut tx).await?;
    let account = tx.facts().account;
    if sign_in && unproved(account) {
        let password = book.category(named::PASSWORD);
        if let Some(row) = password.ok().filter(|it| tx.values().iter().any(|v| v.category == *it))
        {
            tx.stage(Write::DeleteValue(row));
        }
        tx.stage(Write::EndSessions);
    }
    let state = if account == Account::Unverified {
        tx.stage(Write::Account(Account::Active));
        tx.stage(Write::DropJob(AWAITING_PROOF));
        crate::change::arrive(flows, &mut tx);
        super::phone::next(flows, book, (&mut tx, Account::Active));
        Account::Active
    } else {
        account
    };
    if let Some(browser) = ask.browser {
        tx.stage(Write::Job { kind: carrying(browser), due: now });
    }
    let answer = begin_session(flows, book, (&mut tx, state), &ask.label)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Stages a session, and that the person was active.
pub(super) fn begin_session(
    flows: &Flows,
    book: &Book,
    (tx, state): (&mut Tx<Permit>, Account),
    label: &str,
) -> Result<SignedIn, Stop> {
    let now = tx.permit().now();
    let session = Secret::fresh(flows.vault(), "")?;
    let (hash, expires) = (session.hash(), now.plus_millis(Token::Session.stored(book, now)));
    tx.stage(Write::Session { hash, expires, label: label.to_owned(), role: Role::Person });
    crate::retention::touch((flows, book), tx, now);
    Ok(SignedIn { id: tx.person().to_string(), state: state.word().to_owned(), session })
}
