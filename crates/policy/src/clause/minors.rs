//! People below age, and their guardians.

use std::collections::{BTreeMap, BTreeSet};

use crate::duration::Unit;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Figure, Reading};
use crate::word::words;

words!(
    /// How a guardian is verified.
    Guardian {
        /// By a code sent by email.
        EmailCode = "email-code",
        /// By a code sent to a phone.
        PhoneCode = "phone-code",
    }
);

/// The greatest age that a rule may name, in full years.
const AGE_MAX: u32 = 30;

/// The rule about minors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinorsRule {
    /// The clause that declares it.
    pub clause: String,
    /// Below this age, in full years, a guardian's agreement is asked for.
    pub ask_below: u8,
    /// Below this age, in full years, a guardian's agreement is required; by region.
    pub guardian_below: BTreeMap<String, u8>,
    /// How a guardian is verified.
    pub verify: BTreeSet<Guardian>,
    /// Whether the age is asked before anything else.
    pub age_first: bool,
}

pub(crate) fn minors(policy: &mut Policy, fields: &mut Fields<'_>) {
    let ask_below = fields.number("ask_below", 1, AGE_MAX).unwrap_or(18);
    fields.rule("ask_below", ask_below.to_string());
    fields.figure(Figure::Time(ask_below, Unit::Year));
    let guardian_below = ages(fields);
    policy.minors = Some(MinorsRule {
        clause: fields.clause(),
        ask_below: u8::try_from(ask_below).unwrap_or(u8::MAX),
        guardian_below,
        verify: fields.need_words("verify"),
        age_first: fields.flag("age_first", true),
    });
}

fn ages(fields: &mut Fields<'_>) -> BTreeMap<String, u8> {
    if !fields.has("guardian_below") {
        fields.missing("guardian_below", "{ cn = 14, eu = 16 }");
    }
    let ages = fields.nested("guardian_below", |inner| {
        let mut ages = BTreeMap::new();
        for (code, value, at) in inner.numbers(AGE_MAX) {
            inner.region(&code, at);
            inner.figure(Figure::Time(value, Unit::Year));
            inner.rule(&code, value.to_string());
            ages.insert(code, u8::try_from(value).unwrap_or(u8::MAX));
        }
        ages
    });
    ages.unwrap_or_default()
}

/// Every region has an age, and none above the age below which a guardian is asked.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(minors) = &policy.minors else { return };
    let at = reading.spot(Kind::Minors, "", "guardian_below");
    for code in reading.header.regions.clone() {
        match minors.guardian_below.get(&code) {
            None => {
                let message =
                    format!("nothing says below which age a guardian is needed in `{code}`");
                let fault = reading.faults.error("minors-region", at, message);
                fault.label(format!("region `{code}` is missing"));
                fault.help(format!("add `{code} = 14`, the legal age there"));
            }
            Some(age) if *age > minors.ask_below => {
                let message = format!(
                    "a guardian is required below {age} in `{code}` and asked below {}",
                    minors.ask_below
                );
                let fault = reading.faults.error("contradiction", at, message);
                fault.help(format!("write `ask_below = {age}` or more"));
            }
            Some(_) => {}
        }
    }
}
