//! Markdown to HTML that is safe to show: no raw HTML, no images, no scripts behind links.

use pulldown_cmark::{html::push_html, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::terms::Terms;

/// Links may lead here; everything else becomes plain text.
const SCHEMES: [&str; 5] = ["https:", "http:", "mailto:", "tel:", "/"];

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION
}

/// Escapes what is filled into Markdown.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&') {
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
        match &event {
            Event::Text(it) | Event::Code(it) => text.push_str(it),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ if matches!(event, Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableRow | TagEnd::Heading(_))) => {
                text.push('\n');
            }
            _ if matches!(event, Event::End(TagEnd::TableCell)) => text.push(' '),
            _ => {}
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
        match event {
            Event::Html(_) | Event::InlineHtml(_) => {}
            Event::Start(tag) => self.start(tag, out),
            Event::End(tag) => self.end(tag, out),
            Event::Text(it) if self.quiet == 0 => terms.mark(it, out),
            other => out.push(other),
        }
    }

    fn start<'m>(&mut self, tag: Tag<'m>, out: &mut Vec<Event<'m>>) {
        match tag {
            Tag::Link { ref dest_url, .. } => {
                let kept = safe(dest_url);
                self.links.push(kept);
                self.quiet = self.quiet.saturating_add(1);
                if kept {
                    out.push(Event::Start(tag));
                }
            }
            Tag::Image { .. } | Tag::HtmlBlock => {}
            Tag::Heading { .. } => {
                self.quiet = self.quiet.saturating_add(1);
                out.push(Event::Start(heading()));
            }
            Tag::CodeBlock(_) => {
                self.quiet = self.quiet.saturating_add(1);
                out.push(Event::Start(tag));
            }
            other => out.push(Event::Start(other)),
        }
    }

    fn end<'m>(&mut self, tag: TagEnd, out: &mut Vec<Event<'m>>) {
        match tag {
            TagEnd::Link => {
                self.quiet = self.quiet.saturating_sub(1);
                if self.links.pop().unwrap_or(false) {
                    out.push(Event::End(tag));
                }
            }
            TagEnd::Image | TagEnd::HtmlBlock => {}
            TagEnd::Heading(_) => {
                self.quiet = self.quiet.saturating_sub(1);
                out.push(Event::End(TagEnd::Heading(HeadingLevel::H4)));
            }
            TagEnd::CodeBlock => {
                self.quiet = self.quiet.saturating_sub(1);
                out.push(Event::End(tag));
            }
            other => out.push(Event::End(other)),
        }
    }
}

/// Headings inside of prose stand below those of clauses.
fn heading<'m>() -> Tag<'m> {
    Tag::Heading { level: HeadingLevel::H4, id: None, classes: Vec::new(), attrs: Vec::new() }
}

/// Whether a link may be followed.
fn safe(url: &CowStr<'_>) -> bool {
    let lower = url.trim().to_ascii_lowercase();
    let elsewhere = lower.starts_with("//") || lower.starts_with("/\\");
    lower.starts_with('#') || !elsewhere && SCHEMES.iter().any(|it| lower.starts_with(it))
}
