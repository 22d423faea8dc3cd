//! Statements as values: one text where the engines agree, what is bound to it, and how a row is
//! read. The engines carry them out; neither the texts nor who asks for them knows which one does.

use decide::{PersonId, Timestamp};

use crate::fault::Fault;

/// The text of a statement. Where the engines differ it stands twice, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

impl Text {
    /// The few that differ.
    pub(crate) const fn each(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }
}

/// Which engine a statement is for, where not only its words differ but what is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// What is bound to a placeholder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Id([u8; 16]),
    Hash([u8; 32]),
    Bytes(Vec<u8>),
    Text(String),
}

macro_rules! from {
    ($($type:ty => $it:ident $value:expr;)+) => {$(
        impl From<$type> for Value {
            fn from($it: $type) -> Self {
                $value
            }
        }
    )+};
}
from! {
    i64 => it Self::Int(it);
    u32 => it Self::Int(it.into());
    u16 => it Self::Int(it.into());
    u8 => it Self::Int(it.into());
    u64 => it Self::Int(it.cast_signed());
    Timestamp => it Self::Int(it.millis());
    [u8; 16] => it Self::Id(it);
    [u8; 32] => it Self::Hash(it);
    &[u8] => it Self::Bytes(it.to_vec());
    Vec<u8> => it Self::Bytes(it);
    &str => it Self::Text(it.to_owned());
    String => it Self::Text(it);
    PersonId => it Self::Id(it.bits().to_be_bytes());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(it: Option<T>) -> Self {
        it.map_or(Self::Null, Into::into)
    }
}

/// What is bound to a statement, in the order of its placeholders.
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        vec![$(crate::sql::Value::from($value)),*]
    };
}
pub(crate) use values;

/// A statement about some people: [`TOGETHER`] placeholders, in one text that the engines prepare once.
macro_rules! of_some {
    ($text:literal) => {
        concat!(
            $text,
            " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
    };
}
pub(crate) use of_some;

/// People that such a statement is about.
pub(crate) const TOGETHER: usize = 16;

/// What it means that a statement found no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unmet {
    /// The person changed in the meantime.
    Conflict,
    /// Somebody else has this value.
    Taken(decide::Category),
    /// What it speaks of is not there.
    NotFound,
    /// A day takes no more of one person.
    Full { seconds: u64 },
}

impl From<Unmet> for Fault {
    fn from(unmet: Unmet) -> Self {
        match unmet {
            Unmet::Conflict => Self::Conflict,
            Unmet::Taken(category) => Self::Taken(category),
            Unmet::NotFound => Self::NotFound,
            Unmet::Full { seconds } => Self::Full { seconds },
        }
    }
}

/// What a statement changes of what the embedded engine has in memory. An outcome says it by itself, by
/// whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touches {
    /// None of it: nearly every statement that is no outcome's.
    Nothing,
    /// A person's facts, key or values.
    Person(PersonId),
    /// Keys of applications.
    Keys,
}

/// A statement that writes.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) text: Text,
    pub(crate) values: Vec<Value>,
    /// What it means that no row was written; `None` where that is no fault.
    pub(crate) unmet: Option<Unmet>,
    /// What it changes of what is in memory.
    pub(crate) touches: Touches,
}

impl Statement {
    pub(crate) fn new(text: impl Into<Text>, values: Vec<Value>) -> Self {
        Self { text: text.into(), values, unmet: None, touches: Touches::Nothing }
    }

    /// That it changes something that is in memory.
    pub(crate) const fn touching(mut self, touches: Touches) -> Self {
        self.touches = touches;
        self
    }

    /// That at least one row must be written, or all of the transaction is undone.
    pub(crate) const fn or(mut self, unmet: Unmet) -> Self {
        self.unmet = Some(unmet);
        self
    }
}

type Read<T> = Box<dyn Fn(&Row<'_>) -> Result<T, Fault> + Send + Sync>;

/// A statement that answers rows, and how one is read.
pub(crate) struct Query<T> {
    pub(crate) text: Text,
    pub(crate) values: Vec<Value>,
    pub(crate) read: Read<T>,
}

impl<T> Query<T> {
    pub(crate) fn new(
        text: impl Into<Text>,
        values: Vec<Value>,
        read: impl Fn(&Row<'_>) -> Result<T, Fault> + Send + Sync + 'static,
    ) -> Self {
        Self { text: text.into(), values, read: Box::new(read) }
    }
}

/// A row of either engine.
pub(crate) enum Row<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a tokio_postgres::Row),
}

macro_rules! column {
    ($($(#[$doc:meta])* $name:ident, $maybe:ident: $type:ty;)+) => {$(
        $(#[$doc])*
        pub(crate) fn $name(&self, at: usize) -> Result<$type, Fault> {
            match self {
                Self::Sqlite(row) => Ok(row.get(at)?),
                Self::Postgres(row) => Ok(row.try_get(at)?),
            }
        }

        /// The same of a column that may be empty.
        pub(crate) fn $maybe(&self, at: usize) -> Result<Option<$type>, Fault> {
            match self {
                Self::Sqlite(row) => Ok(row.get(at)?),
                Self::Postgres(row) => Ok(row.try_get(at)?),
            }
        }
    )+};
}

impl Row<'_> {
    /// A text.
    pub(crate) fn text(&self, at: usize) -> Result<String, Fault> {
        match self {
            Self::Sqlite(row) => Ok(row.get(at)?),
            Self::Postgres(row) => Ok(row.try_get(at)?),
        }
    }

    column! {
        /// A whole number.
        int, maybe_int: i64;
        /// Bytes.
        bytes, maybe_bytes: Vec<u8>;
    }

    /// Bytes of a known length.
    pub(crate) fn array<const N: usize>(&self, at: usize) -> Result<[u8; N], Fault> {
        let wrong = || Fault::broken("a column has another length than this program knows");
        match self {
            Self::Sqlite(row) => Ok(row.get(at)?),
            Self::Postgres(row) => {
                let bytes: &[u8] = row.try_get(at)?;
                bytes.try_into().map_err(|_| wrong())
            }
        }
    }

    /// An id.
    pub(crate) fn id(&self, at: usize) -> Result<u128, Fault> {
        self.array(at).map(u128::from_be_bytes)
    }

    /// An instant.
    pub(crate) fn instant(&self, at: usize) -> Result<Timestamp, Fault> {
        self.int(at).map(Timestamp::from_millis)
    }

    /// A whole number of a smaller type.
    pub(crate) fn small<T: TryFrom<i64>>(&self, at: usize) -> Result<T, Fault> {
        let wrong = |_| Fault::broken("a column holds a larger number than this program knows");
        T::try_from(self.int(at)?).map_err(wrong)
    }

    /// Bits of a set, or a number without a sign.
    pub(crate) fn bits(&self, at: usize) -> Result<u64, Fault> {
        self.int(at).map(i64::cast_unsigned)
    }
}
