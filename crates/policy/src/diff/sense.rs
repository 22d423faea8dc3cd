//! Which way a change of each field goes.

use std::collections::BTreeSet;

use super::Class;
use crate::duration::Duration;
use crate::kind::Kind;

/// How the values of a field compare.
#[derive(Clone, Copy)]
enum Sense {
    /// A list: more of it permits more.
    MoreWidens,
    /// A list: more of it promises more.
    MoreNarrows,
    /// A duration: longer permits more.
    LongerWidens,
    /// A duration: longer promises more.
    LongerNarrows,
    /// A number: higher permits more.
    HigherWidens,
    /// A number: higher promises more.
    HigherNarrows,
    /// Words, from what permits least to what permits most.
    Words(&'static [&'static str]),
    /// Any change concerns people anew.
    Widens,
}

use Sense::{
    HigherNarrows, HigherWidens, LongerNarrows, LongerWidens, MoreNarrows, MoreWidens, Widens,
    Words,
};

const YES_WIDENS: Sense = Words(&["false", "true"]);
const YES_NARROWS: Sense = Words(&["true", "false"]);

/// Fields that point in a direction; every other one is neutral.
const SENSES: [(Kind, &str, Sense); 70] = [
    (Kind::Purpose, "uses", MoreWidens),
    (
        Kind::Purpose,
        "basis",
        Words(&[
            "consent",
            "legitimate-interest",
            "public-task",
            "vital-interest",
            "legal-duty",
            "contract",
        ]),
    ),
    (Kind::Purpose, "default", Words(&["refused", "given"])),
    (Kind::Purpose, "minors", Words(&["never", "guardian", "same"])),
    (Kind::Purpose, "signals", Words(&["refuse", "ask", "ignore"])),
    (Kind::Category, "sources", MoreWidens),
    (Kind::Category, "required", MoreWidens),
    (Kind::Category, "lookup", YES_WIDENS),
    (Kind::Category, "sensitive", YES_NARROWS),
    (Kind::Category, "precision", HigherNarrows),
    (Kind::Category, "from", MoreWidens),
    (Kind::Keep, "for", LongerWidens),
    (Kind::Keep, "then", Words(&["delete", "anonymise"])),
    (Kind::Keep, "by", Words(&["drop", "aggregate", "generalise"])),
    (Kind::Keep, "to", Words(&["decade", "year", "country", "value"])),
    (Kind::Keep, "min_group", HigherNarrows),
    (
        Kind::Keep,
        "after",
        Words(&["collected", "last-active", "account-closed", "consent-withdrawn"]),
    ),
    (Kind::Source, "brings", MoreWidens),
    (Kind::Source, "purposes", MoreWidens),
    (Kind::Event, "purpose", Widens),
    (Kind::Event, "fields", Widens),
    (Kind::Event, "necessary", YES_WIDENS),
    (Kind::Cookie, "purpose", Widens),
    (Kind::Cookie, "lifetime", LongerWidens),
    (Kind::Cookie, "necessary", YES_WIDENS),
    (Kind::Banner, "choices", MoreNarrows),
    (Kind::Banner, "ask_again", LongerNarrows),
    (Kind::Logs, "signals", MoreNarrows),
    (Kind::Logs, "scrub", MoreNarrows),
    (Kind::Logs, "address", Words(&["none", "truncated"])),
    (Kind::Logs, "full_address_for", MoreWidens),
    (Kind::Registration, "required", MoreWidens),
    (Kind::Registration, "optional", MoreWidens),
    (Kind::Account, "change_mind", LongerNarrows),
    (Kind::Account, "then", Words(&["delete", "anonymise"])),
    (Kind::Account, "certificate", YES_NARROWS),
    (Kind::Acceptance, "records", MoreNarrows),
    (Kind::Acceptance, "continuing", Words(&["ask", "notice"])),
    (Kind::Minors, "ask_below", HigherNarrows),
    (Kind::Minors, "guardian_below", HigherNarrows),
    (Kind::Minors, "age_first", YES_NARROWS),
    (Kind::Retention, "sweep", LongerWidens),
    (Kind::Retention, "holds", MoreNarrows),
    (Kind::Storage, "device_holds", MoreWidens),
    (Kind::Storage, "device_purged", MoreNarrows),
    (Kind::Storage, "server_logs", LongerWidens),
    (Kind::Security, "rotate", LongerWidens),
    (Kind::Backup, "keep", LongerWidens),
    (Kind::Incident, "authority", LongerWidens),
    (Kind::Incident, "people", LongerWidens),
    (Kind::Recipient, "agreement", YES_NARROWS),
    (Kind::Recipient, "region", Widens),
    (Kind::Recipient, "role", Widens),
    (Kind::Agreement, "documents", MoreNarrows),
    (Kind::Share, "to", Widens),
    (Kind::Share, "purpose", Widens),
    (Kind::Share, "categories", MoreWidens),
    (Kind::Share, "form", Words(&["aggregate", "pseudonymous", "identified"])),
    (Kind::Share, "min_group", HigherNarrows),
    (Kind::Share, "milli_epsilon", HigherWidens),
    (Kind::Share, "period", LongerNarrows),
    (Kind::Share, "consent", Words(&["separate", "purpose"])),
    (Kind::Share, "confirmed_by", MoreWidens),
    (Kind::Transfer, "categories", MoreWidens),
    (Kind::Disclosure, "needs", MoreNarrows),
    (Kind::Disclosure, "approvers", HigherNarrows),
    (Kind::Disclosure, "tell", Words(&["before", "after", "when-permitted", "never"])),
    (Kind::Right, "within", LongerWidens),
    (Kind::Right, "extension", LongerWidens),
    (Kind::Right, "who", MoreNarrows),
];

