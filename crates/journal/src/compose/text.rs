//! A record as text: one JSON object, its keys in ascending order, names for everything.

use std::borrow::Cow;
use std::collections::BTreeMap;

use decide::{Act, Category, Facts, Purpose, RegionCode, Set, Vocabulary};
use zeroize::Zeroizing;

use super::bytes::Bytes;
use super::unpack::hex;
use super::{Finding, Record, VERSION};

/// About as much as the text of one request takes, its note not counted.
const ROOM: usize = 1_024;

/// The text of a record.
pub(super) fn text(record: &Record<'_>, names: &Vocabulary) -> Bytes {
    let note = record.note.as_deref().unwrap_or("null");
    let mut out = Bytes::with_capacity(ROOM.saturating_add(note.len()));
    let Some((first, also)) = record.findings.split_first() else { return out };
    out.put(b"{");
    act(&mut out, names, first.act);
    if !also.is_empty() {
        out.put(b",\"also\":");
        list(&mut out, also.iter(), |out, it| further(out, names, it));
    }
    answer(&mut out, first);
    out.put(b",\"asker\":{\"kind\":");
    quoted(&mut out, record.asker.word());
    out.put(b",\"name\":");
    quoted(&mut out, &record.name);
    out.put(b"},\"at\":");
    signed(&mut out, record.at.millis());
    permitted(&mut out, names, first);
    facts(&mut out, names, &record.facts);
    out.put(b",\"id\":");
    id(&mut out, "rec_", record.id.region(), record.id.bits());
    out.put(b",\"note\":");
    out.put(note.as_bytes());
    out.put(b",\"person\":");
    id(&mut out, "per_", record.person.region(), record.person.bits());
    out.put(b",\"policy\":");
    number(&mut out, u64::from(record.policy));
    refused(&mut out, names, first);
    out.put(b",\"v\":");
    number(&mut out, u64::from(VERSION));
    out.put(b"}");
    out
}

/// What else was judged in the same outcome.
fn further(out: &mut Bytes, names: &Vocabulary, finding: &Finding<'_>) {
    out.put(b"{");
    act(out, names, finding.act);
    answer(out, finding);
    permitted(out, names, finding);
    refused(out, names, finding);
    out.put(b"}");
}

fn act(out: &mut Bytes, names: &Vocabulary, act: Act) {
    out.put(b"\"act\":{");
    if let Act::Share { agreed, .. } = act {
        field(out, "agreed", |out| truth(out, agreed));
        out.put(b",");
    }
    if let Act::Disclose { approvers, .. } = act {
        field(out, "approvers", |out| number(out, u64::from(approvers)));
        out.put(b",");
    }
    field(out, "do", |out| quoted(out, super::code::act_word(act)));
    let mut word = |name: &str, word: &str| {
        out.put(b",");
        field(out, name, |out| quoted(out, word));
    };
    match act {
        Act::Use { .. } => {}
        Act::Collect { source, .. } => word("source", names.source_id(source)),
        Act::Share { recipient, form, .. } => {
            word("form", form.word());
            word("recipient", names.recipient_id(recipient));
        }
        Act::Transfer { recipient, to, .. } => {
            word("recipient", names.recipient_id(recipient));
            word("to", names.region_id(to));
        }
        Act::Publish { recipient, .. } => word("recipient", names.recipient_id(recipient)),
        Act::Exercise { right } => word("right", right.word()),
        Act::Disclose { ground, evidenced, .. } => {
            out.put(b",");
            field(out, "evidenced", |out| truth(out, evidenced));
            out.put(b",");
            field(out, "ground", |out| quoted(out, ground.word()));
        }
    }
    out.put(b"}");
}

fn answer(out: &mut Bytes, finding: &Finding<'_>) {
    out.put(b",\"answer\":");
    quoted(out, finding.answer());
}

