//! Passwords: Argon2id, 19 MiB, two rounds; the hash is a sealed value like any other.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use decide::{Act, PersonId, Right, Timestamp};
use journal::{Asker, AskerKind, JobKind, Write};
use vault::Plain;

use super::bound::PASSWORD_MAILS;
use super::code::signature;
use super::{reach, reached};
use crate::engine::{Case, again};
use crate::limit::{PASSWORD_MAX, PASSWORD_MEMORY, PASSWORD_MIN, PASSWORD_ROUNDS};
use crate::messages::{Cause, Letter, put};
use crate::{Flows, Stop};

/// Tells the person by mail that the password was changed.
pub(crate) const PASSWORD_CHANGED: JobKind = JobKind::named("password-changed");

/// A hash of no password: what is checked where nobody is there, so that it takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$a2VwdC1ub2JvZHktc2FsdA$\
                      FshJ2XgJQvD8l1Pn2vB6o4zUe3R5cTAk0m7yBqWsH9E";

fn argon() -> Result<Argon2<'static>, Stop> {
    let params = Params::new(PASSWORD_MEMORY, PASSWORD_ROUNDS, 1, None);
    let params = params.map_err(|error| Stop::Broken(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Whether a password may be one.
pub(super) fn check(given: &str) -> Result<(), Stop> {
    if given.chars().count() < PASSWORD_MIN {
        return Err(Stop::invalid("password", format!("use at least {PASSWORD_MIN} characters")));
    }
    if given.len() > PASSWORD_MAX {
        return Err(Stop::invalid("password", format!("use at most {PASSWORD_MAX} bytes")));
    }
    Ok(())
}

/// The hash of a password, as it is sealed.
pub(crate) async fn hash(flows: &Flows, given: Plain) -> Result<Plain, Stop> {
    check(given.as_str())?;
    busy(flows, move || {
        let hash = argon()?.hash_password(given.as_str().as_bytes());
        hash.map(|it| Plain::new(it.to_string())).map_err(|error| Stop::Broken(error.to_string()))
    })
    .await
}

/// Whether a password is the one of this hash; without a hash it takes as long, and is not.
pub(crate) async fn verify(flows: &Flows, given: Plain, hash: Option<Plain>) -> Result<bool, Stop> {
    busy(flows, move || {
        let text = hash.as_ref().map_or(NOBODY, Plain::as_str);
        let Ok(parsed) = PasswordHash::new(text) else { return Ok(false) };
        let fits = argon()?.verify_password(given.as_str().as_bytes(), &parsed).is_ok();
        Ok(fits && hash.is_some())
    })
    .await
}

/// Hashing takes memory and time on purpose: few at once, and not on a thread that serves others.
async fn busy<T: Send + 'static>(
    flows: &Flows,
    work: impl FnOnce() -> Result<T, Stop> + Send + 'static,
) -> Result<T, Stop> {
    flows.inner.hashing.run(work).await
}

/// The job: the address is told that there is another password, and what to do if it was not them.
pub(crate) async fn tell(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(tell_once(flows, person, now).await)
}

async fn tell_once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "password-changed");
    let act = Act::Exercise { right: Right::Correct };
    let mut tx = flows.permit(&book, Case::of(person, act, reach(&book), &asker), now).await?;
    tx.stage(Write::DropJob(PASSWORD_CHANGED));
    let too_many = PASSWORD_MAILS.full(flows, person, now).await?;
    if let Some((to, language)) = reached(flows, &book, &tx)?.filter(|_| !too_many) {
        PASSWORD_MAILS.count(&mut tx);
        let signed = signature(flows, &language);
        let contact = &book.policy().header.contact.email;
        let words = Letter::Password(contact).words(&language, signed.as_ref());
        let about = format!("{:032x}", flows.journal().new_id(now));
        let mail = put(flows, &tx, (Cause::Password, &about), (to.as_str(), &words))?;
        tx.stage(mail);
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
