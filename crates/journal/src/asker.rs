//! Who asks: an app's key, a person, a member of staff; by id, never by a personal value.

/// What kind of asker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AskerKind {
    /// An application with a key.
    App,
    /// The person.
    Person,
    /// The person's guardian.
    Guardian,
    /// A partner with a key.
    Partner,
    /// A member of staff.
    Staff,
    /// The program itself, at its work.
    System,
}

impl AskerKind {
    /// All of them, as they are stored.
    pub const ALL: &'static [Self] =
        &[Self::App, Self::Person, Self::Guardian, Self::Partner, Self::Staff, Self::System];

    /// Its word in records and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::App => "app",
            Self::Person => "person",
            Self::Guardian => "guardian",
            Self::Partner => "partner",
            Self::Staff => "staff",
            Self::System => "system",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.word() == word)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// What kind.
    pub kind: AskerKind,
    /// The id of a key, of a member of staff, of a task. Never a personal value.
    pub name: String,
}

impl Asker {
    /// An asker of a kind, by id.
    pub fn new(kind: AskerKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}
