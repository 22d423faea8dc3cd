//! Markdown to HTML that is safe to show: no raw HTML, no images, no scripts behind links.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use super::terms::Terms;

/// Links may lead here; everything else becomes plain text.
const SCHEMES: [&str; 5] = ["https:", "http:", "mailto:", "tel:", "/"];

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

/// Escapes what is filled into Markdown.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(
            letter,
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&'
        ) {
            safe.push('\\');
        }
        safe.push(if letter == '\n' { ' ' } else { letter });
    }
    safe
}

/// HTML of some Markdown, with terms of the glossary linked.
pub(super) fn html(markdown: &str, terms: &mut Terms<'_>) -> String {
    let mut walk = Walk { links: Vec::new(), quiet: 0 };
    let mut events: Vec<Event<'_>> = Vec::new();
    for event in Parser::new_ext(markdown, options()) {
        walk.event(event, terms, &mut events);
    }
    let mut html = String::new();
    push_html(&mut html, events.into_iter());
    html
}

/// The words of some Markdown.
pub(super) fn text(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, options()) {
        if let Event::Text(it) | Event::Code(it) = &event {
            text.push_str(it);
        } else if matches!(
            event,
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::TableCell)
        ) {
            text.push(' ');
        } else if let Event::End(
            TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::Heading(_),
        ) = event
        {
            text.push('\n');
        }
    }
    text.trim().to_owned()
}

struct Walk {
    /// For each open link, whether it is kept.
    links: Vec<bool>,
    /// How many open elements leave terms unlinked.
    quiet: u32,
}

impl Walk {
    fn event<'m>(&mut self, event: Event<'m>, terms: &mut Terms<'_>, out: &mut Vec<Event<'m>>) {
        if matches!(event, Event::Html(_) | Event::InlineHtml(_)) {
            return;
        }
        if let Event::Start(tag) = event {
            out.extend(self.start(tag).map(Event::Start));
        } else if let Event::End(tag) = event {
            out.extend(self.end(tag).map(Event::End));
        } else if let (Event::Text(text), 0) = (&event, self.quiet) {
            terms.mark(text.clone(), out);
        } else {
            out.push(event);
        }
    }

    /// What becomes of an element that begins.
    fn start<'m>(&mut self, tag: Tag<'m>) -> Option<Tag<'m>> {
        if let Tag::Link { dest_url, .. } = &tag {
            let kept = safe(dest_url);
            self.links.push(kept);
            self.quiet = self.quiet.saturating_add(1);
            return kept.then_some(tag);
        }
        if matches!(tag, Tag::Image { .. } | Tag::HtmlBlock) {
            return None;
        }
        if matches!(tag, Tag::Heading { .. } | Tag::CodeBlock(_)) {
            self.quiet = self.quiet.saturating_add(1);
        }
        Some(if matches!(tag, Tag::Heading { .. }) { heading() } else { tag })
    }

    /// What becomes of an element that ends.
    fn end(&mut self, tag: TagEnd) -> Option<TagEnd> {
        if matches!(tag, TagEnd::Link | TagEnd::Heading(_) | TagEnd::CodeBlock) {
            self.quiet = self.quiet.saturating_sub(1);
        }
        if matches!(tag, TagEnd::Link) {
            return self.links.pop().unwrap_or(false).then_some(tag);
        }
        if matches!(tag, TagEnd::Image | TagEnd::HtmlBlock) {
            return None;
        }
        Some(if matches!(tag, TagEnd::Heading(_)) {
            TagEnd::Heading(HeadingLevel::H5)
        } else {
            tag
        })
    }
}

/// Headings inside of prose stand below those of clauses.
fn heading<'m>() -> Tag<'m> {
    Tag::Heading { level: HeadingLevel::H5, id: None, classes: Vec::new(), attrs: Vec::new() }
}

/// Whether a link may be followed.
fn safe(url: &CowStr<'_>) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    let elsewhere = lower.starts_with("//") || lower.starts_with("/\\");
    lower.starts_with('#') || !elsewhere && SCHEMES.iter().any(|it| lower.starts_with(it))
}
