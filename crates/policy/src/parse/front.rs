//! Front matter: the header of a policy, and what its translations say in theirs.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::slice;
use crate::diagnostic::At;
use crate::header::{Contact, Header};
use crate::limit::{LANGUAGES_MAX, NUMBER_MAX, REGION_CODE_MAX, REGIONS_MAX, TITLE_MAX};
use crate::localized::Localized;
use crate::read::{Fields, Reading, Spot, Translation};

/// Reads TOML; reports every fault of its syntax.
pub(crate) fn toml<'t>(reading: &mut Reading, text: &'t str, at: At) -> Option<DeTable<'t>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let spot = Spot { at, base: at.start };
    reading.broken |= !errors.is_empty();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        let message = format!("this is no TOML: {}", error.message());
        let fault = reading.faults.error("toml", spot.inside(span), message);
        fault.help(
            "write `name = \"text\"`, `name = true`, `name = 3`, `name = [\"…\"]` or `[table.id]`",
        );
    }
    errors.is_empty().then(|| table.into_inner())
}

/// Reads the front matter of `policy.md`.
pub(crate) fn header(reading: &mut Reading, text: &str, at: At) {
    let source = slice(text, at);
    let Some(table) = toml(reading, source, at) else { return };
    let spot = Spot { at: At::new(at.file, at.start, at.start), base: at.start };
    let mut fields = Fields::plain(reading, &table, spot, "header");
    let controller = fields.plain_text("controller", TITLE_MAX);
    let version = fields.number("version", 1, NUMBER_MAX);
    let (updated, effective) = (fields.date("updated"), fields.date("effective"));
    let contact = fields.nested("contact", contact);
    let regions = codes(&mut fields, ("regions", "region", REGIONS_MAX));
    let languages = codes(&mut fields, ("languages", "language", LANGUAGES_MAX));
    let needed = [
        ("controller", "\"Example Co., Ltd.\""),
        ("version", "1"),
        ("updated", "2026-11-22"),
        ("effective", "2026-12-22"),
        ("contact", "{ email = \"privacy@example.com\" }"),
        ("regions", "[\"cn\"]"),
        ("languages", "[\"en\"]"),
    ];
    for (name, example) in needed {
        if !fields.has(name) {
            fields.missing(name, example);
        }
    }
    if let (Some((updated, _)), Some((effective, at))) = (updated, effective)
        && effective < updated
    {
        let message =
            format!("the policy takes effect on {effective}, before it was updated on {updated}");
        let fault = fields.reading.faults.error("effective-before-updated", at, message);
        fault.help(format!("write `effective = {updated}` or later"));
    }
    fields.finish();
    reading.header = Header {
        controller: Localized::new(controller.map(|it| it.0).unwrap_or_default()),
        version: version.unwrap_or(1),
        updated: updated.map(|it| it.0).unwrap_or_default(),
        effective: effective.map(|it| it.0).unwrap_or_default(),
        contact: contact.unwrap_or_default(),
        regions,
        languages,
    };
}

fn contact(fields: &mut Fields<'_>) -> Contact {
    let email = fields.plain_text("email", TITLE_MAX);
    if !fields.has("email") {
        fields.missing("email", "\"privacy@example.com\"");
    }
    if let Some((text, at)) = email.as_ref().filter(|it| !it.0.contains('@')) {
        let message = format!("`{text}` is no email address");
        fields
            .reading
            .faults
            .error("bad-email", *at, message)
            .help("write such as `privacy@example.com`");
    }
    Contact {
        email: email.map(|it| it.0).unwrap_or_default(),
        post: fields.plain_text("post", TITLE_MAX).map(|it| Localized::new(it.0)),
        phone: fields.plain_text("phone", TITLE_MAX).map(|it| it.0),
    }
}

/// A list of codes of regions or languages, each once.
fn codes(fields: &mut Fields<'_>, (name, what, most): (&'static str, &str, usize)) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let given = fields.texts(name);
    let count = given.as_ref().map(Vec::len);
    for (code, at) in given.unwrap_or_default() {
        let letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
        let language = what == "language";
        let plain = code
            .bytes()
            .all(|it| letter(it) || language && (it == b'-' || it.is_ascii_uppercase()));
        if code.is_empty() || code.len() > REGION_CODE_MAX || !plain {
            let message = format!("`{code}` is no code of a {what}");
            let fault = fields.reading.faults.error("bad-code", at, message);
            fault.help("write 1 to 8 lower-case letters or digits");
        } else if all.contains(&code) {
            let message = format!("{what} `{code}` stands twice");
            fields.reading.faults.error("bad-code", at, message).help("leave one of both out");
        } else {
            all.push(code);
        }
    }
    if count.is_some_and(|it| it == 0 || it > most) {
        let at = fields.reading.spots.get(&format!("header.{name}")).copied().unwrap_or_default();
        let message = format!("`{name}` names {} codes", count.unwrap_or(0));
        let fault = fields.reading.faults.error("over-limit", at, message);
        fault.help(format!("name from 1 to {most}"));
    }
    all
}

/// Reads the front matter of `policy.LANG.md`.
pub(crate) fn translation(reading: &mut Reading, language: &str, text: &str, at: At) {
    let source = slice(text, at);
    let mut all = Translation { language: language.to_owned(), at, ..Translation::default() };
    all.at.end = at.start;
    let Some(table) = toml(reading, source, at) else {
        // The titles are unknown now; asking for each would bury the fault.
        return;
    };
    let spot = Spot { at: all.at, base: at.start };
    let mut fields = Fields::plain(reading, &table, spot, "header");
    let controller = fields.plain_text("controller", TITLE_MAX);
    let post = fields.nested("contact", |it| it.plain_text("post", TITLE_MAX)).flatten();
    for (name, into) in [("titles", &mut all.titles), ("texts", &mut all.texts)] {
        if let Some((value, place)) = fields.take(name) {
            match value.as_table() {
                Some(table) => flatten(spot, ("", table), into),
                None => fields.wrong((value, place), "a table", "category.email = \"…\""),
            }
        }
    }
    fields.finish();
    let header = &mut reading.header;
    if let Some((text, _)) = controller {
        header.controller = std::mem::take(&mut header.controller).with(language, text);
    }
    if let Some((text, _)) = post {
        header.contact.post = header.contact.post.take().map(|it| it.with(language, text));
    }
    reading.translations.push(all);
}

/// Nested tables of texts as paths: `category.email`.
fn flatten(
    spot: Spot,
    (prefix, table): (&str, &DeTable<'_>),
    into: &mut BTreeMap<String, (String, At)>,
) {
    for (key, value) in table {
        let dot = if prefix.is_empty() { "" } else { "." };
        let path = format!("{prefix}{dot}{}", key.get_ref());
        if let Some(text) = value.get_ref().as_str() {
            into.insert(path, (text.to_owned(), spot.inside(key.span())));
        } else if let Some(table) = value.get_ref().as_table() {
            flatten(spot, (&path, table), into);
        }
    }
}
