//! Reading declarations: what is gathered on the way, beside the declarations themselves.

mod choice;
mod fields;
mod names;
mod tables;
mod value;

use std::collections::{BTreeMap, BTreeSet};

pub(crate) use fields::{Fields, Spot};
pub(crate) use value::{canonical, date, integer};

use crate::diagnostic::{At, Faults};
use crate::duration::{Duration, Unit};
use crate::header::Header;
use crate::kind::Kind;

/// What is known while a policy is read.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// What is wrong so far.
    pub(crate) faults: Faults,
    /// The front matter.
    pub(crate) header: Header,
    /// Titles and texts in the other languages.
    pub(crate) translations: Vec<Translation>,
    /// Each field of each rule in its canonical form, by path: what is hashed and compared.
    pub(crate) rules: BTreeMap<String, String>,
    /// The figures that each clause declares.
    pub(crate) figures: BTreeMap<String, BTreeSet<Figure>>,
    /// Names that must be declared somewhere.
    pub(crate) references: Vec<Reference>,
    /// Where each declaration stands.
    pub(crate) places: BTreeMap<(Kind, String), Place>,
    /// Why a clause declares nothing, by clause.
    pub(crate) stated: BTreeMap<String, (String, At)>,
    /// Whether something could not be read at all, so that what it meant is not known.
    pub(crate) broken: bool,
    /// Clauses in which something was declared, well or not.
    pub(crate) attempted: BTreeSet<String>,
    /// Fields whose value could not be read.
    pub(crate) doubtful: BTreeSet<At>,
    /// What a name that is not declared was meant to be.
    pub(crate) meant: BTreeSet<(Kind, String)>,
    /// Where each field stands, by the path of its rule.
    pub(crate) spots: BTreeMap<String, At>,
}

/// Where a declaration stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Place {
    pub(crate) at: At,
    pub(crate) clause: String,
    /// Its table as canonical text, to tell a repetition from a contradiction.
    pub(crate) text: String,
}

/// A name that must be declared.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) at: At,
}

/// What a language's front matter translates.
#[derive(Debug, Default)]
pub(crate) struct Translation {
    pub(crate) language: String,
    /// The front matter, for what is missing.
    pub(crate) at: At,
    /// `category.email` to its title.
    pub(crate) titles: BTreeMap<String, (String, At)>,
    /// `source.reseller.terms` to its text.
    pub(crate) texts: BTreeMap<String, (String, At)>,
    /// Which of both were asked for.
    pub(crate) used: BTreeSet<String>,
}

/// Units of figures that are no durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Measure {
    /// A minute.
    Minute,
    /// A metre.
    Metre,
    /// A kilometre.
    Kilometre,
    /// A person.
    Person,
}

impl Measure {
    /// What one of it is called.
    const fn word(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Metre => "metre",
            Self::Kilometre => "kilometre",
            Self::Person => "person",
        }
    }
}

/// A number with a unit, as prose may state it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Figure {
    /// A time.
    Time(u32, Unit),
    /// Anything else.
    Other(u32, Measure),
}

impl From<Duration> for Figure {
    fn from(it: Duration) -> Self {
        Self::Time(it.count, it.unit)
    }
}

impl Reading {
    /// Where a field stands; its declaration where it was left out.
    pub(crate) fn spot(&self, kind: Kind, id: &str, field: &str) -> At {
        let path = path(kind, id);
        self.spots.get(&format!("{path}.{field}")).copied().unwrap_or_else(|| self.at(kind, id))
    }

    /// Where a declaration stands.
    pub(crate) fn at(&self, kind: Kind, id: &str) -> At {
        self.places.get(&(kind, id.to_owned())).map_or(At::default(), |it| it.at)
    }

    /// Whether something is declared.
    pub(crate) fn declared(&self, kind: Kind, id: &str) -> bool {
        self.places.contains_key(&(kind, id.to_owned()))
    }

    /// The ids that are declared of a kind.
    pub(crate) fn ids(&self, kind: Kind) -> impl Iterator<Item = &str> {
        self.places.keys().filter(move |it| it.0 == kind).map(|it| it.1.as_str())
    }

    /// Adds a figure to a clause.
    pub(crate) fn figure(&mut self, clause: &str, figure: impl Into<Figure>) {
        self.figures.entry(clause.to_owned()).or_default().insert(figure.into());
    }
}

/// `category.email`, or `minors` where a table has no id.
pub(crate) fn path(kind: Kind, id: &str) -> String {
    if kind.named() { format!("{}.{id}", kind.word()) } else { kind.word().to_owned() }
}

impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Time(count, unit) => Duration { count: *count, unit: *unit }.fmt(f),
            Self::Other(count, unit) => write!(f, "{count} {}", unit.word()),
        }
    }
}
