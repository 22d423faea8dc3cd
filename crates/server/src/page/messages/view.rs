//! What each page about messages shows.

use askama::Template;

use super::words::Words;
use crate::page::frame::Frame;
use crate::page::view::{FieldFault, RegionChoice};

/// The form.
#[derive(Template)]
#[template(path = "contact.html")]
pub(crate) struct Contact {
    pub(crate) f: Frame,
    pub(crate) m: &'static Words,
    pub(crate) errors: Vec<FieldFault>,
    pub(crate) given: Given,
    pub(crate) regions: Vec<RegionChoice>,
    pub(crate) shown: String,
    /// Within which time each is answered, in words.
    pub(crate) message_within: String,
    pub(crate) complaint_within: String,
    pub(crate) kept: String,
    pub(crate) lines: Vec<String>,
}

impl Contact {
    /// Whether something is wrong with a field.
    fn bad(&self, field: &str) -> bool {
        self.errors.iter().any(|it| it.field == field)
    }
}

/// What was typed already.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) kind: String,
    pub(crate) text: String,
    pub(crate) reply_to: String,
    pub(crate) region: String,
}

/// It arrived.
#[derive(Template)]
#[template(path = "arrived.html")]
pub(crate) struct Arrived {
    pub(crate) f: Frame,
    pub(crate) m: &'static Words,
    pub(crate) number: String,
    pub(crate) due: String,
    pub(crate) due_shown: String,
}

/// The figures.
#[derive(Template)]
#[template(path = "service.html")]
pub(crate) struct Service {
    pub(crate) f: Frame,
    pub(crate) m: &'static Words,
    pub(crate) kinds: Vec<OfKind>,
}

/// The figures of a kind.
pub(crate) struct OfKind {
    pub(crate) title: &'static str,
    /// The clause that promises it, and the promise in words.
    pub(crate) promise: Option<(String, String)>,
    pub(crate) rows: Vec<Figures>,
}

/// The figures of a period.
pub(crate) struct Figures {
    pub(crate) period: &'static str,
    pub(crate) in_time: u64,
    pub(crate) late: u64,
    pub(crate) unanswered: u64,
    pub(crate) share: String,
}

/// A person's conversations.
#[derive(Template)]
#[template(path = "messages.html")]
pub(crate) struct Mine {
    pub(crate) f: Frame,
    pub(crate) m: &'static Words,
    pub(crate) lines: Vec<Line>,
    pub(crate) next: Option<String>,
}

/// A conversation in a list.
pub(crate) struct Line {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) state: &'static str,
    pub(crate) open: bool,
    pub(crate) received: String,
    pub(crate) received_shown: String,
    pub(crate) due: String,
    pub(crate) due_shown: String,
    pub(crate) outcome: Option<&'static str>,
}

/// One conversation.
#[derive(Template)]
#[template(path = "conversation.html")]
pub(crate) struct One {
    pub(crate) m: &'static Words,
    pub(crate) line: Line,
    pub(crate) said: Vec<Said>,
    pub(crate) typed: String,
    pub(crate) wrong: Option<String>,
    /// Whether something was just sent.
    pub(crate) sent: bool,
    pub(crate) f: Frame,
}

/// What was said once.
pub(crate) struct Said {
    pub(crate) class: &'static str,
    pub(crate) who: &'static str,
    pub(crate) at: String,
    pub(crate) at_shown: String,
    pub(crate) text: String,
}
