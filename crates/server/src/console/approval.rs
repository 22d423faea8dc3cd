//! A draft that waits for a second officer: what it changes and whom it affects, its text in each language
//! with every word that differs, and agreeing to exactly that.

use axum::extract::State;
use flows::Stop;
use flows::change::{self, Handed};
use flows::security::Role;
use policy::Policy;
use policy::notice::{self, NoticeContext};

use super::desk::{Desk, Wrong, shown};
use super::policy::{PATH, SEE};
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part, Tab};
use super::words::Words;
use super::{draft, part};
use crate::page::{Fields, field, in_its_own_words};
use crate::path::Path;
use crate::{App, Reply};

/// Who approves one.
const MAY: &[Role] = &[Role::Officer];
/// How much of the hash stands in a sentence: enough to tell two drafts apart.
const SHORT: usize = "sha256:".len() + 12;

/// A draft, to be read.
pub(super) async fn show(
    State(app): State<App>,
    Path(version): Path<String>,
    desk: Desk,
) -> Result<Reply, Reply> {
    page(&app, &desk, number(&app, &desk, &version)?, None).await
}

/// A second officer agrees to the draft that they read.
pub(super) async fn approve(
    State(app): State<App>,
    Path(version): Path<String>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let version = number(&app, &desk, &version)?;
    let read = (version, field(&fields, "draft_hash"));
    match change::approve(&app.flows, read, &desk.member.id, app.now()).await {
        Ok(_) => {
            app.wake();
            Ok(desk.back_to(PATH))
        }
        Err(stop) => {
            let waiting = change::proposals(&app.flows).await;
            let waiting = waiting.map_err(|stop| desk.stopped(&app, stop))?;
            if !waiting.iter().any(|it| it.version == version) {
                return Err(desk.stopped(&app, stop));
            }
            let wrong = desk.wrong(&app, stop, ("approve", &fields))?;
            page(&app, &desk, version, Some(wrong)).await
        }
    }
}

fn number(app: &App, desk: &Desk, version: &str) -> Result<u32, Reply> {
    version.parse().map_err(|_| desk.stopped(app, Stop::NotFound))
}

async fn page(
    app: &App,
    desk: &Desk,
    version: u32,
    wrong: Option<Wrong<'_>>,
) -> Result<Reply, Reply> {
    desk.may(app, SEE)?;
    let stop = |stop| desk.stopped(app, stop);
    let handed = change::handed_in(&app.flows, version, app.now()).await.map_err(stop)?;
    let stored = flows::notice::versions(&app.flows).await.map_err(stop)?;
    let f = desk.frame(app);
    let w = f.w;
    let mut parts = vec![facts(app, desk, w, &handed)];
    match &handed.planned {
        Ok(plan) => parts.extend(draft::planned(w, plan)),
        Err(say) => {
            parts.push(Part::Text { title: w.draft_faults.to_owned(), text: say.clone() });
        }
    }
    // A draft that was compiled when it came in; of one that is not, its faults stand above.
    let draft = policy::compile(&handed.folder).ok();
    let mut tabs = Vec::new();
    if let Some(draft) = &draft {
        let asked = desk.get("text");
        let languages = &draft.header.languages;
        let shown = languages.iter().find(|it| *it == asked);
        let shown = shown.map_or(draft.header.main_language(), String::as_str);
        tabs.extend(languages.iter().map(|it| Tab {
            href: format!("{PATH}/{version}{}&text={it}", f.q),
            text: format!("{}{}{}", w.text, w.page().colon, in_its_own_words(it)),
            current: it == shown,
        }));
        parts.push(read(draft, stored.last().map(|it| &it.1), shown));
    }
    let forms = form(app, desk, w, &handed).into_iter().collect();
    let back = Some(Link::new(format!("{PATH}{}", f.q), w.versions));
    let badges = vec![Badge::new(w.second_waits, "warn")];
    let title = format!("{} {version}", w.version);
    let page = Page { badges, back, tabs, parts, forms, ..Page::new(f, title, w.approval_lead) };
    Ok(shown(page, wrong))
}

fn facts(app: &App, desk: &Desk, w: &'static Words, handed: &Handed) -> Part {
    let it = &handed.waiting;
    let files: Vec<&str> = handed.folder.files.keys().map(String::as_str).collect();
    let rows: Vec<(String, Cell)> = vec![
        (w.asked_by.to_owned(), desk.name(app, &it.by).into()),
        (w.handed_in.to_owned(), part::at(&it.since)),
        (w.draft_hash.to_owned(), it.draft_hash.as_str().into()),
        (w.draft_files.to_owned(), files.join(w.page().comma).into()),
    ];
    Part::Facts { title: w.second_waits.to_owned(), rows }
}

/// The words that differ first, and the whole text below, as people will read it.
fn read(draft: &Policy, newest: Option<&Policy>, language: &str) -> Part {
    let changed = newest.map(|older| notice::word_diff(older, draft, language));
    let whole = notice::html(draft, language, &NoticeContext::default());
    Part::Policy(changed.unwrap_or_default() + &whole)
}

/// Agreeing, for another officer than handed it in.
fn form(app: &App, desk: &Desk, w: &'static Words, handed: &Handed) -> Option<Form> {
    let it = &handed.waiting;
    let may = desk.member.has(Role::Officer) && it.by != desk.member.id && handed.planned.is_ok();
    may.then(|| {
        let path = format!("{PATH}/{}", it.version);
        let carried = Field::new("draft_hash", "", Kind::Carried).holding(it.draft_hash.as_str());
        let form = desk.form(app, (&path, "approve"), (w.approve, w.approve), vec![carried]);
        let short = it.draft_hash.get(..SHORT).unwrap_or(&it.draft_hash);
        let which = format!("{} {}, {} {short}…", w.version, it.version, w.this_draft);
        Form { lead: format!("{which} {}", w.approve_version_lead), ..form }
    })
}
