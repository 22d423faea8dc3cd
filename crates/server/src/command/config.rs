//! `kept serve --config FILE`: the same settings as on the command line, which goes before the file.

use std::ffi::OsString;
use std::path::Path;

use toml::{Table, Value};

use super::End;

/// The option that names the file.
const OPTION: &str = "--config";

/// Sections that are no options, and are read by whom they concern.
const SECTIONS: [&str; 3] = ["desk", "system", "text"];

/// The arguments, with those of the file that is named among them behind.
pub(super) fn with_file(mut given: Vec<OsString>) -> Result<Vec<OsString>, End> {
    let Some(path) = value_of(&given, OPTION) else { return Ok(given) };
    for (name, value) in table(Path::new(&path))? {
        if SECTIONS.contains(&name.as_str()) {
            continue;
        }
        for (name, value) in options(name, value) {
            let option = format!("--{name}");
            if value_of(&given, &option).is_some() || given.iter().any(|it| *it == *option) {
                continue;
            }
            for text in texts(&name, value)? {
                given.push(format!("{option}{text}").into());
            }
        }
    }
    Ok(given)
}

/// The options of a section are called by it: `to` under `[backup]` is `--backup-to`.
fn options(name: String, value: Value) -> Vec<(String, Value)> {
    match value {
        Value::Table(table) => {
            table.into_iter().map(|(key, value)| (format!("{name}-{key}"), value)).collect()
        }
        other => vec![(name, other)],
    }
}

/// A section of the file, where it has one.
pub(super) fn section(path: &Path, name: &str) -> Result<Option<Value>, End> {
    Ok(table(path)?.remove(name))
}

/// What stands behind an option, as the next argument or after `=`.
fn value_of(given: &[OsString], option: &str) -> Option<OsString> {
    let after = given.iter().skip_while(|it| **it != *option).nth(1).cloned();
    after.or_else(|| {
        let mut texts = given.iter().filter_map(|it| it.to_str());
        texts.find_map(|it| it.strip_prefix(option)?.strip_prefix('=')).map(OsString::from)
    })
}

fn table(path: &Path) -> Result<Table, End> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| End::Wrong(format!("`{shown}` cannot be read: {error}")))?;
    // The library's own text shows the line, which may hold a password.
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|it| text.get(..it.start)).unwrap_or("");
        let line = before.matches('\n').count().saturating_add(1);
        End::Wrong(format!(
            "`{shown}`, line {line}: this is no TOML; write `listen = \"127.0.0.1:7600\"`"
        ))
    })
}

/// What follows the option's name: nothing for a switch, once for each of a list.
fn texts(name: &str, value: Value) -> Result<Vec<String>, End> {
    match value {
        Value::String(text) => Ok(vec![format!("={text}")]),
        Value::Boolean(true) => Ok(vec![String::new()]),
        Value::Boolean(false) => Ok(Vec::new()),
        Value::Array(items) => {
            let each = items.into_iter().map(|it| texts(name, it));
            Ok(each.collect::<Result<Vec<_>, _>>()?.concat())
        }
        Value::Integer(_) | Value::Float(_) | Value::Datetime(_) | Value::Table(_) => {
            Err(End::Wrong(format!("`{name}` in the configuration: write it in quotes, as a text")))
        }
    }
}
