//! The declarations in the blocks of every clause.

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::{one, spot};
use crate::diagnostic::At;
use crate::kind::Kind;
use crate::limit::TEXT_MAX;
use crate::parse::{Document, front, is_id, slice, suggestion};
use crate::policy::Policy;
use crate::read::{Fields, Place, Reading, canonical, path};
use crate::word::nearest;

type Target<'t> = (&'t mut Reading, &'t mut Policy);

/// A key of a block with its value.
type Entry<'t> = (&'t Spanned<DeString<'t>>, &'t Spanned<DeValue<'t>>);

/// Reads every block.
pub(super) fn declare(document: &Document, text: &str, (reading, policy): Target<'_>) {
    for clause in document.parts.iter().flat_map(|it| &it.clauses) {
        for block in &clause.blocks {
            let Some(table) = front::toml(reading, slice(text, *block), *block) else { continue };
            for entry in &table {
                top(&clause.id, (*block, entry), (reading, policy));
            }
        }
    }
}

/// One key at the top of a block.
fn top(clause: &str, (block, entry): (At, Entry<'_>), (reading, policy): Target<'_>) {
    let place = spot(block, block.start);
    let (key, at) = (entry.0.get_ref().as_ref(), place.inside(entry.0.span()));
    if key == "stated" {
        reading.attempted.insert(clause.to_owned());
        stated(clause, entry.1.get_ref(), at, reading);
        return;
    }
    reading.attempted.insert(clause.to_owned());
    let Some(kind) = Kind::from_word(key) else {
        reading.broken = true;
        unknown(key, at, reading);
        return;
    };
    let Some(table) = entry.1.get_ref().as_table() else {
        let wanted = if kind.named() { format!("[{key}.ID]") } else { format!("[{key}]") };
        let fault = reading.faults.error("wrong-type", at, format!("`{key}` is a table"));
        fault.help(format!("write `{wanted}` and its fields below it"));
        return;
    };
    if !kind.named() {
        table_of(kind, (clause, ""), (block, at, table), (reading, policy));
        return;
    }
    for (id, value) in table {
        let at = place.inside(id.span());
        if let Some(table) = value.get_ref().as_table() {
            let id = id.get_ref().as_ref();
            named(kind, at, id, reading);
            table_of(kind, (clause, id), (block, at, table), (reading, policy));
        } else {
            let message = format!("`{key}.{}` is no declaration", id.get_ref());
            let fault = reading.faults.error("wrong-type", at, message);
            fault.help(format!("write `[{key}.ID]` and its fields below it"));
        }
    }
}

/// Reports an id that is none.
fn named(kind: Kind, at: At, id: &str, reading: &mut Reading) {
    let fits = if kind == Kind::Region {
        decide::RegionCode::new(id).is_some()
    } else {
        is_id(id, kind == Kind::Event)
    };
    if !fits {
        let message = format!("`{id}` is no id of a {}", kind.word());
        let fault = reading.faults.error("bad-id", at, message);
        fault.help(format!("write `[{}.{}]`", kind.word(), suggestion(id)));
    }
}

fn table_of(
    kind: Kind,
    (clause, id): (&str, &str),
    (block, at, table): (At, At, &DeTable<'_>),
    (reading, policy): Target<'_>,
) {
    let text = canonical(table);
    let key = (kind, id.to_owned());
    if let Some(first) = reading.places.get(&key).cloned().filter(|_| kind != Kind::Silence) {
        again((&path(kind, id), &text), (first, at), reading);
        return;
    }
    reading.places.insert(key, Place { at, clause: clause.to_owned(), text });
    let home = (kind, id.to_owned(), clause.to_owned());
    if kind != Kind::Silence {
        reading.rules.insert(format!("{}.clause", path(kind, id)), clause.to_owned());
    }
    one(policy, kind, Fields::declaring(reading, table, spot(at, block.start), home));
}

/// Reports a table that stands twice.
fn again((path, text): (&str, &str), (first, at): (Place, At), reading: &mut Reading) {
    let same = first.text == text;
    let (code, message) = if same {
        ("duplicate-declaration", format!("`{path}` is declared twice"))
    } else {
        ("contradiction", format!("`{path}` is declared twice, and both differ"))
    };
    let fault = reading.faults.error(code, at, message);
    fault
        .label("declared again")
        .also(first.at, format!("first declared here, in clause `{}`", first.clause));
    fault.help("keep one of both");
}

fn unknown(key: &str, at: At, reading: &mut Reading) {
    let words = Kind::ALL.iter().map(|it| it.word());
    let near = nearest(key, words.clone());
    let fault = reading.faults.error("unknown-table", at, format!("there is no table `{key}`"));
    match near {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help(format!(
            "the tables are `{}`, and `stated`",
            words.collect::<Vec<_>>().join("`, `")
        )),
    };
}

fn stated(clause: &str, value: &DeValue<'_>, at: At, reading: &mut Reading) {
    let why = value.as_str().filter(|it| !it.trim().is_empty() && it.chars().count() <= TEXT_MAX);
    if let Some(why) = why {
        reading.rules.insert(format!("stated.{clause}"), "stated".to_owned());
        reading.stated.insert(clause.to_owned(), (why.to_owned(), at));
    } else {
        let fault = reading.faults.error("wrong-type", at, "`stated` says why, in a text");
        fault.help("write `stated = \"why nothing is declared here\"`");
    }
}

/// Reports every name that nothing declares.
pub(super) fn references(reading: &mut Reading) {
    for wanted in std::mem::take(&mut reading.references) {
        if reading.declared(wanted.kind, &wanted.name) {
            continue;
        }
        let word = wanted.kind.word();
        let near = nearest(&wanted.name, reading.ids(wanted.kind)).map(str::to_owned);
        let message = format!("{word} `{}` is not declared", wanted.name);
        let fault = reading.faults.error(format!("undefined-{word}"), wanted.at, message);
        match &near {
            Some(near) => fault.help(format!("did you mean `{near}`?")),
            None => fault.help(format!("declare `[{word}.{}]`", wanted.name)),
        };
        reading.meant.extend(near.map(|it| (wanted.kind, it)));
    }
}
