//! Faults as a terminal shows them.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{At, Diagnostic, Diagnostics, Severity};

/// All faults, each with its lines, and how many there are.
pub(super) fn render(all: &Diagnostics, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for fault in &all.faults {
        text.push_str(&renderer.render(&[group(all, fault)]));
        text.push_str("\n\n");
    }
    if all.more > 0 {
        text.push_str("… and ");
        text.push_str(&all.more.to_string());
        text.push_str(" more\n\n");
    }
    text
}

fn group<'a>(all: &'a Diagnostics, fault: &'a Diagnostic) -> Group<'a> {
    let level = match fault.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(fault.message.as_str()).id(fault.code.as_str());
    let (name, text) = all.file(fault.at.file);
    let mut snippet = Snippet::source(text).path(name).annotation(
        AnnotationKind::Primary.span(within(text, fault.at)).label(fault.label.as_str()),
    );
    let mut elsewhere = Vec::new();
    for (at, label) in &fault.also {
        if at.file == fault.at.file {
            let mark = AnnotationKind::Context.span(within(text, *at)).label(label.as_str());
            snippet = snippet.annotation(mark);
        } else {
            let (name, text) = all.file(at.file);
            let mark = AnnotationKind::Context.span(within(text, *at)).label(label.as_str());
            elsewhere.push(Snippet::source(text).path(name).annotation(mark));
        }
    }
    let mut group = if name.is_empty() { Group::with_title(title) } else { title.element(snippet) };
    group = group.elements(elsewhere);
    if !fault.help.is_empty() {
        group = group.element(Level::HELP.message(fault.help.as_str()));
    }
    group
}

/// The bytes of a place, moved to whole characters inside the text: the renderer demands both.
fn within(text: &str, at: At) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(at.start);
    let end = text.ceil_char_boundary(at.end).max(start);
    start..end
}
