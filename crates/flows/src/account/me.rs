//! Who I am here: the account, what it accepted, where it is signed in.

use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded};
use zeroize::Zeroize;

use crate::engine::{Case, again};
use crate::time::when;
use crate::{Flows, Secret, Stop, secret};

/// The account, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct Me {
    /// The person's id.
    pub id: String,
    /// The account state.
    pub state: String,
    /// The age state.
    pub age: String,
    /// The home region.
    pub region: String,
    /// The version of the policy that applies.
    pub policy: u32,
    /// Where the person is signed in.
    pub sessions: Vec<SessionSeen>,
    /// The request under which the account is being closed, with its day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<super::close::Closing>,
}

/// A session, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct SessionSeen {
    /// By what it is ended.
    pub id: String,
    /// A kind of browser.
    pub label: String,
    /// When it began.
    pub begun: String,
    /// When it ends by itself.
    pub expires: String,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// By what a session is named without its hash: a hash of that.
pub(super) fn session_id(hash: &[u8; 32]) -> String {
    let again = secret::digest(hash);
    secret::hex(again.first_chunk::<8>().map_or(&[], |it| it.as_slice()))
}

/// The account.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn me(
    flows: &Flows,
    person: PersonId,
    session: Option<&Secret>,
    now: Timestamp,
) -> Result<Recorded<Me>, Stop> {
    again!(once(flows, person, session, now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    session: Option<&Secret>,
    now: Timestamp,
) -> Result<Recorded<Me>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let current = session.map(Secret::hash);
    let sessions = tx.sessions().await?.into_iter().map(|it| SessionSeen {
        id: session_id(&it.hash),
        label: it.label,
        begun: when(it.begun),
        expires: when(it.expires),
        current: current == Some(it.hash),
    });
    let sessions = sessions.collect();
    let closing = super::close::under_way(&tx).await?;
    let facts = tx.facts();
    let answer = Me {
        id: person.to_string(),
        state: facts.account.word().to_owned(),
        age: facts.age.word().to_owned(),
        region: person.region().to_string(),
        policy: facts.adopted,
        sessions,
        closing,
    };
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}
