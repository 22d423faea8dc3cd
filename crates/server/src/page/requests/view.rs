//! What the pages of requests show: one template with its fields each.

use askama::Template;

use super::words::Say;
use crate::page::frame::Frame;

/// A line of a list of requests.
pub(crate) struct Line {
    pub(crate) href: String,
    pub(crate) right: String,
    pub(crate) state: &'static str,
    pub(crate) received: String,
    pub(crate) due: String,
    pub(crate) open: bool,
}

/// A purpose to object to.
pub(crate) struct Purpose {
    pub(crate) id: String,
    pub(crate) title: String,
}

/// The requests of whoever looks, and the form for a new one.
#[derive(Template)]
#[template(path = "requests.html")]
pub(crate) struct Requests {
    pub(crate) f: Frame,
    pub(crate) say: &'static Say,
    /// The address of this page.
    pub(crate) at: &'static str,
    pub(crate) lines: Vec<Line>,
    /// What can be asked for: the word of a right, and the wish in words.
    pub(crate) wishes: Vec<(&'static str, &'static str)>,
    pub(crate) purposes: Vec<Purpose>,
    /// Whether it is a browser without account.
    pub(crate) browser: bool,
    pub(crate) typed: Typed,
}

/// What was asked for and could not be taken so.
#[derive(Default)]
pub(crate) struct Typed {
    pub(crate) wrong: Option<String>,
    pub(crate) right: String,
    pub(crate) purpose: String,
    pub(crate) text: String,
}

/// Something that was said.
pub(crate) struct Said {
    pub(crate) who: &'static str,
    pub(crate) at: String,
    pub(crate) text: String,
}

/// Somebody who has not answered yet.
pub(crate) struct Left {
    pub(crate) to: String,
    pub(crate) since: String,
    pub(crate) accepted: bool,
}

/// How an account that is being closed can be kept.
#[derive(PartialEq, Eq)]
pub(crate) enum Keep {
    /// It is none, or it is too late.
    No,
    /// By whoever is signed in.
    Here,
    /// With the link of another mail, or signed in.
    ByMail,
}

/// One request: for the person, or for whoever has its link.
#[derive(Template)]
#[template(path = "request.html")]
pub(crate) struct Request {
    pub(crate) id: String,
    pub(crate) right: String,
    pub(crate) state: &'static str,
    pub(crate) received: String,
    pub(crate) due: Option<(&'static str, String)>,
    pub(crate) extended_from: Option<String>,
    pub(crate) duplicate_of: Option<String>,
    pub(crate) said: Vec<Said>,
    pub(crate) told: bool,
    pub(crate) left: Vec<Left>,
    /// The secret of the link; none where the person is signed in.
    pub(crate) token: String,
    pub(crate) code: bool,
    pub(crate) cancel: bool,
    pub(crate) keep: Keep,
    /// What stands elsewhere.
    pub(crate) hint: Option<&'static str>,
    /// The list, for whoever is signed in.
    pub(crate) back: Option<String>,
    /// Where what was asked for is.
    pub(crate) links: Vec<(String, &'static str)>,
    pub(crate) certificate: Option<String>,
    pub(crate) wrong: Option<String>,
    pub(crate) f: Frame,
    pub(crate) say: &'static Say,
}

/// A certificate of erasure, to print.
#[derive(Template)]
#[template(path = "certificate.html")]
pub(crate) struct Certificate {
    pub(crate) f: Frame,
    pub(crate) say: &'static Say,
    pub(crate) person: String,
    pub(crate) erased: String,
    pub(crate) erased_at: String,
    pub(crate) controller: String,
    pub(crate) policy: u32,
    pub(crate) hash: String,
    pub(crate) log: String,
    pub(crate) index: u64,
    pub(crate) key: String,
    pub(crate) request: String,
    pub(crate) save: String,
    pub(crate) text: String,
}
