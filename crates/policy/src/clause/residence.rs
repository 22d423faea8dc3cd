//! Regions, and that data stays in them.

use crate::diagnostic::At;
use crate::kind::Kind;
use crate::limit::TITLE_MAX;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// Which law's profile a region follows.
    Law {
        /// Personal Information Protection Law (China).
        Pipl = "pipl",
        /// General Data Protection Regulation (European Union).
        Gdpr = "gdpr",
        /// California Consumer Privacy Act.
        Ccpa = "ccpa",
        /// Another; consent is opt-in.
        Other = "other",
    }
);
words!(
    /// Where data stays.
    Stays { #[doc = "In the person's home region."] HomeRegion = "home-region" }
);
words!(
    /// Whose keys seal it.
    Keys { #[doc = "The region's."] PerRegion = "per-region" }
);

/// A region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// The name of its calendar of working days.
    pub calendar: String,
    /// Its law's profile.
    pub law: Law,
    /// The IANA name of its time zone.
    pub timezone: String,
}

/// Staying in a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residence {
    /// The clause that declares it.
    pub clause: String,
}

pub(crate) fn region(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let calendar = named(fields, "calendar", "\"cn\"");
    let law = fields.need_word("law").unwrap_or(Law::Other);
    let timezone = named(fields, "timezone", "\"Asia/Shanghai\"");
    let clause = fields.clause();
    let (id, at) = (fields.id(), fields.at());
    fields.region(&id, at);
    policy.regions.insert(id, Region { clause, title, calendar, law, timezone });
}

fn named(fields: &mut Fields<'_>, name: &'static str, example: &str) -> String {
    if !fields.has(name) {
        fields.missing(name, example);
    }
    let text = fields.plain_text(name, TITLE_MAX).map(|it| it.0).unwrap_or_default();
    fields.rule(name, text.clone());
    text
}

pub(crate) fn residence(policy: &mut Policy, fields: &mut Fields<'_>) {
    fields.need_word::<Stays>("stays");
    fields.need_word::<Keys>("keys");
    policy.residence = Some(Residence { clause: fields.clause() });
}

/// Every region of the header is declared, with a calendar and a zone that exist.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for code in reading.header.regions.clone() {
        if !policy.regions.contains_key(&code) {
            let at = reading.spots.get("header.regions").copied().unwrap_or(At::default());
            let message = format!("region `{code}` of the header is not declared");
            let fault = reading.faults.error("undeclared-region", at, message);
            fault.help(format!("declare `[region.{code}]` with title, calendar, law and timezone"));
        }
    }
    for (code, region) in &policy.regions {
        let calendar = &region.calendar;
        if !calendar.is_empty() && !policy.calendars.contains_key(calendar) {
            let at = reading.spot(Kind::Region, code, "calendar");
            let message = format!("there is no calendar `{calendar}`");
            let fault = reading.faults.error("undefined-calendar", at, message);
            fault.help(format!("add a file `holidays/{calendar}.toml`"));
        }
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(&region.timezone);
        if !region.timezone.is_empty() && zone.is_err() {
            let at = reading.spot(Kind::Region, code, "timezone");
            let message = format!("there is no time zone `{}`", region.timezone);
            let fault = reading.faults.error("undefined-timezone", at, message);
            fault.help("write an IANA name such as `Asia/Shanghai` or `Europe/Brussels`");
        }
    }
}
