//! The proof that an account in another region is one's own: a token that the new account gives out,
//! good for some minutes and for one handing over. Nothing of it is stored until it is used.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind};

use crate::answer::Said;
use crate::engine::{Case, Idempotency};
use crate::limit::CODE_MILLIS;
use crate::{Flows, Secret, Stop, secret, when};

/// By what such a token is recognised.
const PREFIX: &str = "kept_move_";

/// A token, the one time that it is shown.
#[derive(Debug)]
pub struct Token {
    /// The account that takes in.
    pub to: PersonId,
    /// The token.
    pub token: Secret,
    /// Until when it is good.
    pub until: String,
}

/// Gives out a token for one's own account.
///
/// # Errors
/// `NotNow` for whoever has no account yet that is in use.
pub async fn token(flows: &Flows, to: PersonId, now: Timestamp) -> Result<Said<Token>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(to, act, Set::EMPTY, &asker), now).await?;
    if tx.facts().account != Account::Active {
        let say = "an account that is in use takes something in; prove your address first";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let until = now.plus_millis(CODE_MILLIS);
    let about = format!("{to}.{}.{}", until.millis(), Secret::fresh(flows.vault(), "")?.as_str());
    let text = format!("{PREFIX}{about}.{}", mark(flows, to, &about)?);
    let token = Token { to, token: Secret::given(text), until: when(until) };
    Ok(Said::new(token, tx.asked()))
}

fn mark(flows: &Flows, to: PersonId, about: &str) -> Result<String, Stop> {
    Ok(secret::hex(&flows.vault().mark(to.region(), "move", about.as_bytes())?))
}

/// The account that a token names; whether it gave it out is looked at when it is used.
pub fn account(token: &Secret) -> Option<PersonId> {
    let (whose, _) = token.as_str().strip_prefix(PREFIX)?.split_once('.')?;
    PersonId::parse(whose)
}

/// Whether a token was given out by this account, and is still good.
///
/// # Errors
/// `Wrong`, without saying which of the two it is not.
pub(super) fn check(
    flows: &Flows,
    (to, token): (PersonId, &Secret),
    now: Timestamp,
) -> Result<(), Stop> {
    let rest = token.as_str().strip_prefix(PREFIX).ok_or(Stop::Wrong)?;
    let (about, _) = rest.rsplit_once('.').ok_or(Stop::Wrong)?;
    let (whose, rest) = about.split_once('.').ok_or(Stop::Wrong)?;
    let (until, _) = rest.split_once('.').ok_or(Stop::Wrong)?;
    let until = Timestamp::from_millis(until.parse().map_err(|_| Stop::Wrong)?);
    if whose != to.to_string() || until <= now || !flows.regions().contains(&to.region()) {
        return Err(Stop::Wrong);
    }
    let right = format!("{PREFIX}{about}.{}", mark(flows, to, about)?);
    let same = secret::same(&Secret::given(right).hash(), &token.hash());
    if same { Ok(()) } else { Err(Stop::Wrong) }
}

/// What makes a token one that is used once: the same handing over again is answered as before.
pub(super) fn once(token: &Secret, about: [&str; 3]) -> Idempotency {
    Idempotency::new("move", token.as_str(), about.map(str::as_bytes))
}
