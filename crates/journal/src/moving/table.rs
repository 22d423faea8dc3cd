//! The tables as a move sees them: the same columns on both sides, found by the same key. Where the
//! engines keep something differently, the module that owns it says how it is read and written there.

use crate::place::Place;
use crate::sql::{Dialect, Value};
use crate::{event, record};

/// A column of a key. Text is compared by its bytes on both sides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    name: &'static str,
    text: bool,
}

/// A column of bytes or numbers.
pub(crate) const fn plain(name: &'static str) -> Column {
    Column { name, text: false }
}

/// A column of text.
pub(crate) const fn text(name: &'static str) -> Column {
    Column { name, text: true }
}

/// How one engine keeps a table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// What is read: the table, or a selection that names its columns as the other engine does.
    pub(crate) from: &'static str,
    /// The table that is written.
    pub(crate) into: &'static str,
    /// Columns that have another name where they are written.
    pub(crate) named: &'static [(&'static str, &'static str)],
    /// Columns that only this engine has, and what stands in them.
    pub(crate) also: &'static [(&'static str, &'static str)],
}

/// One table.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) key: &'static [Column],
    pub(crate) rest: &'static [&'static str],
    pub(crate) sqlite: Form,
    pub(crate) postgres: Form,
    /// Whether the last column says where an entry stands in the log.
    pub(crate) placed: bool,
}

/// Stands for the partition in what is read and written.
const PARTITION: &str = ":partition";

impl Form {
    /// A table as it is.
    pub(crate) const fn plain(name: &'static str) -> Self {
        Self { from: name, into: name, named: &[], also: &[] }
    }

    fn columns(&self, table: &Table) -> String {
        let there = |it: &'static str| {
            self.named.iter().find(|(name, _)| *name == it).map_or(it, |(_, there)| *there)
        };
        let own = table.columns().map(there);
        own.chain(self.also.iter().map(|(name, _)| *name)).collect::<Vec<_>>().join(", ")
    }
}

impl Table {
    /// One that both engines keep alike.
    const fn alike(
        name: &'static str,
        key: &'static [Column],
        rest: &'static [&'static str],
    ) -> Self {
        let form = Form::plain(name);
        Self { name, key, rest, sqlite: form, postgres: form, placed: false }
    }

    const fn form(&self, dialect: Dialect) -> &Form {
        match dialect {
            Dialect::Sqlite => &self.sqlite,
            Dialect::Postgres => &self.postgres,
        }
    }

    fn columns(&self) -> impl Iterator<Item = &'static str> {
        self.key.iter().map(|it| it.name).chain(self.rest.iter().copied())
    }

    /// The names of the columns.
    pub(crate) fn listed(&self) -> String {
        self.columns().collect::<Vec<_>>().join(", ")
    }

    /// Where a column stands in a row.
    pub(crate) fn at(&self, column: &str) -> Option<usize> {
        self.columns().position(|it| it == column)
    }

    /// The key of a row.
    pub(crate) fn key_of(&self, row: &[Value]) -> Vec<Value> {
        row.iter().take(self.key.len()).cloned().collect()
    }

    /// How many columns.
    pub(crate) fn width(&self) -> usize {
        self.columns().count()
    }

    /// The key, each column as it is compared, with something behind it.
    fn ordered(&self, dialect: Dialect, behind: &str) -> String {
        let column = |it: &Column| match dialect {
            Dialect::Postgres if it.text => format!("{} COLLATE \"C\"{behind}", it.name),
            Dialect::Postgres | Dialect::Sqlite => format!("{}{behind}", it.name),
        };
        self.key.iter().map(column).collect::<Vec<_>>().join(", ")
    }

    /// Rows in the order of the key, up to `n`: all, or those after a key.
    pub(crate) fn select(&self, dialect: Dialect, place: &Place, after: bool, n: usize) -> String {
        let columns = self.columns().collect::<Vec<_>>().join(", ");
        let from = within(self.form(dialect).from, place);
        let key = self.ordered(dialect, "");
        let bound = placeholders(0, self.key.len());
        let after = if after { format!(" WHERE ({key}) > ({bound})") } else { String::new() };
        format!("SELECT {columns} FROM {from} AS moved{after} ORDER BY {key} LIMIT {n}")
    }

    /// The greatest key.
    pub(crate) fn greatest(&self, dialect: Dialect, place: &Place) -> String {
        let columns = self.key.iter().map(|it| it.name).collect::<Vec<_>>().join(", ");
        let from = within(self.form(dialect).from, place);
        let key = self.ordered(dialect, " DESC");
        format!("SELECT {columns} FROM {from} AS moved ORDER BY {key} LIMIT 1")
    }

    /// Puts so many rows in.
    pub(crate) fn insert(&self, dialect: Dialect, place: &Place, rows: usize) -> String {
        let form = self.form(dialect);
        let width = self.width();
        let row = |it: usize| {
            let bound = placeholders(it.saturating_mul(width), width);
            let also = form.also.iter().map(|(_, what)| within(what, place));
            let cells: Vec<String> = std::iter::once(bound).chain(also).collect();
            format!("({})", cells.join(", "))
        };
        let rows: Vec<String> = (0..rows).map(row).collect();
        let overriding = match dialect {
            Dialect::Sqlite => "",
            // A place that a row was given stays its place.
            Dialect::Postgres => " OVERRIDING SYSTEM VALUE",
        };
        let (into, columns, rows) = (form.into, form.columns(self), rows.join(", "));
        format!("INSERT INTO {into} ({columns}){overriding} VALUES {rows}")
    }
}

