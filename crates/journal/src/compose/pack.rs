//! A record as it is kept: positions and numbers, names only where there are no positions.

use decide::set::Interned as _;
use decide::vocabulary::Kind;
use decide::{Act, Category, Clause, Facts, Refused, Ruleset, Set, Timestamp, Vocabulary};
use zeroize::Zeroizing;

use super::bytes::Bytes;
use super::code::{Coded as _, KEY, NO_REGION, PACKED, act_code, flag, head, held};
use super::known::within;
use super::{Told, unpack};
use crate::owed::Verdict;

/// About as much as a record of one request takes, its note not counted.
const ROOM: usize = 256;

/// What is kept of a record.
pub(super) fn pack(told: &Told<'_>) -> Bytes {
    let Verdict { rules, act, permitted, refused, clauses, also, now, .. } = told.verdict;
    let note = (!told.note.is_null()).then(|| Zeroizing::new(told.note.to_string()));
    let note = note.as_ref().map_or("", |it| it.as_str());
    let mut out = Bytes::with_capacity(ROOM.saturating_add(note.len()));
    let apart = now.millis().wrapping_sub(unpack::born(told.id));
    let signals = told.facts.signals;
    let set = |is: bool, flag: u8| if is { flag } else { 0 };
    out.byte(PACKED);
    out.byte(
        told.asker.kind.code()
            | set(signals.gpc(), flag::GPC)
            | set(signals.dnt(), flag::DNT)
            | set(!note.is_empty(), flag::NOTE)
            | set(!also.is_empty(), flag::ALSO)
            | set(apart != 0, flag::APART),
    );
    name(&mut out, &told.asker.name);
    if apart != 0 {
        out.signed(apart);
    }
    out.number(u64::from(rules.version()));
    facts(&mut out, rules.vocabulary(), told.facts, *now);
    if !also.is_empty() {
        out.length(also.len());
    }
    let mut clause = Clauses { rules, met: Vec::new() };
    finding(&mut out, &mut clause, (*act, *permitted), (refused, clauses));
    for it in also {
        finding(&mut out, &mut clause, (it.act, Some(it.permitted)), (&it.refused, &it.clauses));
    }
    out.put(note.as_bytes());
    out
}

/// The asker's id. That of a key is 128 bits in the dress of 36 letters.
fn name(out: &mut Bytes, name: &str) {
    if let Some(bits) = name.strip_prefix(KEY).and_then(bits) {
        out.length(0);
        out.put(&bits.to_be_bytes());
    } else {
        out.length(name.len().saturating_add(1));
        out.put(name.as_bytes());
    }
}

fn bits(hex: &str) -> Option<u128> {
    let digit = |it: u8| match it {
        b'0'..=b'9' => Some(it.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(it.wrapping_sub(b'a').wrapping_add(10)),
        _ => None,
    };
    let mut digits = hex.bytes();
    let whole = hex.len() == 32;
    whole.then(|| digits.try_fold(0, |n, it| Some(n << 4 | u128::from(digit(it)?))))?
}

fn facts(out: &mut Bytes, names: &Vocabulary, facts: &Facts, now: Timestamp) {
    // What the rules have no name for took no part in the decision.
    let region = usize::from(facts.region.position()) < names.names(Kind::Region).len();
    out.byte(if region { facts.region.position() } else { NO_REGION });
    out.byte(facts.age.code() << 4 | facts.account.code());
    out.number(u64::from(facts.adopted));
    let sets = [
        (held::GIVEN, within(facts.given, names, Kind::Purpose).bits()),
        (held::REFUSED, within(facts.refused, names, Kind::Purpose).bits()),
        (held::OBJECTED, within(facts.objected, names, Kind::Purpose).bits()),
        (held::SHARES, within(facts.shares, names, Kind::Share).bits()),
        (held::TRANSFERS, within(facts.transfers, names, Kind::Transfer).bits()),
    ];
    let categories = names.names(Kind::Category).len();
    let dues = || facts.dues.iter().filter(|(it, _)| usize::from(it.position()) < categories);
    let there = sets.iter().filter(|(_, bits)| *bits != 0).fold(0, |all, (bit, _)| all | bit);
    let n = dues().count();
    let kept = within(facts.dues.held(), names, Kind::Category).bits();
    let and = |is: bool, bit: u8| if is { bit } else { 0 };
    out.byte(there | and(n > 0, held::DUE) | and(kept != 0, held::HELD));
    for (_, bits) in sets.iter().filter(|(_, bits)| *bits != 0) {
        out.number(*bits);
    }
    if n > 0 {
        out.length(n);
        for (category, due) in dues() {
            out.byte(category.position());
            out.signed(due.millis().wrapping_sub(now.millis()));
        }
    }
    if kept != 0 {
        out.number(kept);
    }
}

fn finding(
    out: &mut Bytes,
    clause: &mut Clauses<'_>,
    (act, permitted): (Act, Option<Set<Category>>),
    (refused, clauses): (&[Refused], &[Clause]),
) {
    let more = if refused.is_empty() { 0 } else { head::REFUSED };
    let may = if permitted.is_some() { head::PERMITTED } else { 0 };
    asked(out, act, may | more);
    if let Some(permitted) = permitted {
        out.number(permitted.bits());
    }
    out.length(clauses.len());
    for it in clauses {
        clause.put(out, *it);
    }
    if !refused.is_empty() {
        out.length(refused.len());
        for it in refused {
            out.number(it.categories.bits());
            out.byte(it.reason.code());
            clause.put(out, it.clause);
        }
    }
}

fn asked(out: &mut Bytes, act: Act, first: u8) {
    let first = first | act_code(act);
    let shown = |is: bool| if is { first | head::SHOWN } else { first };
    match act {
        Act::Collect { purpose, source } => {
            out.put(&[first, purpose.position(), source.position()]);
        }
        Act::Use { purpose } => out.put(&[first, purpose.position()]),
        Act::Share { purpose, recipient, form, agreed } => {
            let first = shown(agreed) | form.code() << head::FORM;
            out.put(&[first, purpose.position(), recipient.position()]);
        }
        Act::Transfer { purpose, recipient, to } => {
            out.put(&[first, purpose.position(), recipient.position(), to.position()]);
        }
        Act::Disclose { ground, evidenced, approvers } => {
            out.put(&[shown(evidenced), ground.code(), approvers]);
        }
        Act::Publish { purpose, recipient } => {
            out.put(&[first, purpose.position(), recipient.position()]);
        }
        Act::Exercise { right } => out.put(&[first, right.code()]),
    }
}

/// Clauses by their ids, because positions are those of one version; each id once.
struct Clauses<'a> {
    rules: &'a Ruleset,
    met: Vec<Clause>,
}

impl Clauses<'_> {
    /// Twice the length and the id; or, of one that stands before, twice its place and one.
    fn put(&mut self, out: &mut Bytes, clause: Clause) {
        if let Some(place) = self.met.iter().position(|it| *it == clause) {
            out.length(place << 1 | 1);
        } else {
            let id = self.rules.clause_id(clause);
            out.length(id.len() << 1);
            out.put(id.as_bytes());
            self.met.push(clause);
        }
    }
}
