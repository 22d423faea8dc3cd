//! The glossary, in each language.

use std::collections::BTreeMap;

use super::{document, joined, slice};
use crate::glossary::Term;
use crate::header::Header;
use crate::limit::TERMS_MAX;
use crate::localized::Localized;
use crate::read::Reading;

/// Reads `glossary.md` and its translations.
pub(crate) fn glossary(
    reading: &mut Reading,
    header: &Header,
    files: &BTreeMap<String, String>,
) -> BTreeMap<String, Term> {
    let mut all: BTreeMap<String, Term> = BTreeMap::new();
    for (position, language) in header.languages.iter().enumerate() {
        let name = if position == 0 {
            "glossary.md".to_owned()
        } else {
            format!("glossary.{language}.md")
        };
        let Some((file, text)) = files
            .iter()
            .enumerate()
            .find_map(|(index, (key, text))| (*key == name).then_some((index, text)))
        else {
            continue;
        };
        let scanned = document(file, text, &mut reading.faults);
        for raw in scanned.parts.iter().flat_map(|it| &it.clauses).filter(|it| !it.id.is_empty()) {
            let forms = slice(text, raw.title).split(" / ").map(|it| it.trim().to_owned());
            let forms: Vec<String> = forms.filter(|it| !it.is_empty()).collect();
            let meaning = joined(text, &raw.prose);
            let known = all.contains_key(&raw.id);
            let term = all.entry(raw.id.clone()).or_default();
            if term.forms.contains_key(language) {
                let message = format!("term `{}` stands twice", raw.id);
                reading.faults.error("duplicate-clause", raw.at, message).help("keep one of both");
            } else if position > 0 && !known {
                let message = format!("term `{}` is not in `glossary.md`", raw.id);
                let fault = reading.faults.error("extra-clause", raw.at, message);
                fault.help("add it there, or take it out here");
            }
            term.forms.insert(language.clone(), forms);
            let told = std::mem::take(&mut term.text);
            term.text = if position == 0 {
                Localized::new(meaning)
            } else {
                told.with(language.clone(), meaning)
            };
        }
        for (id, term) in all.iter().filter(|it| !it.1.forms.contains_key(language)) {
            let at = crate::diagnostic::At::new(file, 0, 0);
            let message = format!("`{name}` does not explain `{id}`");
            let fault = reading.faults.error("missing-clause", at, message);
            fault.help(format!("add `## {} {{#{id}}}` with its explanation", term.name(language)));
        }
        if all.len() > TERMS_MAX {
            let at = crate::diagnostic::At::new(file, 0, 0);
            let message = format!("the glossary has {} terms, {TERMS_MAX} are allowed", all.len());
            reading.faults.error("over-limit", at, message).help("explain fewer terms");
        }
    }
    all
}
