//! A block of events as it is sealed: `docs/formats/events.md`. A text that many events share stands in
//! it once.

use std::collections::BTreeMap;

use decide::Timestamp;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use super::batch::{Batch, Held, Item};
use crate::limit::{EVENT_FIELDS_MAX, EVENTS_MAX};
use crate::when;

/// The version that is written. The one before was JSON, which begins with a brace.
const VERSION: u8 = 2;
/// What a field holds, before the texts: a no and a yes.
const NO: usize = 0;
const YES: usize = 1;
const TEXTS: usize = 2;

/// What stands around all events of a block.
#[derive(Debug, Default)]
pub(super) struct Around {
    /// The kind of browser; empty where the purpose may not use it.
    pub(super) device: String,
    /// The network address, cut; empty the same.
    pub(super) ip: String,
}

/// The bytes of a block. `at` says when an item counts as having happened.
pub(super) fn write(
    around: &Around,
    batch: &Batch<'_>,
    kept: &[&Item],
    at: impl Fn(&Item) -> Timestamp,
) -> Zeroizing<Vec<u8>> {
    let table = Table::of(batch, kept);
    let fields = kept.iter().fold(0, |sum, it| batch.values(it).len().saturating_add(sum));
    let mut out = Out::with_room(table.bytes(), (kept.len(), fields));
    out.byte(VERSION);
    out.text(&around.device);
    out.text(&around.ip);
    out.number(table.texts.len());
    for text in &table.texts {
        out.text(text);
    }
    out.number(kept.len());
    let mut before = 0;
    for item in kept {
        let names = table.names_of(item.kind);
        let values = batch.values(item);
        out.number(names);
        out.signed(at(item).millis().wrapping_sub(before));
        before = at(item).millis();
        out.number(values.len());
        for (field, held) in values {
            // The names of a kind's fields come after its own.
            out.number(names.saturating_add(1).saturating_add(*field));
            out.number(match *held {
                Held::Is(false) => NO,
                Held::Is(true) => YES,
                Held::Text(it) => table.text_at(it).saturating_add(TEXTS),
            });
        }
    }
    out.0
}

/// The texts that a block needs, and where they come to stand.
struct Table<'t> {
    texts: Vec<&'t str>,
    /// Where the name of each kind stands.
    kinds: BTreeMap<usize, usize>,
    /// Where each text of the batch stands; nothing for one of which nothing is kept.
    places: Vec<Option<usize>>,
}

impl<'t> Table<'t> {
    fn of(batch: &'t Batch<'_>, kept: &[&Item]) -> Self {
        let mut texts: Vec<&str> = Vec::with_capacity(batch.texts().len().saturating_add(16));
        let mut kinds = BTreeMap::new();
        let mut places = vec![None; batch.texts().len()];
        for item in kept {
            kinds.entry(item.kind).or_insert_with(|| {
                let place = texts.len();
                let kind = batch.kind(item);
                texts.extend(kind.map(|it| it.name.as_str()));
                texts.extend(kind.into_iter().flat_map(|it| &it.fields).map(|it| it.name.as_str()));
                place
            });
            for (_, held) in batch.values(item) {
                let Held::Text(it) = *held else { continue };
                let text = batch.texts().get(it);
                let (Some(place @ None), Some(text)) = (places.get_mut(it), text) else { continue };
                *place = Some(texts.len());
                texts.push(text);
            }
        }
        Self { texts, kinds, places }
    }

    fn names_of(&self, kind: usize) -> usize {
        self.kinds.get(&kind).copied().unwrap_or(0)
    }

    fn text_at(&self, text: usize) -> usize {
        self.places.get(text).copied().flatten().unwrap_or(0)
    }

    fn bytes(&self) -> usize {
        self.texts.iter().fold(0, |sum, it| it.len().saturating_add(3).saturating_add(sum))
    }
}

/// Bytes that are being written.
struct Out(Zeroizing<Vec<u8>>);

impl Out {
    /// With room for texts of so many bytes, and for so many events and fields: were it to grow,
    /// bytes would be left behind.
    fn with_room(texts: usize, (events, fields): (usize, usize)) -> Self {
        let numbers = events.saturating_mul(16).saturating_add(fields.saturating_mul(6));
        let room = numbers.saturating_add(texts).saturating_add(128);
        Self(Zeroizing::new(Vec::with_capacity(room)))
    }

    fn byte(&mut self, it: u8) {
        self.0.push(it);
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more come.
    fn number(&mut self, it: usize) {
        self.wide(u64::try_from(it).unwrap_or(u64::MAX));
    }

    fn wide(&mut self, mut rest: u64) {
        loop {
            let [low, ..] = rest.to_le_bytes();
            rest >>= 7;
            if rest == 0 {
                return self.byte(low & 0x7f);
            }
            self.byte(low | 0x80);
        }
    }

    /// Small numbers of either sign come to few bytes.
    fn signed(&mut self, it: i64) {
        self.wide(((it << 1) ^ (it >> 63)).cast_unsigned());
    }

    fn text(&mut self, it: &str) {
        self.number(it.len());
        self.0.extend_from_slice(it.as_bytes());
    }
}

/// The events of a block, each with what stands around them, in the order in which they were sent;
/// nothing where the bytes are no block.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Map<String, Value>>> {
    match bytes.split_first()? {
        (&VERSION, rest) => In(rest).block(),
        (b'{', _) => first(bytes),
        _ => None,
    }
}

