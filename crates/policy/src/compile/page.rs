//! The page: its parts and clauses in every language, and what each clause declares.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::At;
use crate::kind::Kind;
use crate::limit::{CLAUSES_MAX, TITLE_MAX};
use crate::localized::Localized;
use crate::page::{Clause, Part};
use crate::parse::{Document, RawClause, joined, slice};
use crate::policy::Policy;
use crate::read::Reading;

type Target<'t> = (&'t mut Reading, &'t mut Policy);

/// Builds the page in the main language.
pub(super) fn build(document: &Document, text: &str, (reading, policy): Target<'_>) {
    let declares = declares(reading, policy);
    let mut seen: BTreeMap<&str, At> = BTreeMap::new();
    for raw in &document.parts {
        let mut part = Part {
            title: Localized::new(slice(text, raw.title)),
            intro: Localized::new(joined(text, &raw.intro)),
            clauses: Vec::new(),
        };
        for clause in raw.clauses.iter().filter(|it| !it.id.is_empty()) {
            if let Some(first) = seen.insert(&clause.id, clause.at) {
                let message = format!("clause `{}` stands twice", clause.id);
                let fault = reading.faults.error("duplicate-clause", clause.at, message);
                fault.label("a clause is cited by its id").also(first, "first used here");
                fault.help("give one of both another id");
                continue;
            }
            if policy.clauses.len() > CLAUSES_MAX {
                continue;
            }
            title_length(clause, text, reading);
            part.clauses.push(clause.id.clone());
            policy.clauses.push(Clause {
                id: clause.id.clone(),
                level: clause.level,
                title: Localized::new(slice(text, clause.title)),
                prose: Localized::new(joined(text, &clause.prose)),
                declares: declares.get(&clause.id).cloned().unwrap_or_default(),
                stated: reading.stated.get(&clause.id).map(|it| it.0.clone()),
            });
        }
        let empty = part.title.main().is_empty() && part.intro.main().is_empty();
        if !(empty && part.clauses.is_empty()) {
            policy.page.parts.push(part);
        }
    }
    policy.page.title = policy.page.parts.first().map(|it| it.title.clone()).unwrap_or_default();
    if seen.len() > CLAUSES_MAX {
        reading.broken = true;
        let message = format!("the policy has {} clauses, {CLAUSES_MAX} are allowed", seen.len());
        let last = seen.values().max().copied().unwrap_or_default();
        reading.faults.error("over-limit", last, message).help("merge some of them");
    }
}

fn title_length(clause: &RawClause, text: &str, reading: &mut Reading) {
    if slice(text, clause.title).chars().count() > TITLE_MAX {
        let message = format!("the title of `{}` is longer than {TITLE_MAX} characters", clause.id);
        reading.faults.error("over-limit", clause.title, message).help("write a shorter title");
    }
}

/// What each clause declares, in the order of the source.
fn declares(reading: &Reading, policy: &Policy) -> BTreeMap<String, Vec<(Kind, String)>> {
    let mut all: BTreeMap<String, Vec<(Kind, String)>> = BTreeMap::new();
    let mut places: Vec<_> = reading.places.iter().filter(|it| it.0.0 != Kind::Silence).collect();
    places.sort_by_key(|it| it.1.at);
    for ((kind, id), place) in places {
        all.entry(place.clause.clone()).or_default().push((*kind, id.clone()));
    }
    for clause in policy.silence.values().collect::<BTreeSet<_>>() {
        all.entry(clause.clone()).or_default().push((Kind::Silence, String::new()));
    }
    all
}

