//! The names of one installation, each with a position that never changes.
//!
//! A later version of the policy adds names at the end; a name that it drops keeps its position, so
//! that what is stored about people as bits stays true.

use std::collections::BTreeMap;

use crate::limit;
use crate::set::Interned;
use crate::spec::Spec;

macro_rules! interned {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(u8);

        impl Interned for $name {
            fn position(self) -> u8 {
                self.0
            }
            fn at(position: u8) -> Self {
                Self(position)
            }
        }
    )+};
}

interned!(
    /// A declared category, by position.
    Category,
    /// A declared purpose, by position.
    Purpose,
    /// A declared recipient, by position.
    Recipient,
    /// A declared source, by position.
    Source,
    /// A declared share, by position.
    Share,
    /// A declared transfer, by position.
    Transfer,
    /// A declared region, by position.
    Region,
);

/// A clause of one ruleset, by position; its id is asked of the ruleset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clause(pub(crate) u16);

/// A kind of declaration that has positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Categories.
    Category,
    /// Purposes.
    Purpose,
    /// Recipients.
    Recipient,
    /// Sources.
    Source,
    /// Shares.
    Share,
    /// Transfers.
    Transfer,
    /// Regions.
    Region,
}

impl Kind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Category,
        Self::Purpose,
        Self::Recipient,
        Self::Source,
        Self::Share,
        Self::Transfer,
        Self::Region,
    ];

    /// Its word, as the policy language has it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Purpose => "purpose",
            Self::Recipient => "recipient",
            Self::Source => "source",
            Self::Share => "share",
            Self::Transfer => "transfer",
            Self::Region => "region",
        }
    }

    /// How many names of this kind one installation may ever declare.
    pub const fn most(self) -> usize {
        match self {
            Self::Category => limit::CATEGORIES_MAX,
            Self::Purpose => limit::PURPOSES_MAX,
            Self::Recipient => limit::RECIPIENTS_MAX,
            Self::Source => limit::SOURCES_MAX,
            Self::Share => limit::SHARES_MAX,
            Self::Transfer => limit::TRANSFERS_MAX,
            Self::Region => limit::REGIONS_MAX,
        }
    }
}

/// More names than a kind may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverLimit {
    /// The kind.
    pub kind: Kind,
    /// The most that it may have.
    pub most: usize,
}

/// Names of one kind: position to name and back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Names {
    list: Vec<String>,
    positions: BTreeMap<String, u8>,
}

impl Names {
    fn add(&mut self, kind: Kind, name: &str) -> Result<(), OverLimit> {
        if self.positions.contains_key(name) {
            return Ok(());
        }
        let over = OverLimit { kind, most: kind.most() };
        let position = u8::try_from(self.list.len()).map_err(|_| over)?;
        if usize::from(position) >= kind.most() {
            return Err(over);
        }
        self.list.push(name.to_owned());
        self.positions.insert(name.to_owned(), position);
        Ok(())
    }
}

/// All names of an installation, with their positions.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Vocabulary {
    names: [Names; 7],
}

macro_rules! find_and_name {
    ($($find:ident, $name:ident: $kind:ident),+ $(,)?) => {$(
        #[doc = concat!("The ", stringify!($find), " with this id.")]
        pub fn $find(&self, name: &str) -> Option<$kind> {
            self.position(Kind::$kind, name).map($kind::at)
        }

        #[doc = concat!("The id of a ", stringify!($find), "; empty for one of another vocabulary.")]
        pub fn $name(&self, it: $kind) -> &str {
            self.names(Kind::$kind).get(usize::from(it.position())).map_or("", String::as_str)
        }
    )+};
}

impl Vocabulary {
    find_and_name!(
        category, category_id: Category,
        purpose, purpose_id: Purpose,
        recipient, recipient_id: Recipient,
        source, source_id: Source,
        share, share_id: Share,
        transfer, transfer_id: Transfer,
        region, region_id: Region,
    );

    /// The names of a kind, by position: what an installation stores.
    pub fn names(&self, kind: Kind) -> &[String] {
        self.of(kind).map_or(&[], |it| it.list.as_slice())
    }

    /// Adds a name at the end of its kind, unless it is there.
    ///
    /// # Errors
    /// When the kind is full.
    pub fn add(&mut self, kind: Kind, name: &str) -> Result<(), OverLimit> {
        let over = OverLimit { kind, most: kind.most() };
        self.names.get_mut(kind as usize).ok_or(over)?.add(kind, name)
    }

    /// This vocabulary with the names that `spec` adds, in sorted order.
    ///
    /// # Errors
    /// When a kind is full.
    pub fn with(&self, spec: &Spec) -> Result<Self, OverLimit> {
        let mut grown = self.clone();
        for kind in Kind::ALL {
            let names: Vec<&String> = match kind {
                Kind::Category => spec.categories.keys().collect(),
                Kind::Purpose => spec.purposes.keys().collect(),
                Kind::Recipient => spec.recipients.keys().collect(),
                Kind::Source => spec.sources.keys().collect(),
                Kind::Share => spec.shares.keys().collect(),
                Kind::Transfer => spec.transfers.keys().collect(),
                Kind::Region => spec.regions.keys().collect(),
            };
            for name in names {
                grown.add(*kind, name)?;
            }
        }
        Ok(grown)
    }

    fn of(&self, kind: Kind) -> Option<&Names> {
        self.names.get(kind as usize)
    }

    fn position(&self, kind: Kind, name: &str) -> Option<u8> {
        self.of(kind)?.positions.get(name).copied()
    }
}
