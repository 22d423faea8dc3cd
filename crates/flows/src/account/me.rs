//! Who I am here: the account, what it accepted, where it is signed in.

use decide::{Act, Right, Set, Timestamp};
use journal::{Recorded, Role};
use zeroize::Zeroize;

use crate::engine::{Case, again};
use crate::time::when;
use crate::{Acting, Flows, Secret, Stop, secret};

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
    /// The guardian, for whoever is below age.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardian: Option<crate::minors::GuardianSeen>,
    /// Whether the person came of age, and is asked anew.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub asked_anew: bool,
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
    who: impl Into<Acting>,
    session: Option<&Secret>,
    now: Timestamp,
) -> Result<Recorded<Me>, Stop> {
    let who = who.into();
    again!(once(flows, who, session, now).await)
}

async fn once(
    flows: &Flows,
    who: Acting,
    session: Option<&Secret>,
    now: Timestamp,
) -> Result<Recorded<Me>, Stop> {
    let book = flows.book();
    let (person, asker) = (who.person(), who.asker());
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let current = session.map(Secret::hash);
    let own = tx.sessions().await?.into_iter().filter(|it| it.role == Role::Person);
    let sessions = own.map(|it| SessionSeen {
        id: session_id(&it.hash),
        label: it.label,
        begun: when(it.begun),
        expires: when(it.expires),
        current: current == Some(it.hash),
    });
    let sessions = sessions.collect();
    let closing = super::close::under_way(flows, &tx).await?;
    let guardian = crate::minors::seen(&tx).await?;
    let asked_anew = crate::minors::is_asked(&tx).await?;
    let facts = tx.facts();
    let answer = Me {
        id: person.to_string(),
        state: facts.account.word().to_owned(),
        age: facts.age.word().to_owned(),
        region: person.region().to_string(),
        policy: facts.adopted,
        sessions,
        closing,
        guardian,
        asked_anew,
    };
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}