/// The same for tables without an id that promise times and ways.
const PROMISES: [(Kind, &str, Sense); 19] = [
    (Kind::Complaints, "reply", LongerWidens),
    (Kind::Complaints, "escalate", LongerWidens),
    (Kind::Messages, "reply", LongerWidens),
    (Kind::Messages, "escalate", LongerWidens),
    (Kind::Notice, "shows", MoreNarrows),
    (Kind::Contact, "on", MoreNarrows),
    (Kind::Change, "notice", LongerNarrows),
    (Kind::Change, "by", MoreNarrows),
    (Kind::Change, "ask_again", YES_NARROWS),
    (Kind::Product, "purposes", MoreNarrows),
    (Kind::Product, "categories", MoreNarrows),
    (Kind::Cessation, "notice", LongerNarrows),
    (Kind::Cessation, "by", MoreNarrows),
    (Kind::Cessation, "export", LongerNarrows),
    (Kind::Cessation, "then", Words(&["delete", "anonymise"])),
    (Kind::Cessation, "within", LongerWidens),
    (Kind::Succession, "notice", LongerNarrows),
    (Kind::Publication, "tells", MoreNarrows),
    (Kind::Transfer, "*", Widens),
];

/// What the arrival of a declaration does.
pub(super) const fn arrival(kind: Kind) -> Class {
    match kind {
        Kind::Category
        | Kind::Source
        | Kind::Event
        | Kind::Cookie
        | Kind::Purpose
        | Kind::Share
        | Kind::Transfer
        | Kind::Disclosure
        | Kind::Registration => Class::Widening,
        Kind::Right
        | Kind::Retention
        | Kind::Account
        | Kind::Logs
        | Kind::Banner
        | Kind::Acceptance
        | Kind::Minors
        | Kind::Residence
        | Kind::Storage
        | Kind::Security
        | Kind::Backup
        | Kind::Incident
        | Kind::Agreement
        | Kind::Silence
        | Kind::Publication
        | Kind::Succession
        | Kind::Complaints
        | Kind::Messages
        | Kind::Notice
        | Kind::Contact
        | Kind::Change
        | Kind::Product
        | Kind::Cessation => Class::Narrowing,
        Kind::Keep | Kind::Region | Kind::Recipient => Class::Neutral,
    }
}

