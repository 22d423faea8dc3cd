//! The mails that a demonstration wrote to its folder, newest first. Without a demonstration there
//! is no such page: mails belong to whom they were sent to.

use std::collections::BTreeMap;
use std::path::Path;

use axum::extract::State;
use mail_parser::MessageParser;

use super::shared::{Ask, html, not_found};
use super::{date, view};
use crate::{App, Reply};

/// Mails on the page.
const MAILS_MAX: usize = 100;
/// Bytes of one mail that are read.
const MAIL_BYTES_MAX: u64 = 256 * 1024;

/// The newest mails.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("mail", "/mail"));
    let Some(folder) = app.settings.mails_shown.as_deref() else { return not_found(f) };
    let mut names = names(folder).await;
    names.sort_by(|one, other| other.cmp(one));
    let mut mails = Vec::new();
    for name in names.into_iter().take(MAILS_MAX) {
        let mail = read(&folder.join(name)).await;
        mails.extend(mail.map(|it| view::Mail { at_shown: date::second(&f, &it.at), ..it }));
    }
    Reply::public_page(200, html(&view::Mails { f, mails }))
}

/// Takes the mails that hold a one-time code out of the folder, and answers code by address.
pub(crate) async fn take_codes(folder: &Path) -> BTreeMap<String, String> {
    let mut codes = BTreeMap::new();
    for name in names(folder).await {
        let path = folder.join(name);
        let Some(mail) = read(&path).await else { continue };
        if let Some(code) = mail.code {
            codes.insert(mail.to, code);
            // What cannot be removed is shown; that does no harm.
            tokio::fs::remove_file(path).await.ok();
        }
    }
    codes
}

async fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    let Ok(mut entries) = tokio::fs::read_dir(folder).await else { return names };
    while let Ok(Some(entry)) = entries.next_entry().await {
        let name = entry.file_name().to_string_lossy().into_owned();
        if Path::new(&name).extension().is_some_and(|it| it == "eml") {
            names.push(name);
        }
    }
    names
}

async fn read(path: &Path) -> Option<view::Mail> {
    let size = tokio::fs::metadata(path).await.ok()?.len();
    if size > MAIL_BYTES_MAX {
        return None;
    }
    let bytes = tokio::fs::read(path).await.ok()?;
    let mail = MessageParser::default().parse(&bytes)?;
    let body = mail.body_text(0)?.into_owned();
    let to = mail.to().and_then(|it| it.first()).and_then(|it| it.address());
    Some(view::Mail {
        subject: mail.subject().unwrap_or("").to_owned(),
        to: to.unwrap_or("").to_owned(),
        at: mail.date().map_or_else(String::new, mail_parser::DateTime::to_rfc3339),
        at_shown: String::new(),
        code: code(&body),
        body,
    })
}

/// The one-time code in a mail: six digits that stand alone.
fn code(body: &str) -> Option<String> {
    let digits = |it: &&str| it.len() == 6 && it.bytes().all(|byte| byte.is_ascii_digit());
    body.split(|it: char| !it.is_ascii_alphanumeric()).find(digits).map(str::to_owned)
}
