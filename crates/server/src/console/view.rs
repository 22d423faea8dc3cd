//! The shapes that every page of the console is made of.

use askama::Template;

use super::frame::Frame;

/// A page: parts to read, and forms to act.
#[derive(Template)]
#[template(path = "console.html")]
pub(super) struct Page {
    pub(super) f: Frame,
    pub(super) title: String,
    pub(super) lead: String,
    /// What went wrong with a form.
    pub(super) wrong: Option<String>,
    pub(super) badges: Vec<Badge>,
    pub(super) clock: Option<Clock>,
    pub(super) back: Option<Link>,
    pub(super) tabs: Vec<Tab>,
    pub(super) parts: Vec<Part>,
    pub(super) forms: Vec<Form>,
    pub(super) next: Option<Link>,
}

impl Page {
    /// A page with a title and nothing else yet.
    pub(super) fn new(f: Frame, title: impl Into<String>, lead: impl Into<String>) -> Self {
        Self {
            f,
            title: title.into(),
            lead: lead.into(),
            wrong: None,
            badges: Vec::new(),
            clock: None,
            back: None,
            tabs: Vec::new(),
            parts: Vec::new(),
            forms: Vec::new(),
            next: None,
        }
    }
}

/// Signing in.
#[derive(Template)]
#[template(path = "console_sign_in.html")]
pub(super) struct SignIn {
    pub(super) f: Frame,
    pub(super) id: String,
    /// Where to go afterwards: a path of the console.
    pub(super) to: String,
    pub(super) wrong: Option<String>,
}

/// A link.
pub(super) struct Link {
    pub(super) href: String,
    pub(super) text: String,
}

impl Link {
    pub(super) fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Self { href: href.into(), text: text.into() }
    }
}

/// A list among several.
pub(super) struct Tab {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) current: bool,
}

/// A short state.
pub(super) struct Badge {
    pub(super) text: String,
    /// `good`, `warn`, `bad`, `quiet` or nothing.
    pub(super) tone: &'static str,
}

impl Badge {
    pub(super) fn new(text: impl Into<String>, tone: &'static str) -> Self {
        Self { text: text.into(), tone }
    }
}

/// A deadline, and how much time is left.
pub(super) struct Clock {
    pub(super) at: String,
    pub(super) left: String,
    pub(super) tone: &'static str,
}

/// What stands in a table or behind a label.
pub(super) enum Cell {
    Text(String),
    Link(Link),
    Clock(Clock),
    Badge(Badge),
    Clause(String),
}

impl From<String> for Cell {
    fn from(it: String) -> Self {
        Self::Text(it)
    }
}

impl From<&str> for Cell {
    fn from(it: &str) -> Self {
        Self::Text(it.to_owned())
    }
}

/// A column and what stands in it.
pub(super) type Row = Vec<Cell>;

/// A table.
pub(super) struct Table {
    pub(super) title: String,
    pub(super) columns: Vec<&'static str>,
    pub(super) rows: Vec<Row>,
    /// What stands there when it has no rows.
    pub(super) empty: &'static str,
}

impl Table {
    /// The cells of a row with the names of their columns.
    fn named<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = (&'static str, &'t Cell)> {
        self.columns.iter().copied().zip(row)
    }
}

/// A figure and what it counts.
pub(super) struct Tile {
    /// Where it is looked after; nothing for whoever may not.
    pub(super) href: Option<String>,
    pub(super) title: String,
    pub(super) figure: String,
    pub(super) late: Option<String>,
    pub(super) clock: Option<Clock>,
}

/// A piece of a conversation.
pub(super) struct Said {
    pub(super) who: String,
    pub(super) at: String,
    /// `in`, `out` or `internal`.
    pub(super) kind: String,
    pub(super) text: String,
}

/// A part of a page, to read.
pub(super) enum Part {
    Tiles(Vec<Tile>),
    Table(Table),
    Facts {
        title: String,
        rows: Vec<(String, Cell)>,
    },
    Thread {
        title: String,
        pieces: Vec<Said>,
    },
    Text {
        title: String,
        text: String,
    },
    /// A policy as people read it, as HTML that was made out of its source.
    Policy(String),
}

/// What can be done.
pub(super) struct Form {
    /// Its id on the page, and the last part of where it is sent.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: String,
    pub(super) action: String,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
    /// `primary`, `danger` or nothing.
    pub(super) tone: &'static str,
    /// Makes a form that is sent twice count once.
    pub(super) once: String,
}

/// A field of a form.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) kind: Kind,
    pub(super) value: String,
    pub(super) required: bool,
}

/// How a field is filled in.
pub(super) enum Kind {
    /// A line; the kind of it is the browser's word: `text`, `email`, `date`, `number`.
    Line(&'static str),
    /// Several lines.
    Lines,
    /// The text of a file, however long.
    Source,
    /// One of several: value and text.
    Choice(Vec<(String, String)>),
    /// Yes or nothing.
    Tick,
    /// What the form carries without asking.
    Carried,
}

impl Field {
    /// A field that must be filled in.
    pub(super) fn new(name: &'static str, label: impl Into<String>, kind: Kind) -> Self {
        let (label, hint) = (label.into(), String::new());
        Self { name, label, hint, kind, value: String::new(), required: true }
    }

    /// That may stay empty.
    pub(super) fn optional(self) -> Self {
        Self { required: false, ..self }
    }

    /// With a hint.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// With something in it.
    pub(super) fn holding(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
}