/// The class of the opposite change.
pub(super) const fn reverse(class: Class) -> Class {
    match class {
        Class::Widening => Class::Narrowing,
        Class::Narrowing => Class::Widening,
        Class::Neutral => Class::Neutral,
        Class::Editorial => Class::Editorial,
    }
}

/// What a change of one field does.
pub(super) fn class(kind: Kind, field: &str, (old, new): (Option<&str>, Option<&str>)) -> Class {
    let field = plain(field);
    let found = SENSES.iter().chain(&PROMISES).find(|it| {
        it.0 == kind
            && (it.1 == field
                || it.1 == "*" && matches!(field, "from" | "to" | "recipient" | "purpose"))
    });
    found.map_or(Class::Neutral, |it| compare(it.2, old.unwrap_or(""), new.unwrap_or("")))
}

/// `regions.eu.signals.gpc` is about `signals`, `within.cn` about `within`.
fn plain(field: &str) -> &str {
    let bare =
        field.strip_prefix("regions.").and_then(|it| it.split_once('.')).map_or(field, |it| it.1);
    bare.split('.').next().unwrap_or(bare)
}

fn compare(sense: Sense, old: &str, new: &str) -> Class {
    match sense {
        Widens => Class::Widening,
        MoreWidens => lists(old, new),
        MoreNarrows => reverse_lists(old, new),
        LongerWidens => durations(old, new),
        LongerNarrows => reverse(durations(old, new)),
        HigherWidens => ordered(&number(old), &number(new)),
        HigherNarrows => reverse(ordered(&number(old), &number(new))),
        Words(words) => {
            let rank = |word: &str| words.iter().position(|it| *it == word);
            ordered(&rank(old), &rank(new))
        }
    }
}

fn ordered<T: Ord>(old: &T, new: &T) -> Class {
    match old.cmp(new) {
        std::cmp::Ordering::Less => Class::Widening,
        std::cmp::Ordering::Greater => Class::Narrowing,
        std::cmp::Ordering::Equal => Class::Neutral,
    }
}

fn items(list: &str) -> BTreeSet<&str> {
    list.split(", ").filter(|it| !it.is_empty()).collect()
}

/// More is wider; some more and some less is wider too, for those whom the more concerns.
fn lists(old: &str, new: &str) -> Class {
    if items(new).is_subset(&items(old)) { Class::Narrowing } else { Class::Widening }
}

/// Less is wider; some more and some less is wider too.
fn reverse_lists(old: &str, new: &str) -> Class {
    if items(old).is_subset(&items(new)) { Class::Narrowing } else { Class::Widening }
}

fn number(text: &str) -> Option<u32> {
    text.trim_end_matches(" m").parse().ok()
}

/// Longer is wider; a session is shorter than any duration. What cannot be told apart is wider.
fn durations(old: &str, new: &str) -> Class {
    match (Duration::parse(old), Duration::parse(new)) {
        (Some(old), Some(new)) if old.outlasts(new) => Class::Narrowing,
        (Some(_), None) => Class::Narrowing,
        (Some(_) | None, Some(_)) => Class::Widening,
        (None, None) => Class::Neutral,
    }
}

/// What changed, in a sentence.
pub(super) fn sentence(
    path: &str,
    field: &str,
    (old, new): (Option<&str>, Option<&str>),
) -> String {
    let (old, new) = (old.unwrap_or(""), new.unwrap_or(""));
    let (before, after) = (items(old), items(new));
    if before.len() > 1 || after.len() > 1 {
        let list = |it: Vec<&&str>| {
            it.into_iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
        };
        let (more, less) =
            (list(after.difference(&before).collect()), list(before.difference(&after).collect()));
        let sides = [("adds", more), ("drops", less)];
        let sides =
            sides.into_iter().filter(|it| !it.1.is_empty()).map(|it| format!("{} {}", it.0, it.1));
        return format!("`{path}.{field}` {}", sides.collect::<Vec<_>>().join(" and "));
    }
    match (old, new) {
        ("", _) => format!("`{path}.{field}` is now `{new}`"),
        (_, "") => format!("`{path}.{field}` is no longer `{old}`"),
        (_, _) => format!("`{path}.{field}` goes from `{old}` to `{new}`"),
    }
}
