//! Members of staff: adding one, signing in with password and second factor, sessions, leaving.

use std::collections::BTreeSet;

use decide::Timestamp;
use journal::{Asker, AskerKind, Fault, StaffRow, StaffSession};
use vault::Plain;
use zeroize::Zeroizing;

use super::role::{Role, read, words};
use super::totp;
use crate::account::{hash_password, verify_password};
use crate::limit::{
    DAY_MILLIS, STAFF_IDLE_MILLIS, STAFF_NAME_MAX, STAFF_SESSION_MILLIS, STAFF_TRIES_DAY_MAX,
};
use crate::{Flows, Secret, Stop};

/// What the secret of a second factor is sealed as.
const TOTP: &str = "totp";
/// Letters that nobody takes for another: no i, l, o, u.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Letters of an id.
const ID_LETTERS: usize = 8;
/// Letters of a first password: a hundred bits.
const PASSWORD_LETTERS: usize = 20;
/// A session that is used is written down again when it gains so much.
const GAIN_MILLIS: i64 = 60_000;

/// Somebody joins.
#[derive(Debug)]
pub struct AddStaff {
    /// What colleagues call them.
    pub name: String,
    /// What they may do.
    pub roles: Vec<String>,
}

/// Somebody joined: what they sign in with, the one time that it is shown.
#[derive(Debug)]
pub struct StaffAdded {
    /// The id, which records name.
    pub id: String,
    /// The first password.
    pub password: Secret,
    /// What an authenticator reads: `otpauth://…`.
    pub url: Secret,
    secret: Zeroizing<[u8; totp::SECRET_BYTES]>,
}

impl StaffAdded {
    /// The code that an authenticator shows now: for demonstrations and tests.
    pub fn code(&self, now: Timestamp) -> Secret {
        Secret::given(totp::code(self.secret.as_slice(), totp::step(now)).as_str())
    }
}

/// A member of staff as a list shows them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StaffSeen {
    /// The id.
    pub id: String,
    /// What colleagues call them.
    pub name: String,
    /// What they may do.
    pub roles: Vec<&'static str>,
    /// Whether they left.
    pub ended: bool,
}

/// Somebody of staff wants to sign in.
#[derive(Debug)]
pub struct StaffSignIn {
    /// The id.
    pub id: String,
    /// The password.
    pub password: Plain,
    /// The code that the authenticator shows.
    pub code: Secret,
}

/// A member of staff who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The id, which records name.
    pub id: String,
    /// What colleagues call them.
    pub name: String,
    roles: BTreeSet<Role>,
}

impl Member {
    /// Whether they have a role.
    pub fn has(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }

    /// The words of the roles that they have.
    pub fn roles(&self) -> Vec<&'static str> {
        self.roles.iter().map(|it| it.word()).collect()
    }

    /// As records name them.
    pub fn asker(&self) -> Asker {
        Asker::new(AskerKind::Staff, self.id.clone())
    }

    fn of(row: StaffRow) -> Self {
        let roles = row.roles.split(',').filter_map(Role::from_word).collect();
        Self { id: row.id, name: row.title, roles }
    }
}

/// Adds a member of staff.
///
/// # Errors
/// `Invalid` for a name or a role that does not fit.
pub async fn add_staff(flows: &Flows, ask: AddStaff, now: Timestamp) -> Result<StaffAdded, Stop> {
    let name = ask.name.trim();
    let fits = !name.is_empty() && name.len() <= STAFF_NAME_MAX;
    if !fits || name.chars().any(char::is_control) {
        let say = format!("write a name of at most {STAFF_NAME_MAX} bytes");
        return Err(Stop::invalid("name", say));
    }
    let roles = read(ask.roles.iter().map(String::as_str))?;
    let id = format!("stf_{}", letters(flows, ID_LETTERS)?.as_str());
    let password = letters(flows, PASSWORD_LETTERS)?;
    let secret = totp::fresh(flows.vault())?;
    let hash = hash_password(flows, Plain::from(password.as_str())).await?;
    let row = StaffRow {
        id: id.clone(),
        title: name.to_owned(),
        roles: words(&roles),
        password: hash.as_str().to_owned(),
        totp: flows.vault().seal_own(TOTP, &id, secret.as_slice())?,
        step: 0,
        made: now,
        ended: None,
    };
    flows.journal().installation().add_staff(row).await?;
    let url = address(&id, &secret);
    Ok(StaffAdded { id, password: Secret::given(password.as_str()), url, secret })
}

/// What an authenticator reads, by hand or from a picture.
fn address(id: &str, secret: &[u8; totp::SECRET_BYTES]) -> Secret {
    let text = totp::base32(secret);
    Secret::given(format!("otpauth://totp/Kept:{id}?secret={}&issuer=Kept", text.as_str()))
}

/// Random letters.
fn letters(flows: &Flows, count: usize) -> Result<Zeroizing<String>, Stop> {
    let mut bytes = Zeroizing::new([0_u8; PASSWORD_LETTERS]);
    flows.vault().random(bytes.as_mut_slice())?;
    // 32 letters divide 256: each is equally likely.
    let letter = |it: &u8| LETTERS.get(usize::from(it & 31)).copied().map_or('0', char::from);
    Ok(Zeroizing::new(bytes.iter().take(count).map(letter).collect()))
}

