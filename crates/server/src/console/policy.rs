//! Versions of the policy: those that there are, those that wait for a second person, and who was told.

use axum::extract::State;
use flows::change::{self, Notice, Waiting};
use flows::security::Role;
use flows::{Stop, when};

use super::desk::{Desk, Wrong};
use super::part;
use super::view::{Badge, Cell, Form, Link, Page, Part, Row, Table};
use super::words::Words;
use crate::page::{Fields, html};
use crate::path::Path;
use crate::{App, Reply};

const PATH: &str = "/console/policy";
/// Who looks at versions.
const SEE: &[Role] = &[Role::Officer, Role::Auditor, Role::Engineer];
/// Who publishes them.
const MAY: &[Role] = &[Role::Officer];

/// The versions.
pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    page(&app, &desk, None).await
}

async fn page(app: &App, desk: &Desk, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
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
        let rows = waiting.iter().map(|it| {
            let by = format!("{}{}{}", w.asked_by, w.page().colon, desk.name(app, &it.by));
            (format!("{} {}", w.version, it.version), Cell::Text(by))
        });
        parts.push(Part::Facts { title: w.second_waits.to_owned(), rows: rows.collect() });
    }
    parts.push(told(w, &notices));
    let forms = forms(app, desk, w, &waiting);
    let status = if wrong.is_some() { 422 } else { 200 };
    // An officer may hand in the next one.
    let draft = Link::new(format!("{PATH}/draft{}", f.q), w.draft);
    let next = desk.member.has(Role::Officer).then_some(draft);
    let mut page = Page { parts, forms, next, ..Page::new(f, w.versions, w.versions_lead) };
    if let Some(wrong) = wrong {
        wrong.onto(&mut page);
    }
    Ok(Reply::public_page(status, html(&page)))
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

/// Approving what a colleague handed in.
fn forms(app: &App, desk: &Desk, w: &'static Words, waiting: &[Waiting]) -> Vec<Form> {
    let officer = desk.member.has(Role::Officer);
    let others = waiting.iter().filter(|it| officer && it.by != desk.member.id);
    let form = |it: &Waiting| {
        let path = format!("{PATH}/{}", it.version);
        let form = desk.form(app, (&path, "approve"), (w.approve, w.approve), Vec::new());
        Form { lead: format!("{} {}. {}", w.version, it.version, w.approve_version_lead), ..form }
    };
    others.map(form).collect()
}

/// A second person agrees to a version.
pub(super) async fn approve(
    State(app): State<App>,
    Path(version): Path<String>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let version = version.parse().map_err(|_| desk.stopped(&app, Stop::NotFound))?;
    match change::approve(&app.flows, version, &desk.member.id, app.now()).await {
        Ok(_) => {
            app.wake();
            Ok(desk.back_to(PATH))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, ("approve", &fields))?;
            page(&app, &desk, Some(wrong)).await
        }
    }
}
