//! Reads the JSON of a batch without making a tree of it: texts are borrowed from what was sent.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_json::de::Read;

use super::{Batch, Gather};
use crate::limit::EVENT_FIELDS_MAX;

/// A text, borrowed where nothing in it is escaped.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Taken;
        impl<'de> Visitor<'de> for Taken {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_borrowed_str<E>(self, it: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(it)))
            }

            fn visit_str<E>(self, it: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(it.to_owned())))
            }
        }
        from.deserialize_str(Taken)
    }
}

/// What a field can hold; lists and objects are read over.
pub(super) enum Scalar<'a> {
    Is(bool),
    Number(Number),
    Text(Cow<'a, str>),
    Other,
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Taken;
        impl<'de> Visitor<'de> for Taken {
            type Value = Scalar<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_bool<E>(self, it: bool) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Is(it))
            }

            fn visit_u64<E>(self, it: u64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Number(it.into()))
            }

            fn visit_i64<E>(self, it: i64) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Number(it.into()))
            }

            fn visit_f64<E>(self, it: f64) -> Result<Scalar<'de>, E> {
                Ok(Number::from_f64(it).map_or(Scalar::Other, Scalar::Number))
            }

            fn visit_borrowed_str<E>(self, it: &'de str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Borrowed(it)))
            }

            fn visit_str<E>(self, it: &str) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Text(Cow::Owned(it.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Scalar<'de>, E> {
                Ok(Scalar::Other)
            }

            // Each step down counts against the depth that the parser takes.
            fn visit_seq<A: SeqAccess<'de>>(self, mut of: A) -> Result<Scalar<'de>, A::Error> {
                while of.next_element::<Scalar<'de>>()?.is_some() {}
                Ok(Scalar::Other)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut of: A) -> Result<Scalar<'de>, A::Error> {
                while of.next_entry::<Text<'de>, Scalar<'de>>()?.is_some() {}
                Ok(Scalar::Other)
            }
        }
        from.deserialize_any(Taken)
    }
}

/// Reads a batch, event by event.
pub(super) struct Reader<'r, 'a> {
    gather: Gather<'r, 'a>,
    /// The fields of the event that is being read.
    fields: Vec<(Cow<'a, str>, Scalar<'a>)>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(super) fn new(batch: &'r mut Batch<'a>) -> Self {
        Self { gather: Gather::new(batch), fields: Vec::with_capacity(EVENT_FIELDS_MAX) }
    }

    pub(super) fn read(self, json: &'a [u8]) -> Result<(), serde_json::Error> {
        // Looked at as a whole, and not text by text; where it is none, the parser says at which place.
        match std::str::from_utf8(json) {
            Ok(text) => self.run(serde_json::Deserializer::from_str(text)),
            Err(_) => self.run(serde_json::Deserializer::from_slice(json)),
        }
    }

    fn run<R: Read<'a>>(
        mut self,
        mut from: serde_json::Deserializer<R>,
    ) -> Result<(), serde_json::Error> {
        List(&mut self).deserialize(&mut from)?;
        from.end()
    }

    /// The last of equal names counts. One more than is taken is enough to know that it is too many.
    fn field(&mut self, name: Cow<'a, str>, value: Scalar<'a>) {
        if let Some((_, old)) = self.fields.iter_mut().find(|(it, _)| *it == name) {
            *old = value;
        } else if self.fields.len() <= EVENT_FIELDS_MAX {
            self.fields.push((name, value));
        }
    }
}

struct List<'l, 'r, 'a>(&'l mut Reader<'r, 'a>);

impl<'de> DeserializeSeed<'de> for List<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for List<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of events")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut events: A) -> Result<(), A::Error> {
        while events.next_element_seed(One(&mut *self.0))?.is_some() {}
        Ok(())
    }
}

struct One<'l, 'r, 'a>(&'l mut Reader<'r, 'a>);

impl<'de> DeserializeSeed<'de> for One<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for One<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut event: A) -> Result<(), A::Error> {
        let Reader { fields, .. } = &mut *self.0;
        fields.clear();
        let (mut kind, mut at): (Option<Text<'de>>, Option<Option<Text<'de>>>) = (None, None);
        while let Some(Text(name)) = event.next_key()? {
            match &*name {
                "type" if kind.is_some() => return Err(A::Error::duplicate_field("type")),
                "type" => kind = Some(event.next_value()?),
                "at" if at.is_some() => return Err(A::Error::duplicate_field("at")),
                "at" => at = Some(event.next_value()?),
                _ => self.0.field(name, event.next_value()?),
            }
        }
        let Text(kind) = kind.ok_or_else(|| A::Error::missing_field("type"))?;
        let at = at.flatten();
        let Reader { gather, fields } = self.0;
        gather.event(&kind, at.as_ref().map(|Text(it)| &**it), fields);
        Ok(())
    }
}