/// With what, and by which clauses.
fn permitted(out: &mut Bytes, names: &Vocabulary, finding: &Finding<'_>) {
    out.put(b",\"categories\":");
    categories(out, names, finding.permitted.unwrap_or_default());
    out.put(b",\"clauses\":");
    list(out, finding.clauses.iter(), |out, it: &Cow<'_, str>| quoted(out, it));
}

/// What for, and what not.
fn refused(out: &mut Bytes, names: &Vocabulary, finding: &Finding<'_>) {
    out.put(b",\"purpose\":");
    match finding.purpose() {
        Some(purpose) => quoted(out, names.purpose_id(purpose)),
        None => out.put(b"null"),
    }
    out.put(b",\"refused\":");
    list(out, finding.refused.iter(), |out, it| {
        out.put(b"{\"categories\":");
        categories(out, names, it.categories);
        out.put(b",\"clause\":");
        quoted(out, &it.clause);
        out.put(b",\"reason\":");
        quoted(out, it.reason.word());
        out.put(b"}");
    });
}

/// What the decision saw, whole, so that it can be made again.
fn facts(out: &mut Bytes, names: &Vocabulary, facts: &Facts) {
    let purposes = |out: &mut Bytes, set: Set<Purpose>| {
        list(out, set.iter(), |out, it| quoted(out, names.purpose_id(it)));
    };
    out.put(b",\"facts\":{\"account\":");
    quoted(out, facts.account.word());
    out.put(b",\"adopted\":");
    number(out, u64::from(facts.adopted));
    out.put(b",\"age\":");
    quoted(out, facts.age.word());
    out.put(b",\"dnt\":");
    truth(out, facts.signals.dnt());
    out.put(b",\"due\":{");
    if !facts.dues.is_empty() {
        dues(out, names, facts);
    }
    out.put(b"},\"given\":");
    purposes(out, facts.given);
    out.put(b",\"gpc\":");
    truth(out, facts.signals.gpc());
    // Only there where something is, so that the record of anybody else is what it was.
    if !facts.dues.held().is_empty() {
        out.put(b",\"held\":");
        categories(out, names, facts.dues.held());
    }
    out.put(b",\"objected\":");
    purposes(out, facts.objected);
    out.put(b",\"refused\":");
    purposes(out, facts.refused);
    out.put(b",\"region\":");
    quoted(out, names.region_id(facts.region));
    out.put(b",\"shares\":");
    list(out, facts.shares.iter(), |out, it| quoted(out, names.share_id(it)));
    out.put(b",\"transfers\":");
    list(out, facts.transfers.iter(), |out, it| quoted(out, names.transfer_id(it)));
    out.put(b"}");
}

fn dues(out: &mut Bytes, names: &Vocabulary, facts: &Facts) {
    let dues = facts.dues.iter().map(|(it, due)| (names.category_id(it), due.millis()));
    for (n, (name, due)) in dues.collect::<BTreeMap<_, _>>().into_iter().enumerate() {
        if n > 0 {
            out.put(b",");
        }
        quoted(out, name);
        out.put(b":");
        signed(out, due);
    }
}

fn categories(out: &mut Bytes, names: &Vocabulary, set: Set<Category>) {
    list(out, set.iter(), |out, it| quoted(out, names.category_id(it)));
}

fn field(out: &mut Bytes, name: &str, value: impl FnOnce(&mut Bytes)) {
    quoted(out, name);
    out.put(b":");
    value(out);
}

fn list<T>(out: &mut Bytes, all: impl Iterator<Item = T>, one: impl Fn(&mut Bytes, T)) {
    out.put(b"[");
    for (n, it) in all.enumerate() {
        if n > 0 {
            out.put(b",");
        }
        one(out, it);
    }
    out.put(b"]");
}

fn quoted(out: &mut Bytes, text: &str) {
    let plain = |it: &u8| *it >= 0x20 && *it != b'"' && *it != b'\\';
    if text.as_bytes().iter().all(plain) {
        out.put(b"\"");
        out.put(text.as_bytes());
        out.put(b"\"");
    } else {
        let text = Zeroizing::new(serde_json::Value::from(text).to_string());
        out.put(text.as_bytes());
    }
}

fn truth(out: &mut Bytes, is: bool) {
    out.put(if is { b"true".as_slice() } else { b"false" });
}

fn signed(out: &mut Bytes, n: i64) {
    if n < 0 {
        out.put(b"-");
    }
    number(out, n.unsigned_abs());
}

fn number(out: &mut Bytes, mut n: u64) {
    // The largest has 20 digits.
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    for digit in digits.iter_mut().rev() {
        let [low, ..] = (n % 10).to_le_bytes();
        *digit = b'0'.wrapping_add(low);
        start = start.saturating_sub(1);
        n /= 10;
        if n == 0 {
            break;
        }
    }
    out.put(digits.get(start..).unwrap_or_default());
}

fn id(out: &mut Bytes, prefix: &str, region: RegionCode, bits: u128) {
    out.put(b"\"");
    out.put(prefix.as_bytes());
    out.put(region.as_str().as_bytes());
    out.put(b"_");
    out.put(&hex(bits));
    out.put(b"\"");
}