/// Adds the other languages.
pub(super) fn translate(
    main: &Document,
    all: &[(String, Document, &str)],
    (reading, policy): Target<'_>,
) {
    for (language, document, text) in all {
        let clauses = document.parts.iter().flat_map(|it| &it.clauses);
        let mut theirs: BTreeMap<&str, &RawClause> = BTreeMap::new();
        for clause in clauses.filter(|it| !it.id.is_empty()) {
            if let Some(first) = theirs.insert(&clause.id, clause) {
                let message = format!("clause `{}` stands twice", clause.id);
                let fault = reading.faults.error("duplicate-clause", clause.at, message);
                fault.also(first.at, "first used here").help("give one of both another id");
            }
            for block in &clause.blocks {
                let shown = At::new(block.file, block.start, block.end.saturating_sub(1));
                let fault = reading.faults.error(
                    "block-in-translation",
                    shown,
                    "a translation declares nothing",
                );
                fault.help("take the block out; declarations stand in `policy.md` alone");
            }
        }
        compare(main, (language, document, &theirs), reading);
        for clause in &mut policy.clauses {
            if let Some(raw) = theirs.get(clause.id.as_str()) {
                add(&mut clause.title, language, slice(text, raw.title));
                add(&mut clause.prose, language, &joined(text, &raw.prose));
            }
        }
        let titled = document.parts.iter().filter(|it| it.title.end > it.title.start);
        for (part, raw) in policy.page.parts.iter_mut().zip(titled) {
            add(&mut part.title, language, slice(text, raw.title));
            add(&mut part.intro, language, &joined(text, &raw.intro));
        }
    }
    policy.page.title = policy.page.parts.first().map(|it| it.title.clone()).unwrap_or_default();
}

fn add(to: &mut Localized, language: &str, text: &str) {
    *to = std::mem::take(to).with(language, text);
}

/// Reports clauses and parts that one language has and the other has not.
fn compare(
    main: &Document,
    (language, document, theirs): (&str, &Document, &BTreeMap<&str, &RawClause>),
    reading: &mut Reading,
) {
    let name = format!("policy.{language}.md");
    let file = reading.translations.iter().find(|it| it.language == language).map(|it| it.at);
    let end = document.parts.last().map_or(file.unwrap_or_default(), |it| it.title);
    let ours = main.parts.iter().flat_map(|it| &it.clauses).filter(|it| !it.id.is_empty());
    let ours: BTreeMap<&str, &RawClause> = ours.map(|it| (it.id.as_str(), it)).collect();
    for (id, clause) in ours.iter().filter(|it| !theirs.contains_key(*it.0)) {
        let message = format!("`{name}` has no clause `{id}`");
        let fault = reading.faults.error("missing-clause", clause.at, message);
        fault
            .label("not translated")
            .help(format!("add `## … {{#{id}}}` with its prose to `{name}`"));
    }
    for (id, clause) in theirs.iter().filter(|it| !ours.contains_key(*it.0)) {
        let message = format!("clause `{id}` is not in `policy.md`");
        let fault = reading.faults.error("extra-clause", clause.at, message);
        fault.label("a translation cannot promise more").help("add it there, or take it out here");
    }
    let titled = |it: &Document| it.parts.iter().filter(|it| it.title.end > it.title.start).count();
    if titled(main) != titled(document) {
        let message =
            format!("`{name}` has {} parts, `policy.md` has {}", titled(document), titled(main));
        let fault = reading.faults.error("missing-part", end, message);
        fault.help("write the same headings of level 1 in both");
    }
}

/// Every clause that promises something declares it, or says why not.
pub(super) fn promises(document: &Document, text: &str, (reading, policy): Target<'_>) {
    for raw in document.parts.iter().flat_map(|it| &it.clauses) {
        let Some(clause) = policy.clause(&raw.id) else { continue };
        let silent = clause.declares.is_empty();
        let attempted = reading.attempted.contains(&raw.id);
        let said = attempted || clause.stated.is_some() || joined(text, &raw.prose).is_empty();
        if silent && !said {
            let message = format!("clause `{}` promises something and declares nothing", raw.id);
            let fault = reading.faults.error("unkept-promise", raw.at, message);
            fault.label("nothing would keep it");
            fault.help("declare it in a ```kept block, or write `stated = \"why\"` in one");
        } else if let Some((_, at)) = reading.stated.get(&raw.id).filter(|_| !silent).cloned() {
            let message = format!("clause `{}` is stated and declares something", raw.id);
            let fault = reading.faults.warning("stated-and-declared", at, message);
            fault.help("take `stated` out");
        }
    }
}

/// Reports titles and texts of a translation that nothing asked for.
pub(super) fn titles(reading: &mut Reading) {
    for translation in std::mem::take(&mut reading.translations) {
        let tables = [("titles", &translation.titles), ("texts", &translation.texts)];
        for (table, entries) in tables {
            for (path, (_, at)) in entries {
                if !translation.used.contains(&format!("{table}.{path}")) {
                    let message =
                        format!("`{path}` has no {} to translate", table.trim_end_matches('s'));
                    let fault = reading.faults.error("extra-title", *at, message);
                    fault.help("take it out, or declare it in `policy.md`");
                }
            }
        }
    }
}
