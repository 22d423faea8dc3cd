//! The desk in the configuration: who is called, where mail comes in, answers that are at hand.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use flows::Secret;
use flows::messages::{Canned, Desk};
use serde::Deserialize;

use super::End;

/// Letters of the secret of whoever brings mail, at least.
const SECRET_MIN: usize = 24;

/// `[desk]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Section {
    #[serde(default)]
    managers: Vec<String>,
    mailbox: Option<PathBuf>,
    mail_server: Option<String>,
    mail_secret: Option<String>,
    #[serde(default)]
    answer: Vec<Answer>,
}

/// `[[desk.answer]]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    id: String,
    title: String,
    text: Text,
}

/// A text, or one for each language.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    One(String),
    Each(BTreeMap<String, String>),
}

/// Reads the section `[desk]`; nothing is configured where there is none.
pub(super) fn read(path: &Path, data: &Path) -> Result<Desk, End> {
    let Some(value) = super::config::section(path, "desk")? else { return Ok(Desk::default()) };
    let section: Section = value.try_into().map_err(|_| wrong(path, SHAPE))?;
    if section.mailbox.as_ref().is_some_and(|it| it.starts_with(data)) {
        return Err(wrong(path, "mail in the clear does not belong into the data folder"));
    }
    if section.mail_secret.as_ref().is_some_and(|it| it.len() < SECRET_MIN) {
        let say = format!("`mail_secret` has fewer than {SECRET_MIN} letters");
        return Err(wrong(path, &say));
    }
    if let Some(bad) = section.managers.iter().find(|it| !it.contains('@')) {
        return Err(wrong(path, &format!("`{bad}` is no email address")));
    }
    let takes_mail = section.mailbox.is_some() || section.mail_secret.is_some();
    if takes_mail && section.managers.is_empty() {
        let say = "mail comes in here: name `managers`, who are called when time runs out; a mail to \
                   the address of the policy would only come back";
        return Err(wrong(path, say));
    }
    Ok(Desk {
        managers: section.managers,
        mailbox: section.mailbox,
        mail_server: section.mail_server,
        secret: section.mail_secret.map(Secret::given),
        answers: section.answer.into_iter().map(canned).collect(),
    })
}

fn canned(answer: Answer) -> Canned {
    let text = match answer.text {
        Text::One(text) => BTreeMap::from([("en".to_owned(), text)]),
        Text::Each(each) => each,
    };
    Canned { id: answer.id, title: answer.title, text }
}

const SHAPE: &str = "write `managers = [\"…\"]`, `mailbox = \"DIR\"`, `mail_secret = \"…\"`, \
                     `mail_server = \"…\"`, and `[[desk.answer]]` with `id`, `title`, `text`";

fn wrong(path: &Path, say: &str) -> End {
    End::Wrong(format!("`[desk]` in `{}`: {say}", path.display()))
}
