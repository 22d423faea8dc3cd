//! What each page about the young and their guardians shows: one template with its fields.

use askama::Template;

use super::frame::Frame;
use super::view::{PurposeChoice, UseLine, ValueCard};
use super::young::Young;

/// Asking a guardian.
#[derive(Template)]
#[template(path = "ask_guardian.html")]
pub(crate) struct AskGuardian {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    /// `none`, `asked`, `invited`, `reached`, `agreed`.
    pub(crate) state: String,
    pub(crate) until: Option<String>,
    /// The link that was just made.
    pub(crate) link: Option<String>,
    pub(crate) email: String,
    pub(crate) wrong: Option<String>,
}

/// What a guardian sees before deciding: first the question, then the field for the code.
#[derive(Template)]
#[template(path = "guardian.html")]
pub(crate) struct Guardian {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    pub(crate) action: String,
    pub(crate) child: String,
    pub(crate) region: String,
    pub(crate) until: String,
    pub(crate) version: u32,
    pub(crate) hash: String,
    /// Whether the guardian has to say by which address to be reached.
    pub(crate) asks_email: bool,
    /// Whether a phone number will do as well.
    pub(crate) by_phone: bool,
    pub(crate) email: String,
    pub(crate) birth_date: String,
    /// Whether a code was sent, and is asked for.
    pub(crate) code: bool,
    pub(crate) wrong: Option<String>,
}

/// A guardian comes in again.
#[derive(Template)]
#[template(path = "child_sign_in.html")]
pub(crate) struct ChildSignIn {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    /// Whether a phone number will do as well.
    pub(crate) by_phone: bool,
    pub(crate) email: String,
    pub(crate) code: bool,
    pub(crate) wrong: Option<String>,
}

/// A guardian's page for a child.
#[derive(Template)]
#[template(path = "child.html")]
pub(crate) struct Child {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    pub(crate) values: Vec<ValueCard>,
    pub(crate) events_line: String,
    /// What a new version of the policy changes.
    pub(crate) change: Option<super::change::Card>,
    pub(crate) closing: Option<String>,
    pub(crate) closing_request: String,
}

/// The choices for a child.
#[derive(Template)]
#[template(path = "child_choices.html")]
pub(crate) struct ChildChoices {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    pub(crate) purposes: Vec<PurposeChoice>,
    pub(crate) text_hash: String,
}

/// Who used what of a child.
#[derive(Template)]
#[template(path = "child_uses.html")]
pub(crate) struct ChildUses {
    pub(crate) f: Frame,
    pub(crate) y: &'static Young,
    pub(crate) lines: Vec<UseLine>,
    pub(crate) next: Option<String>,
}

/// A question about a child with one field or none.
#[derive(Template)]
#[template(path = "child_edit.html")]
pub(crate) struct ChildEdit {
    pub(crate) f: Frame,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) action: String,
    pub(crate) confirm: String,
    pub(crate) tone: &'static str,
    pub(crate) field: Option<super::view::Field>,
    pub(crate) wrong: Option<String>,
}
