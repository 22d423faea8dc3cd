//! The shapes that answers share. All of them can be wiped, because they wait for their record.

use decide::{Refused, Ruleset};
use journal::{Asked, RefusalSeen};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use zeroize::Zeroize;

/// An answer without a shape of its own.
#[derive(Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Json(pub Value);

impl Zeroize for Json {
    fn zeroize(&mut self) {
        wipe(&mut self.0);
    }
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Something that holds no personal value, so that there is nothing to wipe.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Wiped<T>(pub T);

impl<T> Zeroize for Wiped<T> {
    fn zeroize(&mut self) {}
}

/// Values by category, written as one object.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// The value of a category.
    pub fn get(&self, category: &str) -> Option<&str> {
        self.0.iter().find(|(it, _)| it == category).map(|(_, value)| value.as_str())
    }
}

impl Zeroize for Fields {
    fn zeroize(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

impl std::fmt::Debug for Fields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (category, value) in &self.0 {
            map.serialize_entry(category, value)?;
        }
        map.end()
    }
}

/// One category that was refused, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct Told {
    /// The category; absent where the act is refused whatever the categories.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The clauses that refuse it.
    pub clauses: Vec<String>,
    /// The reason's word.
    pub reason: String,
    /// Why, in a sentence.
    pub detail: String,
    /// What could be done.
    pub remedy: String,
}

/// What was refused, category by category.
pub(crate) fn told(rules: &Ruleset, refused: &[Refused]) -> Vec<Told> {
    refused
        .iter()
        .flat_map(|part| {
            let names: Vec<Option<String>> = if part.categories.is_empty() {
                vec![None]
            } else {
                let names = part.categories.iter();
                names.map(|it| Some(rules.vocabulary().category_id(it).to_owned())).collect()
            };
            names.into_iter().map(|category| Told {
                category,
                clauses: vec![rules.clause_id(part.clause).to_owned()],
                reason: part.reason.word().to_owned(),
                detail: part.reason.sentence().to_owned(),
                remedy: part.reason.remedy().to_owned(),
            })
        })
        .collect()
}

/// A refusal of everything, as the answer says it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Denied {
    /// The clauses that refuse, and that was asked about.
    pub clauses: Vec<String>,
    /// The first reason's word.
    pub reason: String,
    /// Why, in a sentence.
    pub detail: String,
    /// What could be done.
    pub remedy: String,
    /// Category by category.
    pub refused: Vec<Told>,
}

impl Denied {
    /// In words.
    pub fn of(seen: &RefusalSeen) -> Self {
        let rules = seen.rules();
        let reason = seen.reason().unwrap_or(decide::Reason::Undeclared);
        Self {
            clauses: seen.clauses().iter().map(|it| rules.clause_id(*it).to_owned()).collect(),
            reason: reason.word().to_owned(),
            detail: reason.sentence().to_owned(),
            remedy: reason.remedy().to_owned(),
            refused: told(rules, seen.refused()),
        }
    }
}

/// An answer to what was only asked: it opened nothing, and is counted instead of recorded.
#[derive(Debug)]
#[must_use = "an answer that was asked for is owed"]
pub struct Said<T> {
    answer: T,
    _asked: Asked,
}

impl<T> Said<T> {
    pub(crate) const fn new(answer: T, asked: Asked) -> Self {
        Self { answer, _asked: asked }
    }

    /// The answer.
    pub fn into_inner(self) -> T {
        self.answer
    }
}