/// How many events of each kind a block holds; nothing where the bytes are no block.
pub(super) fn kinds(bytes: &[u8]) -> Option<Vec<(String, usize)>> {
    match bytes.split_first()? {
        (&VERSION, rest) => In(rest).kinds(),
        (b'{', _) => Some(first(bytes)?.iter().fold(Vec::new(), |mut kinds, event| {
            let kind = event.get("type").and_then(Value::as_str).unwrap_or("");
            count(&mut kinds, kind);
            kinds
        })),
        _ => None,
    }
}

fn count(kinds: &mut Vec<(String, usize)>, kind: &str) {
    match kinds.iter_mut().find(|(it, _)| it == kind) {
        Some((_, n)) => *n = n.saturating_add(1),
        None => kinds.push((kind.to_owned(), 1)),
    }
}

/// Version 1: one JSON object.
fn first(bytes: &[u8]) -> Option<Vec<Map<String, Value>>> {
    let mut head: Map<String, Value> = serde_json::from_slice(bytes).ok()?;
    let Some(Value::Array(events)) = head.remove("events") else { return Some(Vec::new()) };
    let around: Vec<(&str, &Value)> =
        ["device", "ip"].into_iter().filter_map(|it| Some((it, head.get(it)?))).collect();
    let mut all = Vec::with_capacity(events.len());
    for event in events {
        let Value::Object(mut event) = event else { return None };
        event.extend(around.iter().map(|(name, it)| ((*name).to_owned(), (*it).clone())));
        all.push(event);
    }
    Some(all)
}

/// Bytes that are being read.
struct In<'b>(&'b [u8]);

impl<'b> In<'b> {
    fn texts(&mut self) -> Option<Vec<&'b str>> {
        let count = self.number()?;
        // Each takes a byte at least.
        let mut texts = Vec::with_capacity(count.min(self.0.len()));
        for _ in 0..count {
            texts.push(self.text()?);
        }
        Some(texts)
    }

    /// What is not counted is passed over: a field is two numbers.
    fn kinds(&mut self) -> Option<Vec<(String, usize)>> {
        let _around = (self.text()?, self.text()?);
        let texts = self.texts()?;
        let mut kinds: Vec<(String, usize)> = Vec::new();
        for _ in 0..self.number().filter(|it| *it <= EVENTS_MAX)? {
            count(&mut kinds, texts.get(self.number()?)?);
            self.signed()?;
            for _ in 0..self.number().filter(|it| *it <= EVENT_FIELDS_MAX)? {
                let _field = (self.number()?, self.number()?);
            }
        }
        self.0.is_empty().then_some(kinds)
    }

    fn block(&mut self) -> Option<Vec<Map<String, Value>>> {
        let around = [("device", self.text()?), ("ip", self.text()?)];
        let texts = self.texts()?;
        let count = self.number().filter(|it| *it <= EVENTS_MAX)?;
        let mut events = Vec::with_capacity(count);
        let mut at = 0;
        for _ in 0..count {
            let mut event = self.event(&texts, &mut at)?;
            let around = around.iter().filter(|(_, it)| !it.is_empty());
            event.extend(around.map(|(name, it)| ((*name).to_owned(), Value::from(*it))));
            events.push(event);
        }
        self.0.is_empty().then_some(events)
    }

    fn event(&mut self, texts: &[&str], at: &mut i64) -> Option<Map<String, Value>> {
        let mut event = Map::new();
        let kind = *texts.get(self.number()?)?;
        *at = at.checked_add(self.signed()?)?;
        let count = self.number().filter(|it| *it <= EVENT_FIELDS_MAX)?;
        for _ in 0..count {
            let name = *texts.get(self.number()?)?;
            let value = match self.number()? {
                NO => Value::from(false),
                YES => Value::from(true),
                it => Value::from(*texts.get(it.checked_sub(TEXTS)?)?),
            };
            event.insert(name.to_owned(), value);
        }
        event.insert("type".to_owned(), kind.into());
        event.insert("at".to_owned(), when(Timestamp::from_millis(*at)).into());
        Some(event)
    }

    fn number(&mut self) -> Option<usize> {
        // Most are one byte.
        if let Some((byte @ ..0x80, rest)) = self.0.split_first() {
            self.0 = rest;
            return Some(usize::from(*byte));
        }
        usize::try_from(self.wide()?).ok()
    }

    /// At most ten bytes, and none that adds nothing.
    fn wide(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            if bits.checked_shl(shift)? >> shift != bits || (*byte == 0 && shift > 0) {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let it = self.wide()?;
        Some((it >> 1).cast_signed() ^ -(it & 1).cast_signed())
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = self.number()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests;
