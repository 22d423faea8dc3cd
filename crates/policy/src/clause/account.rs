//! Registering and closing an account.

use std::collections::BTreeSet;

use crate::duration::Duration;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading, Reference};
use crate::word::words;

words!(
    /// What becomes of data at the end.
    Ending {
        /// It is erased.
        Delete = "delete",
        /// It no longer leads to a person.
        Anonymise = "anonymise",
    }
);
words!(
    /// What a form asks before anything else.
    First { #[doc = "The age."] Age = "age" }
);
words!(
    /// How a value given at registration is verified.
    Verification { #[doc = "By a one-time code."] Code = "code" }
);

/// What registration asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The clause that declares it.
    pub clause: String,
    /// Without these no account can be had.
    pub required: BTreeSet<String>,
    /// These may be left out; nothing else changes.
    pub optional: BTreeSet<String>,
    /// Which of them are verified by a one-time code.
    pub verify: BTreeSet<String>,
    /// What is asked before anything else.
    pub first: First,
}

/// How an account is closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The clause that declares it.
    pub clause: String,
    /// The time in which a person may change their mind.
    pub change_mind: Duration,
    /// What becomes of the data then.
    pub then: Ending,
    /// Whether the person gets a certificate.
    pub certificate: bool,
}

pub(crate) fn registration(policy: &mut Policy, fields: &mut Fields<'_>) {
    let required = fields.need_names("required", Kind::Category);
    let optional = fields.need_names("optional", Kind::Category);
    let mut verify = BTreeSet::new();
    for pair in fields.pairs("verify").unwrap_or_default() {
        let name = pair.key.clone();
        fields.rule(&format!("verify.{name}"), pair.value.clone());
        fields.reading.references.push(Reference { kind: Kind::Category, name, at: pair.key_at });
        if Verification::from_word(&pair.value).is_some() {
            verify.insert(pair.key);
        } else {
            let message = format!("`verify` cannot be `{}`", pair.value);
            fields.reading.faults.error("unknown-word", pair.at, message).help("write `\"code\"`");
        }
    }
    let first = fields.need_word("first").unwrap_or(First::Age);
    let clause = fields.clause();
    policy.registration = Some(Registration { clause, required, optional, verify, first });
}

pub(crate) fn account(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.account = Some(Account {
        clause: fields.clause(),
        change_mind: fields.need_duration("change_mind"),
        then: fields.need_word("then").unwrap_or(Ending::Delete),
        certificate: fields.flag("certificate", true),
    });
}

/// What is required is not also optional, and only what is asked is verified.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(registration) = &policy.registration else { return };
    let at = reading.spot(Kind::Registration, "", "optional");
    for both in registration.required.intersection(&registration.optional) {
        let message = format!("`{both}` is required and optional at registration");
        let required = reading.spot(Kind::Registration, "", "required");
        let fault = reading.faults.error("contradiction", at, message);
        fault
            .also(required, "required here")
            .help(format!("take `{both}` out of one of both lists"));
    }
    let asked: BTreeSet<_> = registration.required.union(&registration.optional).collect();
    for name in registration.verify.iter().filter(|it| !asked.contains(it)) {
        let at = reading.spot(Kind::Registration, "", "verify");
        let message = format!("registration verifies `{name}` and does not ask for it");
        let fault = reading.faults.error("verified-not-asked", at, message);
        fault.help(format!("add `{name}` to `required` or `optional`"));
    }
}