/// Everybody who is or was a member of staff, oldest first.
///
/// # Errors
/// When they cannot be read.
pub async fn staff(flows: &Flows) -> Result<Vec<StaffSeen>, Stop> {
    let rows = flows.journal().installation().all_staff().await?;
    let seen = |row: StaffRow| {
        let ended = row.ended.is_some();
        let Member { id, name, roles } = Member::of(row);
        StaffSeen { id, name, roles: roles.iter().map(|it| it.word()).collect(), ended }
    };
    Ok(rows.into_iter().map(seen).collect())
}

/// Somebody leaves: every session ends, and password and second factor are forgotten.
///
/// # Errors
/// `NotFound` where there is nobody with this id, or no longer.
pub async fn end_staff(flows: &Flows, id: &str, now: Timestamp) -> Result<(), Stop> {
    Ok(flows.journal().installation().end_staff(id, now).await?)
}

/// Signs in: the password and a code that was not used before, both, always.
///
/// # Errors
/// `Wrong` for whatever does not fit, and for an id that nobody has; it takes as long.
pub async fn sign_in_staff(
    flows: &Flows,
    ask: StaffSignIn,
    now: Timestamp,
) -> Result<(Member, Secret), Stop> {
    let installation = flows.journal().installation();
    let found = installation.staff(ask.id.trim()).await?.filter(|it| it.ended.is_none());
    let Some(row) = found else {
        verify_password(flows, ask.password, None).await?;
        return Err(Stop::Wrong);
    };
    let tries = installation.staff_tries(&row.id, now.plus_millis(-DAY_MILLIS), now).await?;
    let hash = (tries < STAFF_TRIES_DAY_MAX).then(|| Plain::from(row.password.as_str()));
    let known = verify_password(flows, ask.password, hash).await?;
    let secret = flows.vault().open_own(TOTP, &row.id, &row.totp)?;
    let step = totp::fits(&secret, ask.code.as_str(), now).filter(|it| *it > row.step);
    let Some(step) = step.filter(|_| known) else {
        if known {
            installation.staff_tried(&row.id, now).await?;
        }
        return Err(Stop::Wrong);
    };
    let session = Secret::fresh(flows.vault(), "")?;
    let begun = StaffSession {
        hash: session.hash(),
        staff: row.id.clone(),
        begun: now,
        expires: now.plus_millis(STAFF_IDLE_MILLIS),
    };
    match installation.begin_staff_session(begun, step).await {
        Ok(()) => Ok((Member::of(row), session)),
        // Somebody was quicker with the same code, or they have just left.
        Err(Fault::Conflict) => Err(Stop::Wrong),
        Err(fault) => Err(fault.into()),
    }
}

/// Whose session this is, unless it is over. Looking is use: a session that is not used ends sooner.
///
/// # Errors
/// When the sessions cannot be read.
pub async fn member(
    flows: &Flows,
    session: &Secret,
    now: Timestamp,
) -> Result<Option<Member>, Stop> {
    let installation = flows.journal().installation();
    let hash = session.hash();
    let Some((found, row)) = installation.staff_session(&hash, now).await? else { return Ok(None) };
    let last = found.begun.plus_millis(STAFF_SESSION_MILLIS);
    let expires = now.plus_millis(STAFF_IDLE_MILLIS).min(last);
    if expires.millis().saturating_sub(found.expires.millis()) >= GAIN_MILLIS {
        installation.extend_staff_session(&hash, expires).await?;
    }
    Ok(Some(Member::of(row)))
}

/// A member of staff takes another password, with the one before. Every other session ends.
///
/// # Errors
/// `Wrong` for another password than the one before, `Invalid` for one that is too short.
pub async fn change_staff_password(
    flows: &Flows,
    session: &Secret,
    (old, new): (Plain, Plain),
    now: Timestamp,
) -> Result<(), Stop> {
    let installation = flows.journal().installation();
    let found = installation.staff_session(&session.hash(), now).await?;
    let (_, row) = found.ok_or(Stop::Wrong)?;
    let tries = installation.staff_tries(&row.id, now.plus_millis(-DAY_MILLIS), now).await?;
    let hash = (tries < STAFF_TRIES_DAY_MAX).then(|| Plain::from(row.password.as_str()));
    if !verify_password(flows, old, hash).await? {
        installation.staff_tried(&row.id, now).await?;
        return Err(Stop::Wrong);
    }
    let hash = hash_password(flows, new).await?;
    Ok(installation.staff_password(&row.id, hash.as_str(), &session.hash()).await?)
}

/// Signs out.
///
/// # Errors
/// When it cannot be written.
pub async fn sign_out_staff(flows: &Flows, session: &Secret) -> Result<(), Stop> {
    Ok(flows.journal().installation().end_staff_session(&session.hash()).await?)
}
