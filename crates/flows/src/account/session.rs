//! Sessions: whose one is, and ending them.

use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded, Role, Write};

use crate::answer::Wiped;
use crate::engine::{Case, again};
use crate::{Flows, Secret, Stop};

/// Whose own session this is, unless it is over. A guardian who comes in with theirs is nobody here.
///
/// # Errors
/// When the sessions cannot be read.
pub async fn who(
    flows: &Flows,
    session: &Secret,
    now: Timestamp,
) -> Result<Option<PersonId>, Stop> {
    Ok(flows.journal().session((&session.hash(), Role::Person), now).await?)
}

/// Ends the session that is signed out of.
///
/// # Errors
/// When it cannot be recorded.
pub async fn sign_out(
    flows: &Flows,
    person: PersonId,
    session: &Secret,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    end(flows, person, session.hash(), now).await
}

/// Ends a session that the person sees in the list, by its id.
///
/// # Errors
/// `NotFound` where the person has no such session.
pub async fn end_session(
    flows: &Flows,
    person: PersonId,
    id: &str,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let sessions = tx.sessions().await?;
    let mut own = sessions.into_iter().filter(|it| it.role == Role::Person);
    let found = own.find(|it| super::me::session_id(&it.hash) == id);
    let hash = found.map(|it| it.hash).ok_or(Stop::NotFound)?;
    drop(tx);
    end(flows, person, hash, now).await
}

async fn end(
    flows: &Flows,
    person: PersonId,
    hash: [u8; 32],
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let work = async || {
        let book = flows.book();
        let asker = Asker::new(AskerKind::Person, "self");
        // A right, so that whoever is being closed can sign out too.
        let act = Act::Exercise { right: Right::Access };
        let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
        tx.stage(Write::EndSession(hash));
        let owed = tx.owe(Wiped(serde_json::json!({ "signed_in": false })));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
