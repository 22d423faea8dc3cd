//! What each page shows: one template with its fields.

use askama::Template;

use super::frame::Frame;
use super::young::Young;

/// The policy.
#[derive(Template)]
#[template(path = "policy.html")]
pub(crate) struct Policy {
    pub(crate) f: Frame,
    /// HTML that the policy's compiler made.
    pub(crate) body: String,
}

/// The versions of the policy.
#[derive(Template)]
#[template(path = "versions.html")]
pub(crate) struct Versions {
    pub(crate) f: Frame,
    pub(crate) versions: Vec<Version>,
}

/// One version.
pub(crate) struct Version {
    pub(crate) number: u32,
    pub(crate) updated: String,
    pub(crate) updated_day: String,
    pub(crate) effective_day: String,
    pub(crate) hash: String,
    pub(crate) current: bool,
}

/// A region to choose.
pub(crate) struct RegionChoice {
    pub(crate) code: String,
    pub(crate) title: String,
}

/// A fault in a form.
pub(crate) struct FieldFault {
    pub(crate) field: String,
    pub(crate) say: String,
}

/// What was typed already. Not the password.
#[derive(Default)]
pub(crate) struct Given {
    pub(crate) birth_date: String,
    pub(crate) region: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) name: String,
    pub(crate) guardian: String,
    pub(crate) person: String,
}

/// Registration: the age, the details, the code.
#[derive(Template)]
#[template(path = "register.html")]
pub(crate) struct Register {
    pub(crate) f: Frame,
    pub(crate) step: u8,
    pub(crate) y: &'static Young,
    /// Whether a guardian is asked for.
    pub(crate) minor: bool,
    /// Whether nothing but a guardian is asked for.
    pub(crate) child: bool,
    pub(crate) errors: Vec<FieldFault>,
    pub(crate) regions: Vec<RegionChoice>,
    pub(crate) given: Given,
    pub(crate) left_out: LeftOut,
}

impl Register {
    /// Whether something is wrong with a field.
    fn bad(&self, field: &str) -> bool {
        self.errors.iter().any(|it| it.field == field)
    }
}

/// What follows from leaving a field out, as the policy says it.
#[derive(Default)]
pub(crate) struct LeftOut {
    pub(crate) email: String,
    pub(crate) password: String,
    pub(crate) phone: String,
    pub(crate) name: String,
}

/// Signing in, by password or by code.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub(crate) struct SignIn {
    pub(crate) f: Frame,
    pub(crate) regions: Vec<RegionChoice>,
    pub(crate) region: String,
    /// The address, as it was typed.
    pub(crate) email: String,
    /// The address that a code was sent to.
    pub(crate) code_for: Option<String>,
    pub(crate) wrong: Option<String>,
}

/// The privacy centre.
#[derive(Template)]
#[template(path = "me.html")]
pub(crate) struct Me {
    pub(crate) f: Frame,
    pub(crate) values: Vec<ValueCard>,
    pub(crate) events_line: String,
    /// When the account goes, while it is being closed.
    pub(crate) closing: Option<String>,
    pub(crate) closing_request: String,
    /// A new address that waits to be proved.
    pub(crate) waiting: Option<NewAddress>,
    /// A new version of the policy.
    pub(crate) change: Option<super::change::Card>,
    /// What the link to what was agreed to says.
    pub(crate) accepted: &'static str,
    /// What the link to transfers says.
    pub(crate) transfers: &'static str,
    /// What the link to messages to the browser says.
    pub(crate) push: &'static str,
    /// What the young are told, and who came of age.
    pub(crate) young: Option<YoungNotice>,
}

/// A notice with something to do.
pub(crate) struct YoungNotice {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) href: String,
    pub(crate) label: &'static str,
}

/// A new address that waits to be proved.
pub(crate) struct NewAddress {
    /// Whose.
    pub(crate) person: String,
    pub(crate) value: String,
    pub(crate) until: String,
}