/// `$1, $2, …`, after so many others.
fn placeholders(before: usize, n: usize) -> String {
    let each = (1..=n).map(|it| format!("${}", it.saturating_add(before)));
    each.collect::<Vec<_>>().join(", ")
}

/// A partition's name is made of small letters, digits and hyphens: nothing in it ends a quote.
fn within(text: &str, place: &Place) -> String {
    match place {
        Place::Events(_, partition) => {
            text.replace(PARTITION, &format!("'{}'", partition.as_str()))
        }
        Place::Kept | Place::People(_) | Place::Records(_) => text.to_owned(),
    }
}

/// What belongs to the installation.
const KEPT: &[Table] = &[
    Table::alike(
        "app_keys",
        &[text("key_id")],
        &["kind", "hash", "title", "purposes", "source", "made", "ended"],
    ),
    Table::alike("policies", &[plain("version")], &["hash", "folder", "stored", "effective"]),
    Table::alike("vocabulary_names", &[text("kind"), plain("position")], &["name"]),
    Table::alike("counters", &[text("name"), plain("minute")], &["n"]),
    Table::alike(
        "rounds",
        &[text("round_id")],
        &["kind", "state", "body", "cursor", "wake", "made", "version"],
    ),
    Table::alike(
        "staff",
        &[text("staff_id")],
        &["title", "roles", "password", "totp", "step", "made", "ended"],
    ),
    Table::alike("staff_sessions", &[plain("hash")], &["staff_id", "begun", "expires"]),
];

/// What belongs to a region's people.
const PEOPLE: &[Table] = &[
    Table::alike(
        "people",
        &[plain("person_id")],
        &[
            "version",
            "given",
            "refused",
            "objected",
            "shares",
            "transfers",
            "adopted",
            "region",
            "age",
            "account",
            "erased",
        ],
    ),
    Table::alike("person_keys", &[plain("person_id")], &["wrapped"]),
    Table::alike(
        "person_values",
        &[plain("person_id"), plain("category")],
        &["source", "collected", "due", "sealed", "hold"],
    ),
    Table::alike("blinds", &[plain("hash"), plain("category"), plain("person_id")], &["single"]),
    Table::alike("sessions", &[plain("hash")], &["person_id", "begun", "expires", "label", "role"]),
    Table::alike("codes", &[plain("person_id"), plain("channel")], &["hash", "expires", "tries"]),
    Table::alike("tallies", &[plain("person_id"), text("kind")], &["ends", "n"]),
    Table::alike(
        "unproved",
        &[plain("person_id"), plain("category")],
        &["sealed", "hash", "expires", "tries"],
    ),
    Table::alike(
        "mails",
        &[plain("person_id"), text("cause")],
        &["sealed", "own_key", "created", "not_before", "attempts"],
    ),
    Table::alike("jobs", &[plain("person_id"), text("kind")], &["due", "wake", "attempts"]),
    Table::alike(
        "cases",
        &[plain("person_id"), plain("case_id")],
        &["kind", "state", "received", "due", "open", "assigned", "about", "sealed", "own_key"],
    ),
    Table::alike(
        "case_notes",
        &[plain("person_id"), plain("case_id"), plain("note_id")],
        &["kind", "at", "author", "sealed"],
    ),
    Table::alike(
        "answers",
        &[plain("key_hash"), text("scope")],
        &["person_id", "request", "status", "body", "at"],
    ),
    record::MOVED_CHANGES,
];

/// Every table of a place.
pub(crate) const fn of(place: &Place) -> &'static [Table] {
    match place {
        Place::Kept => KEPT,
        Place::People(_) => PEOPLE,
        Place::Records(_) => &[record::MOVED_USES],
        Place::Events(..) => event::MOVED,
    }
}

#[cfg(test)]
mod tests;
