//! A record read back from what is kept of it. Whatever the bytes are, it ends and does not panic.

use std::borrow::Cow;

use decide::id::RecordId;
use decide::set::Interned as _;
use decide::{
    Account, Act, Age, Category, Dues, Facts, Form, Ground, PersonId, Purpose, Reason, Recipient,
    Region, Right, Set, Signals, Source, Timestamp,
};

use super::bytes::Reader;
use super::code::{Coded as _, KEY, PACKED, flag, head, held};
use super::{Finding, Record, RefusedPart};
use crate::asker::AskerKind;

/// The millisecond that an id carries.
pub(super) fn born(id: RecordId) -> i64 {
    i64::try_from(id.bits() >> 80).unwrap_or(0)
}

/// Reads what is kept of a record; `None` for what is not one.
pub(super) fn unpack(kept: &[u8], (id, person): (RecordId, PersonId)) -> Option<Record<'_>> {
    let mut from = Reader::new(kept);
    if from.byte()? != PACKED {
        return None;
    }
    let flags = from.byte()?;
    let asker = AskerKind::coded(flags & flag::KIND)?;
    let name = name(&mut from)?;
    let apart = if flags & flag::APART == 0 { 0 } else { from.signed()? };
    let at = Timestamp::from_millis(born(id).wrapping_add(apart));
    let policy = u32::try_from(from.number()?).ok()?;
    let mut facts = facts(&mut from, at)?;
    facts.signals = Signals::new(flags & flag::GPC != 0, flags & flag::DNT != 0);
    let also = if flags & flag::ALSO == 0 { 0 } else { from.length()? };
    let mut met = Vec::new();
    let mut findings = vec![finding(&mut from, &mut met)?];
    for _ in 0..also {
        findings.push(finding(&mut from, &mut met)?);
    }
    let rest = std::str::from_utf8(from.rest()).ok()?;
    let noted = flags & flag::NOTE != 0;
    if noted == rest.is_empty() {
        return None;
    }
    let note = noted.then_some(Cow::Borrowed(rest));
    Some(Record { id, person, at, asker, name, policy, facts, findings, note, kept: None })
}

fn name<'a>(from: &mut Reader<'a>) -> Option<Cow<'a, str>> {
    if let Some(length) = from.length()?.checked_sub(1) {
        return from.text(length).map(Cow::Borrowed);
    }
    let bits = u128::from_be_bytes(*from.take(16)?.first_chunk()?);
    let mut name = String::with_capacity(KEY.len().saturating_add(32));
    name.push_str(KEY);
    name.extend(hex(bits).map(char::from));
    Some(Cow::Owned(name))
}

/// 128 bits as 32 hexadecimal digits.
pub(super) fn hex(bits: u128) -> [u8; 32] {
    let digit = |it: u8| match it {
        0..=9 => b'0'.wrapping_add(it),
        _ => b'a'.wrapping_sub(10).wrapping_add(it),
    };
    let mut digits = [0; 32];
    for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(bits.to_be_bytes()) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    digits
}

fn facts(from: &mut Reader<'_>, now: Timestamp) -> Option<Facts> {
    let region = Region::at(from.byte()?);
    let state = from.byte()?;
    let adopted = u32::try_from(from.number()?).ok()?;
    let mut facts = Facts::new(region, Account::coded(state & 15)?, adopted);
    facts.age = Age::coded(state >> 4)?;
    let there = from.byte()?;
    let mut bits = |bit: u8| if there & bit == 0 { Some(0) } else { from.number() };
    facts.given = Set::from_bits(bits(held::GIVEN)?);
    facts.refused = Set::from_bits(bits(held::REFUSED)?);
    facts.objected = Set::from_bits(bits(held::OBJECTED)?);
    facts.shares = Set::from_bits(bits(held::SHARES)?);
    facts.transfers = Set::from_bits(bits(held::TRANSFERS)?);
    let mut dues = Vec::new();
    for _ in 0..bits(held::DUE)? {
        let category = Category::at(from.byte()?);
        let due = now.millis().wrapping_add(from.signed()?);
        dues.push((category, Timestamp::from_millis(due)));
    }
    let kept = if there & held::HELD == 0 { 0 } else { from.number()? };
    facts.dues = Dues::new(dues).holding(Set::from_bits(kept));
    Some(facts)
}

fn finding<'a>(from: &mut Reader<'a>, met: &mut Vec<&'a str>) -> Option<Finding<'a>> {
    let first = from.byte()?;
    let act = act(from, first)?;
    let permitted = first & head::PERMITTED != 0;
    let permitted = if permitted { Some(Set::from_bits(from.number()?)) } else { None };
    let mut clauses = Vec::new();
    for _ in 0..from.number()? {
        clauses.push(Cow::Borrowed(clause(from, met)?));
    }
    let mut refused = Vec::new();
    if first & head::REFUSED != 0 {
        for _ in 0..from.number()? {
            let categories = Set::from_bits(from.number()?);
            let reason = Reason::coded(from.byte()?)?;
            let clause = Cow::Borrowed(clause(from, met)?);
            refused.push(RefusedPart { categories, reason, clause });
        }
    }
    Some(Finding { act, permitted, refused, clauses })
}

fn clause<'a>(from: &mut Reader<'a>, met: &mut Vec<&'a str>) -> Option<&'a str> {
    let n = from.length()?;
    if n & 1 == 1 {
        return met.get(n >> 1).copied();
    }
    let id = from.text(n >> 1)?;
    met.push(id);
    Some(id)
}

fn act(from: &mut Reader<'_>, first: u8) -> Option<Act> {
    let shown = first & head::SHOWN != 0;
    let act = first & head::ACT;
    if act == 6 {
        return Some(Act::Exercise { right: Right::coded(from.byte()?)? });
    }
    if act == 4 {
        let ground = Ground::coded(from.byte()?)?;
        return Some(Act::Disclose { ground, evidenced: shown, approvers: from.byte()? });
    }
    let purpose = Purpose::at(from.byte()?);
    let mut recipient = || from.byte().map(Recipient::at);
    Some(match act {
        0 => Act::Collect { purpose, source: Source::at(from.byte()?) },
        1 => Act::Use { purpose },
        2 => {
            let form = Form::coded(first >> head::FORM)?;
            Act::Share { purpose, recipient: recipient()?, form, agreed: shown }
        }
        3 => Act::Transfer { purpose, recipient: recipient()?, to: Region::at(from.byte()?) },
        5 => Act::Publish { purpose, recipient: recipient()? },
        _ => return None,
    })
}