/// One value in the privacy centre.
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the card")]
pub(crate) struct ValueCard {
    pub(crate) category: String,
    pub(crate) title: String,
    pub(crate) shown: String,
    pub(crate) source: String,
    pub(crate) collected: String,
    pub(crate) collected_day: String,
    pub(crate) purposes: String,
    pub(crate) recipients: String,
    pub(crate) due: String,
    pub(crate) clause: String,
    pub(crate) required: bool,
    /// Whether registration asks for it in any case, although it may be deleted afterwards.
    pub(crate) asked: bool,
    pub(crate) correctable: bool,
    pub(crate) deletable: bool,
    /// Whether it is proved, where that is looked at, and what leads to the page that proves it.
    pub(crate) proved: Option<&'static str>,
    pub(crate) prove: Option<&'static str>,
    /// The legal hold that it lies under.
    pub(crate) hold: Option<OnHold>,
}

/// What is said of a value under a legal hold.
pub(crate) struct OnHold {
    pub(crate) text: &'static str,
    pub(crate) ground: String,
    pub(crate) until: String,
    pub(crate) clause: String,
}

/// A question with one field or none, and a way back.
#[derive(Template)]
#[template(path = "edit.html")]
pub(crate) struct Edit {
    pub(crate) f: Frame,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) action: String,
    pub(crate) confirm: String,
    /// `primary`, or `danger` for what cannot be undone.
    pub(crate) tone: &'static str,
    pub(crate) field: Option<Field>,
    pub(crate) wrong: Option<String>,
}

/// The field of a question.
pub(crate) struct Field {
    pub(crate) label: String,
    pub(crate) kind: &'static str,
    pub(crate) value: String,
}

/// Who used what.
#[derive(Template)]
#[template(path = "uses.html")]
pub(crate) struct Uses {
    pub(crate) f: Frame,
    pub(crate) lines: Vec<UseLine>,
    pub(crate) next: Option<String>,
}

/// One use or refusal.
pub(crate) struct UseLine {
    pub(crate) at: String,
    pub(crate) at_shown: String,
    pub(crate) what: String,
    pub(crate) line: String,
    pub(crate) permitted: bool,
    pub(crate) clauses: Vec<String>,
    pub(crate) record: String,
    pub(crate) index: Option<u64>,
}

/// The choices.
#[derive(Template)]
#[template(path = "choices.html")]
pub(crate) struct Choices {
    pub(crate) f: Frame,
    pub(crate) purposes: Vec<PurposeChoice>,
    pub(crate) text_hash: String,
    pub(crate) signalled: bool,
    pub(crate) receipt: Option<String>,
}

/// One purpose to choose.
pub(crate) struct PurposeChoice {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) clause: String,
    pub(crate) given: bool,
}

/// A sentence or two, and where to go from there.
#[derive(Template)]
#[template(path = "message.html")]
pub(crate) struct Message {
    pub(crate) f: Frame,
    pub(crate) title: String,
    pub(crate) lead: String,
    pub(crate) lines: Vec<String>,
    /// The clauses that say so.
    pub(crate) clauses: Vec<String>,
    pub(crate) link: Option<(String, String)>,
    /// Another way.
    pub(crate) also: Option<(String, String)>,
}

impl Message {
    /// A title and a sentence.
    pub(crate) fn new(f: Frame, (title, lead): (&str, &str)) -> Self {
        let (title, lead) = (title.to_owned(), lead.to_owned());
        Self { f, title, lead, lines: Vec::new(), clauses: Vec::new(), link: None, also: None }
    }
}

/// Everything that is held, to read.
#[derive(Template)]
#[template(path = "export.html")]
pub(crate) struct Export {
    pub(crate) f: Frame,
    /// Where the file is.
    pub(crate) file: &'static str,
    pub(crate) sections: Vec<Section>,
}

/// A part of an export.
pub(crate) struct Section {
    pub(crate) title: String,
    pub(crate) rows: Vec<(String, String)>,
}

/// The mails of the demonstration.
#[derive(Template)]
#[template(path = "mail.html")]
pub(crate) struct Mails {
    pub(crate) f: Frame,
    pub(crate) mails: Vec<Mail>,
}

/// One mail.
pub(crate) struct Mail {
    pub(crate) subject: String,
    pub(crate) to: String,
    pub(crate) at: String,
    pub(crate) at_shown: String,
    pub(crate) code: Option<String>,
    pub(crate) body: String,
}

/// The question behind the link in the mail about a closing.
#[derive(Template)]
#[template(path = "keep.html")]
pub(crate) struct Keep {
    pub(crate) f: Frame,
    pub(crate) title: String,
    pub(crate) action: String,
    pub(crate) request: String,
    pub(crate) person: String,
    pub(crate) token: String,
}
