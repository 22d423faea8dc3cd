//! A mail, taken apart: who wrote it, what, in answer to what, and whether it was a machine.

use decide::id::MessageId;
use mail_parser::{HeaderValue, Message, MessageParser, MimeHeaders as _};

use super::super::thread::{Answered, named};
use super::sender;
use crate::limit::{MESSAGE_BYTES_MAX, NAMED_MAX};

/// What is read of a mail. Attachments are not taken in.
pub(super) struct Letter {
    /// The address of whoever wrote it.
    pub(super) from: String,
    /// Its `Message-ID`, with its brackets.
    pub(super) id: Option<String>,
    subject: String,
    text: String,
    attachments: usize,
    /// The language that it says it is in.
    pub(super) language: String,
    /// The conversations that it names, wherever, the nearest first. That proves nothing.
    pub(super) named: Vec<MessageId>,
    /// The mails that it answers, the nearest first; of one that came back, those in it.
    pub(super) answers: Vec<Answered>,
    /// What mail servers on its way say of the sender: `Authentication-Results`.
    results: Vec<String>,
    /// Whether a machine wrote it.
    pub(super) automatic: bool,
    /// Whether it says that a mail of ours came back.
    pub(super) bounced: bool,
}

impl Letter {
    /// Reads a mail; `None` for what is none, and for what the library that takes mails apart does not
    /// bear: nobody stops the mailbox by what they write.
    pub(super) fn read(raw: &[u8]) -> Option<Self> {
        std::panic::catch_unwind(|| Self::taken_apart(raw)).unwrap_or_else(|_| {
            tracing::warn!(bytes = raw.len(), "a mail cannot be taken apart");
            None
        })
    }

    fn taken_apart(raw: &[u8]) -> Option<Self> {
        let mail = MessageParser::default().parse(raw)?;
        let bounced = bounced(&mail);
        let from = mail.from().and_then(|it| it.first()).and_then(|it| it.address());
        if from.is_none() && !bounced {
            return None;
        }
        let language = mail.header("Content-Language").and_then(HeaderValue::as_text);
        Some(Self {
            from: from.unwrap_or("").to_owned(),
            id: mail.message_id().filter(|it| fits(it)).map(|it| format!("<{it}>")),
            subject: mail.subject().unwrap_or("").to_owned(),
            text: body(&mail),
            attachments: mail.attachment_count(),
            language: language.unwrap_or("").to_owned(),
            named: all_named(&mail),
            answers: all_answered(&mail, bounced),
            results: results(&mail),
            automatic: bounced || automatic(&mail),
            bounced,
        })
    }

    /// Whether this mail server, which is our own, says that it does not come from whom it names.
    pub(super) fn is_forged(&self, server: &str) -> bool {
        sender::is_forged(self.results.iter().map(String::as_str), server)
    }

    /// What is kept of it: subject and text, as much as there is room for.
    pub(super) fn whole(&self) -> String {
        let subject: String = self.subject.chars().filter(|it| !it.is_control()).collect();
        // Of what cannot be shown, nothing is kept.
        let shown = |it: &char| !it.is_control() || matches!(it, '\n' | '\t');
        let text: String = self.text.chars().filter(shown).collect();
        let mut whole = format!("{subject}\n\n{}", text.trim()).trim().to_owned();
        let files = match self.attachments {
            0 => String::new(),
            n => format!("\n\n[{n} attached, not taken in]"),
        };
        let room = MESSAGE_BYTES_MAX.saturating_sub(files.len());
        while whole.len() > room {
            whole.pop();
        }
        whole.push_str(&files);
        whole
    }
}

/// Whether an id can stand in a header of ours.
fn fits(id: &str) -> bool {
    id.len() <= 250 && id.bytes().all(|it| it.is_ascii_graphic() && it != b'<' && it != b'>')
}

fn body(mail: &Message<'_>) -> String {
    mail.body_text(0).map(std::borrow::Cow::into_owned).unwrap_or_default()
}

/// What a mail says that it answers, the nearest first.
fn before(mail: &Message<'_>) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for header in [mail.in_reply_to(), mail.references()] {
        let mut ids: Vec<String> = match header.as_text_list() {
            Some(list) => list.iter().map(ToString::to_string).collect(),
            None => header.as_text().map(str::to_owned).into_iter().collect(),
        };
        // The nearest stands last.
        ids.reverse();
        texts.append(&mut ids);
    }
    texts
}

/// The conversations that a mail names: in what it answers, then in its subject.
fn all_named(mail: &Message<'_>) -> Vec<MessageId> {
    let mut texts = before(mail);
    texts.extend(mail.subject().map(str::to_owned));
    few(texts.iter().flat_map(|it| named(it)))
}

/// The mails of ours that a mail says it answers, or that came back in it.
fn all_answered(mail: &Message<'_>, bounced: bool) -> Vec<Answered> {
    let mut texts = before(mail);
    if bounced {
        texts.push(String::from_utf8_lossy(mail.raw_message()).into_owned());
    }
    few(texts.iter().flat_map(|it| Answered::all(it)))
}

/// The first few, each once.
fn few<T: PartialEq>(all: impl Iterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for it in all {
        if found.len() >= NAMED_MAX {
            break;
        }
        if !found.contains(&it) {
            found.push(it);
        }
    }
    found
}

fn results(mail: &Message<'_>) -> Vec<String> {
    let all = mail.headers_raw().filter(|it| it.0.eq_ignore_ascii_case("Authentication-Results"));
    all.take(RESULTS_MAX).map(|it| it.1.to_owned()).collect()
}

/// Servers on the way of a mail whose results are looked at, the nearest first.
const RESULTS_MAX: usize = 16;

fn text<'m>(mail: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    mail.header_raw(name).map(str::trim)
}

/// RFC 3834, and what lists and older programs write.
fn automatic(mail: &Message<'_>) -> bool {
    let says = text(mail, "Auto-Submitted");
    let word = |it: &str| it.split([';', ' ']).next().unwrap_or("").to_ascii_lowercase();
    let bulk = text(mail, "Precedence").map(word);
    says.is_some_and(|it| word(it) != "no")
        || bulk.is_some_and(|it| matches!(it.as_str(), "bulk" | "junk" | "list" | "auto_reply"))
        || ["List-Id", "X-Autoreply", "X-Autorespond"].iter().any(|it| text(mail, it).is_some())
}

/// A report of delivery, or a mail that nobody is to be answered by.
fn bounced(mail: &Message<'_>) -> bool {
    let report = mail.content_type().is_some_and(|it| {
        it.ctype().eq_ignore_ascii_case("multipart")
            && it.subtype().is_some_and(|sub| sub.eq_ignore_ascii_case("report"))
    });
    let nobody = text(mail, "Return-Path").is_some_and(|it| it == "<>");
    let from = mail.from().and_then(|it| it.first()).and_then(|it| it.address());
    let daemon = from.is_some_and(|it| {
        let local = it.split('@').next().unwrap_or("").to_ascii_lowercase();
        local == "mailer-daemon"
    });
    report || nobody || daemon
}

#[cfg(test)]
mod tests;
