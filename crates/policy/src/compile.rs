//! A folder of text to a policy, or to what is wrong with it.

mod blocks;
mod limits;
mod page;
mod prose;
mod spec;
pub(crate) mod widened;

use std::collections::BTreeMap;

use crate::diagnostic::{At, Diagnostics};
use crate::folder::Folder;
use crate::parse::{self, Document, front};
use crate::policy::Policy;
use crate::read::{Fields, Reading, Spot};

/// Compiles a policy by itself: everything in it counts for everybody at once.
///
/// # Errors
/// All faults found, at most [`crate::limit::FAULTS_MAX`].
pub fn compile(folder: &Folder) -> Result<Policy, Diagnostics> {
    compile_after(folder, &[])
}

/// Compiles a policy that follows older versions, and finds out what each version widened.
///
/// # Errors
/// All faults found, at most [`crate::limit::FAULTS_MAX`].
pub fn compile_after(folder: &Folder, older: &[&Policy]) -> Result<Policy, Diagnostics> {
    let folder = Folder {
        files: folder
            .files
            .iter()
            .filter(|it| Folder::reads(it.0))
            .map(|(n, t)| (n.clone(), t.clone()))
            .collect(),
    };
    let mut reading = Reading::default();
    let mut policy = Policy::default();
    if limits::source(&folder, &mut reading) {
        read(&folder, &mut reading, &mut policy);
        widened::follow(&mut policy, &mut reading, older);
    }
    let fatal = reading.faults.fatal();
    let found = reading.faults.finish(&folder.files);
    if fatal {
        return Err(found);
    }
    policy.warnings = found;
    Ok(policy)
}

/// The steps of compiling; each goes as far as it can, so that many faults come at once.
fn read(folder: &Folder, reading: &mut Reading, policy: &mut Policy) {
    let Some((file, text)) = file(folder, "policy.md") else {
        let fault =
            reading.faults.error("missing-file", At::NOWHERE, "the folder has no `policy.md`");
        fault.help("write `policy.md`; `kept init DIR` makes one to start from");
        return;
    };
    let main = parse::document(file, text, &mut reading.faults);
    if let Some(at) = main.front {
        front::header(reading, text, at);
    } else if main.open {
        return;
    } else {
        let at = At::new(file, 0, 0);
        let fault = reading.faults.error("no-front-matter", at, "`policy.md` has no front matter");
        fault.help(
            "begin with a line `+++`, the fields `controller`, `version`, `updated`, `effective`, \
             `contact`, `regions`, `languages`, and another line `+++`",
        );
        // Without regions and languages nothing below can be judged.
        return;
    }
    let translations = translations(folder, reading);
    calendars(folder, reading, policy);
    let header = reading.header.clone();
    policy.glossary = parse::glossary::glossary(reading, &header, &folder.files);
    blocks::declare(&main, text, (reading, policy));
    policy.header = reading.header.clone();
    limits::declarations(policy, reading);
    page::build(&main, text, (reading, policy));
    page::translate(&main, &translations, (reading, policy));
    if reading.broken || main.open {
        // What could not be read would only be reported as missing.
        return;
    }
    blocks::references(reading);
    crate::clause::check(policy, reading);
    page::promises(&main, text, (reading, policy));
    page::titles(reading);
    policy.spec = spec::build(policy);
    policy.values = crate::phrase::values(policy);
    prose::check(&main, text, (reading, policy));
    for (language, document, text) in &translations {
        prose::check_translation((language, document, text), (reading, policy));
    }
    policy.rules = keeps_together(std::mem::take(&mut reading.rules), policy);
}

/// How long a category is kept is one rule, wherever it was written.
fn keeps_together(rules: BTreeMap<String, String>, policy: &Policy) -> BTreeMap<String, String> {
    let moved = rules.into_iter().map(|(path, value)| {
        let bare = path.strip_prefix("category.").and_then(|it| it.split_once(".keep."));
        (bare.map(|(id, field)| format!("keep.{id}.{field}")).unwrap_or(path), value)
    });
    let mut all: BTreeMap<String, String> = moved.collect();
    for (id, keep) in &policy.keep {
        all.insert(format!("keep.{id}.clause"), keep.clause.clone());
    }
    all
}

/// A file by its name, and its position.
fn file<'f>(folder: &'f Folder, name: &str) -> Option<(usize, &'f str)> {
    let mut files = folder.files.iter().enumerate();
    files.find_map(|(index, (key, text))| (key == name).then_some((index, text.as_str())))
}

/// The other languages' pages, with their titles read.
fn translations<'f>(folder: &'f Folder, reading: &mut Reading) -> Vec<(String, Document, &'f str)> {
    let mut all = Vec::new();
    for language in reading.header.languages.iter().skip(1).cloned().collect::<Vec<_>>() {
        let name = format!("policy.{language}.md");
        let Some((index, text)) = file(folder, &name) else {
            let at = reading.spots.get("header.languages").copied().unwrap_or_default();
            let fault = reading.faults.error("missing-file", at, format!("there is no `{name}`"));
            fault.help(format!("write `{name}` with the same clauses, or take `{language}` out"));
            continue;
        };
        let document = parse::document(index, text, &mut reading.faults);
        if let Some(at) = document.front {
            front::translation(reading, &language, text, at);
        } else {
            let message = format!("`{name}` has no front matter");
            let fault = reading.faults.error("no-front-matter", At::new(index, 0, 0), message);
            fault.help(
                "begin with a line `+++`, `[titles]` with the titles of declarations, and another \
                 line `+++`",
            );
        }
        all.push((language, document, text));
    }
    all
}

fn calendars(folder: &Folder, reading: &mut Reading, policy: &mut Policy) {
    for (index, (name, text)) in folder.files.iter().enumerate() {
        let bare = name.strip_prefix("holidays/").and_then(|it| it.strip_suffix(".toml"));
        if let Some(bare) = bare {
            let calendar = parse::calendar::calendar(reading, bare, index, text);
            policy.calendars.insert(bare.to_owned(), calendar);
        }
    }
}

/// Reads a table that declares something, and reports what nobody asked for.
fn one(policy: &mut Policy, kind: crate::kind::Kind, mut fields: Fields<'_>) {
    crate::clause::declare(kind, policy, &mut fields);
    fields.finish();
}

/// A place as the reader of tables wants it.
const fn spot(at: At, base: usize) -> Spot {
    Spot { at, base }
}
