//! The form on the page: it says when it was shown, so that a program that fills it in at once is told
//! from a person, and a form that is sent twice is one message.

use decide::Timestamp;

use super::leave::home;
use crate::engine::Idempotency;
use crate::limit::{FORM_MILLIS_MAX, FORM_MILLIS_MIN};
use crate::secret::{digest, hex};
use crate::{Flows, Secret, Stop};

/// As what the mark of a form is made.
const LABEL: &str = "form";
/// Bytes of a mark that a form carries.
const MARK: usize = 16;

/// What a form says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A while ago.
    Good,
    /// A moment ago: nobody types that fast.
    TooSoon,
    /// Too long ago, or it is none of ours.
    Stale,
}

/// A fresh mark.
///
/// # Errors
/// When there is no randomness to be had.
pub fn form(flows: &Flows, now: Timestamp) -> Result<String, Stop> {
    let nonce = hex(&digest(Secret::fresh(flows.vault(), "")?.as_str().as_bytes()));
    let nonce: String = nonce.chars().take(MARK).collect();
    let said = format!("{}.{nonce}", now.millis());
    Ok(format!("{said}.{}", mark(flows, &said)?))
}

/// Whether a mark is ours, and when the form was shown.
///
/// # Errors
/// When a key is missing.
pub fn shown(flows: &Flows, given: &str, now: Timestamp) -> Result<Shown, Stop> {
    let Some((said, theirs)) = given.rsplit_once('.') else { return Ok(Shown::Stale) };
    if digest(mark(flows, said)?.as_bytes()) != digest(theirs.as_bytes()) {
        return Ok(Shown::Stale);
    }
    let at = said.split('.').next().and_then(|it| it.parse::<i64>().ok()).unwrap_or(0);
    let age = now.millis().saturating_sub(at);
    Ok(match age {
        ..FORM_MILLIS_MIN => Shown::TooSoon,
        FORM_MILLIS_MAX.. => Shown::Stale,
        _ => Shown::Good,
    })
}

/// One form is one message, however often it is sent.
pub fn once(given: &str, text: &[u8]) -> Idempotency {
    Idempotency::new("contact form", given, [b"POST", b"/privacy/contact", text])
}

fn mark(flows: &Flows, said: &str) -> Result<String, Stop> {
    let region = home(&flows.book())?;
    let mark = flows.vault().mark(region, LABEL, said.as_bytes())?;
    Ok(hex(mark.get(..MARK).unwrap_or(&mark)))
}
