//! An export as an archive: the JSON as it is, two tables for spreadsheets, and a page of text that
//! says what each file is. It is made of what was recorded and of nothing else.

use std::io::{Cursor, Result, Write};

use flows::Json;
use jiff::tz::TimeZone;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::csv::Table;
use crate::page::Words;

/// The kind of the file.
pub(crate) const ZIP: &str = "application/zip";

/// A column: its name, and where its cells stand in what a row is made of.
type Column = (&'static str, &'static str);

/// What `data.csv` says of each value.
const DATA: &[Column] = &[
    ("category", "/category"),
    ("title", "/title"),
    ("value", "/value"),
    ("source", "/source"),
    ("source_title", "/source_title"),
    ("collected", "/collected"),
    ("purposes", "/purposes"),
    ("recipients", "/recipients"),
    ("due", "/due"),
    ("kept_for", "/kept/for"),
    ("kept_after", "/kept/after"),
    ("clause", "/kept/clause"),
];

/// What `uses.csv` says of each use.
const USES: &[Column] = &[
    ("record", "/record"),
    ("at", "/at"),
    ("by", "/by"),
    ("name", "/name"),
    ("act", "/act"),
    ("purpose", "/purpose"),
    ("categories", "/categories"),
    ("answer", "/answer"),
    ("clauses", "/clauses"),
    ("policy", "/policy"),
    ("log_index", "/log_index"),
];

/// The bytes of the archive.
///
/// # Errors
/// Where an archive of this size cannot be written.
pub(crate) fn archive(export: &Json, w: &Words) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(export)?;
    let Json(export) = export;
    let files = [
        ("readme.txt", readme(export, w).into_bytes()),
        ("data.json", json),
        ("data.csv", table(export.get("data"), DATA)),
        ("uses.csv", table(export.get("uses"), USES)),
    ];
    let options = options(export);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(name, options)?;
        archive.write_all(&bytes)?;
    }
    Ok(archive.finish()?.into_inner())
}

/// Nobody else reads what is unpacked, and it is as old as the export.
fn options(export: &Value) -> SimpleFileOptions {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .unix_permissions(0o600)
        .last_modified_time(DateTime::default());
    match made(export) {
        Some(made) => options.last_modified_time(made),
        None => options,
    }
}

fn made(export: &Value) -> Option<DateTime> {
    let made: jiff::Timestamp = word(export, "made").parse().ok()?;
    let made = made.to_zoned(TimeZone::UTC);
    let [month, day, hour, minute, second] =
        [made.month(), made.day(), made.hour(), made.minute(), made.second()]
            .map(|it| u8::try_from(it).unwrap_or(0));
    let year = u16::try_from(made.year()).ok()?;
    DateTime::from_date_and_time(year, month, day, hour, minute, second).ok()
}

fn table(rows: Option<&Value>, columns: &[Column]) -> Vec<u8> {
    let mut table = Table::new();
    table.row(columns.iter().map(|(name, _)| name));
    for row in rows.and_then(Value::as_array).into_iter().flatten() {
        table.row(columns.iter().map(|(_, at)| row.pointer(at).map(text).unwrap_or_default()));
    }
    table.into_bytes()
}

/// A value as a cell: several are listed, and what has a title is called by it.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => fields.get("title").map_or_else(|| value.to_string(), text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

fn readme(export: &Value, w: &Words) -> String {
    let head = format!("{} · {}", word(export, "controller"), word(export, "made"));
    let contact = format!("{}: {}", w.contact, word(export, "contact"));
    let nothing = word(export, "nothing");
    let nothing = if nothing.is_empty() { "" } else { w.readme_nothing };
    let next = word(export, "next");
    let rest = format!("{} /v1/me/export?format=zip&cursor={next}", w.readme_rest);
    let rest = if next.is_empty() { "" } else { &rest };
    let files = [
        format!("data.json: {}", w.readme_json),
        format!("data.csv: {}", w.readme_data),
        format!("uses.csv: {}", w.readme_uses),
    ];
    let files = files.join("\r\n");
    let parts = [head.as_str(), nothing, rest, &files, w.readme_cells, &contact];
    let said: Vec<&str> = parts.into_iter().filter(|it| !it.is_empty()).collect();
    format!("{}\r\n", said.join("\r\n\r\n"))
}

fn word<'a>(export: &'a Value, name: &str) -> &'a str {
    export.get(name).and_then(Value::as_str).unwrap_or("")
}

#[cfg(test)]
mod tests;
