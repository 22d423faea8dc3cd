//! Versions of the policy: those that there are, those that wait for a second person, and who was told.

use axum::extract::State;
use flows::change::{self, Notice, Waiting};
use flows::security::Role;
use flows::when;

use super::desk::Desk;
use super::part;
use super::view::{Badge, Cell, Link, Page, Part, Row, Table};
use super::words::Words;
use crate::page::html;
use crate::{App, Reply};

pub(super) const PATH: &str = "/console/policy";
/// Who looks at versions.
pub(super) const SEE: &[Role] = &[Role::Officer, Role::Auditor, Role::Engineer];

/// The versions.
pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    let (app, desk) = (&app, &desk);
    desk.may(app, SEE)?;
    let stop = |stop| desk.stopped(app, stop);
    let f = desk.frame(app);
    let w = f.w;
    let stored = flows::notice::versions(&app.flows).await.map_err(stop)?;
    let waiting = change::proposals(&app.flows).await.map_err(stop)?;
    let notices = change::notices(&app.flows).await.map_err(stop)?;
    let (now, current) = (app.now(), app.flows.book().version());
    let rows = stored.iter().rev().map(|(version, policy, effective)| -> Row {
        let state = match (*version == current, *effective > now) {
            (true, _) => Badge::new(w.in_force, "good"),
            (false, true) => Badge::new(w.announced, ""),
            (false, false) => Badge::new(w.over, "quiet"),
        };
        vec![
            Cell::Link(Link::new(
                format!("/privacy/versions/{version}{}", f.q),
                version.to_string(),
            )),
            Cell::Badge(state),
            part::at(&when(*effective)),
            policy.hash().into(),
        ]
    });
    let columns = vec![w.version, w.state, w.effective, w.hash];
    let rows = rows.collect();
    let mut parts =
        vec![Part::Table(Table { title: w.versions.to_owned(), columns, rows, empty: w.none })];
    if !waiting.is_empty() {
        parts.push(waits(app, desk, w, &waiting));
    }
    parts.push(told(w, &notices));
    // An officer may hand in the next one.
    let draft = Link::new(format!("{PATH}/draft{}", f.q), w.draft);
    let next = desk.member.has(Role::Officer).then_some(draft);
    let page = Page { parts, next, ..Page::new(f, w.versions, w.versions_lead) };
    Ok(Reply::public_page(200, html(&page)))
}

/// Drafts that wait, each with the page that shows it.
fn waits(app: &App, desk: &Desk, w: &'static Words, waiting: &[Waiting]) -> Part {
    let row = |it: &Waiting| -> Row {
        let text = format!("{} {}", w.version, it.version);
        vec![
            Cell::Link(Link::new(format!("{PATH}/{}{}", it.version, desk.query()), text)),
            desk.name(app, &it.by).into(),
            part::at(&it.since),
            it.draft_hash.as_str().into(),
        ]
    };
    let columns = vec![w.version, w.asked_by, w.handed_in, w.draft_hash];
    let rows = waiting.iter().map(row).collect();
    Part::Table(Table { title: w.second_waits.to_owned(), columns, rows, empty: w.none })
}

/// Who was told of which version.
fn told(w: &'static Words, notices: &[Notice]) -> Part {
    let row = |it: &Notice| -> Row {
        vec![
            it.version.to_string().into(),
            Cell::Badge(Badge::new(w.state_of(&it.state), "quiet")),
            part::at(&it.effective),
            it.told.to_string().into(),
            it.asked.to_string().into(),
            it.adopted.to_string().into(),
            it.failed.to_string().into(),
        ]
    };
    let columns =
        vec![w.version, w.state, w.effective, w.told_people, w.asked_people, w.adopted, w.failed];
    let rows = notices.iter().map(row).collect();
    Part::Table(Table { title: w.notices.to_owned(), columns, rows, empty: w.no_notices })
}
