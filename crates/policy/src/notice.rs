//! The notice that people read, its twin for machines, and what a version changed in it.

mod changes;
mod markdown;
mod page;
mod terms;
mod twin;

use std::fmt::Write as _;

pub use changes::word_diff;
pub use twin::twin;

use crate::policy::Policy;

/// Where the page's links lead. What is left out is not linked.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoticeContext<'c> {
    /// The list of versions: `/privacy/versions`.
    pub versions: Option<&'c str>,
    /// The twin for machines: `/privacy.json`.
    pub twin: Option<&'c str>,
    /// Where choices are changed: `/privacy/choices`.
    pub choices: Option<&'c str>,
    /// A sentence about this version, such as from when it counts; plain text.
    pub remark: Option<&'c str>,
}

/// The policy as an HTML fragment: `<article class="policy" lang="…">…</article>`.
///
/// Every clause is a section with its id as anchor. Raw HTML in the source is dropped, nothing is
/// loaded from elsewhere, and there is no script and no inline style.
pub fn html(policy: &Policy, language: &str, context: &NoticeContext<'_>) -> String {
    page::html(policy, language, context)
}

/// One clause as HTML without its heading, for a page that asks for consent to it.
pub fn clause_html(policy: &Policy, id: &str, language: &str) -> Option<String> {
    let clause = policy.clause(id)?;
    let prose = policy.fill(clause.prose.in_language(language), language, markdown::escape);
    Some(markdown::html(&prose, &mut terms::Terms::none()))
}

/// One clause as plain text without its heading.
pub fn clause_text(policy: &Policy, id: &str, language: &str) -> Option<String> {
    let clause = policy.clause(id)?;
    Some(markdown::text(&policy.fill(
        clause.prose.in_language(language),
        language,
        markdown::escape,
    )))
}

/// SHA-256 of what people read in a language, in hex: of every clause's title and text, as shown.
pub fn text_hash(policy: &Policy, language: &str) -> String {
    let mut text = String::with_capacity(64 * 1024);
    for clause in &policy.clauses {
        let title = policy.fill(clause.title.in_language(language), language, str::to_owned);
        let prose = policy.fill(clause.prose.in_language(language), language, str::to_owned);
        put(&mut text, format_args!("{}\n{title}\n{prose}\n", clause.id));
    }
    crate::rules::fingerprint(text.as_bytes())
}

/// Text as HTML.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Adds formatted text; a string never refuses it.
pub(crate) fn put(to: &mut String, what: std::fmt::Arguments<'_>) {
    let _infallible: std::fmt::Result = to.write_fmt(what);
}

#[cfg(test)]
mod tests;
