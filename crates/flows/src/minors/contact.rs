//! How a guardian is reached: by a code to an address or to a phone, whichever of them the policy lists.

use policy::clause::collection::Format;
use policy::clause::minors::Guardian;
use vault::Plain;

use crate::book::Book;
use crate::{Flows, Stop, value};

/// What a code goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Email,
    Phone,
}

impl Way {
    /// Of what is kept of a guardian, in its normal form: no number has the sign of an address.
    pub(super) fn of(contact: &Plain) -> Self {
        if contact.as_str().contains('@') { Self::Email } else { Self::Phone }
    }

    const fn method(self) -> Guardian {
        match self {
            Self::Email => Guardian::EmailCode,
            Self::Phone => Guardian::PhoneCode,
        }
    }

    /// The method, as the policy calls it.
    pub(super) fn word(self) -> &'static str {
        self.method().word()
    }
}

/// Whether a guardian may be reached by phone: the policy lists it, and texts can leave.
pub fn by_phone(flows: &Flows) -> bool {
    flows.texts() && lists(&flows.book(), Way::Phone)
}

fn lists(book: &Book, way: Way) -> bool {
    book.policy().minors.as_ref().is_some_and(|it| it.verify.contains(&way.method()))
}

/// Whether a guardian can be verified in this way.
pub(super) fn verifies(flows: &Flows, book: &Book, way: Way) -> Result<(), Stop> {
    let say = match way {
        _ if !lists(book, way) => format!(
            "this policy does not verify a guardian in this way; add `{}` to `minors.verify`",
            way.word()
        ),
        Way::Phone if !flows.texts() => {
            "no codes are sent to phones here; give an address".to_owned()
        }
        Way::Email | Way::Phone => return Ok(()),
    };
    Err(Stop::NotNow(say))
}

/// Whether there is any way at all, for a link that is handed on.
pub(super) fn verifies_somehow(flows: &Flows, book: &Book) -> Result<(), Stop> {
    verifies(flows, book, Way::Phone).or_else(|_| verifies(flows, book, Way::Email))
}

/// What a guardian gave to be reached by, in its normal form; nothing where nothing was given.
///
/// # Errors
/// `Invalid` for what is neither, and where both are given.
pub(super) fn read(
    (email, phone): (Option<&Plain>, Option<&Plain>),
    region: &str,
) -> Result<Option<Plain>, Stop> {
    match (email, phone) {
        (None, None) => Ok(None),
        (Some(email), None) => value::email("email", email.as_str()).map(Some),
        (None, Some(phone)) => number(phone, region).map(Some),
        (Some(_), Some(_)) => {
            Err(Stop::invalid("phone", "give an address or a phone number, not both"))
        }
    }
}

/// A phone number in its normal form.
pub(super) fn number(phone: &Plain, region: &str) -> Result<Plain, Stop> {
    value::normal("phone", Format::Phone, phone.as_str(), region)
}

/// An address or a number as somebody recognises it who knows it, and nobody else learns it.
pub(super) fn masked(contact: &str) -> String {
    let Some((name, domain)) = contact.split_once('@') else {
        let first: String = contact.chars().take(3).collect();
        let skipped = contact.chars().count().saturating_sub(2);
        let last: String = contact.chars().skip(skipped).collect();
        return format!("{first}…{last}");
    };
    let first: String = name.chars().take(1).collect();
    format!("{first}…@{domain}")
}
