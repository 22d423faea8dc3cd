//! Terms of the glossary, linked where a clause first uses them.

use std::collections::BTreeSet;

use pulldown_cmark::{CowStr, Event};

use super::escaped;
use crate::policy::Policy;

/// The terms of a page, and which of them this clause has used.
pub(super) struct Terms<'p> {
    /// Form, lower case, and the id of its term; the longest forms first.
    forms: Vec<(String, &'p str)>,
    seen: BTreeSet<&'p str>,
    used: BTreeSet<&'p str>,
}

impl<'p> Terms<'p> {
    /// No terms.
    pub(super) fn none() -> Self {
        Self { forms: Vec::new(), seen: BTreeSet::new(), used: BTreeSet::new() }
    }

    /// The terms of a language.
    pub(super) fn of(policy: &'p Policy, language: &str) -> Self {
        let mut forms: Vec<(String, &str)> = Vec::new();
        for (id, term) in &policy.glossary {
            let own = term.forms.get(language).into_iter().flatten();
            forms.extend(own.map(|it| (it.to_lowercase(), id.as_str())));
        }
        forms.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        Self { forms, ..Self::none() }
    }

    /// Begins another clause: each term is linked once more.
    pub(super) fn next_clause(&mut self) {
        self.seen.clear();
    }

    /// The terms that the page used.
    pub(super) fn used(&self) -> &BTreeSet<&'p str> {
        &self.used
    }

    /// Adds a text with the first use of each term linked.
    pub(super) fn mark<'m>(&mut self, text: CowStr<'m>, out: &mut Vec<Event<'m>>) {
        let mut rest: &str = &text;
        let mut marked = false;
        let mut events: Vec<Event<'m>> = Vec::new();
        while let Some((from, to, id)) = self.next(rest) {
            let (before, form) = (rest.get(..from).unwrap_or(""), rest.get(from..to).unwrap_or(""));
            events.push(Event::Text(before.to_owned().into()));
            let link = format!("<a class=\"term\" href=\"#term-{id}\">{}</a>", escaped(form));
            events.push(Event::InlineHtml(link.into()));
            self.seen.insert(id);
            self.used.insert(id);
            rest = rest.get(to..).unwrap_or("");
            marked = true;
        }
        if marked {
            events.push(Event::Text(rest.to_owned().into()));
            out.extend(events);
        } else {
            out.push(Event::Text(text));
        }
    }

    /// The first form in a text whose term was not seen yet: its bytes and term.
    fn next(&self, text: &str) -> Option<(usize, usize, &'p str)> {
        // Lower case may change lengths outside of ASCII; such a text is compared as it stands.
        let lower = text.to_lowercase();
        let lower = if lower.len() == text.len() { lower } else { text.to_owned() };
        let found =
            self.forms.iter().filter(|it| !self.seen.contains(it.1)).filter_map(|(form, id)| {
                let whole = |at: &usize| alone(&lower, *at, form);
                let at = lower.match_indices(form.as_str()).map(|it| it.0).find(whole)?;
                Some((at, at.saturating_add(form.len()), *id))
            });
        // Earliest first; of two at one place the longer, which stands first in `forms`.
        found
            .min_by_key(|it| it.0)
            .filter(|it| text.is_char_boundary(it.0) && text.is_char_boundary(it.1))
    }
}

/// Whether a form is no part of a longer word; writing without spaces has no such parts.
fn alone(text: &str, at: usize, form: &str) -> bool {
    let spaced = |it: char| it.is_alphanumeric() && it.is_ascii();
    let before = text.get(..at).and_then(|it| it.chars().next_back());
    let after = text.get(at.saturating_add(form.len())..).and_then(|it| it.chars().next());
    let begins = form.chars().next().is_some_and(spaced);
    let ends = form.chars().next_back().is_some_and(spaced);
    !(begins && before.is_some_and(spaced) || ends && after.is_some_and(spaced))
}
