//! What is due: every queue with how many wait, and what has the least time left.

use axum::extract::State;
use flows::Stop;
use flows::queue::{HOLDS, Look, MESSAGES, REQUESTS, Standing, Standings, look};

use super::clock::{clock, still};
use super::desk::Desk;
use super::frame::may_go;
use super::view::{Badge, Cell, Link, Page, Part, Row, Table, Tile};
use super::words::Words;
use crate::page::html;
use crate::{App, Reply};

/// How many of what has the least time left stand on the first page.
const FIRST: usize = 20;

/// The queues: the kinds, and where they are looked after.
const QUEUES: [(&[&str], &str); 3] = [
    (&MESSAGES, "/console/messages"),
    (&REQUESTS, "/console/requests"),
    (&HOLDS, "/console/holds"),
];

/// The first page.
pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    let f = desk.frame(&app);
    let (mut tiles, mut all) = (Vec::new(), Vec::new());
    for (kinds, href) in QUEUES {
        let found = waiting(&app, kinds).await.map_err(|stop| desk.stopped(&app, stop))?;
        let link = may_go(&desk.member, href).then(|| format!("{href}{}", f.q));
        tiles.push(tile(f.w, (link, f.w.place(href)), &found));
        all.extend(found.cases);
    }
    all.sort_by_key(|it| it.seconds_left);
    let rows = all.iter().take(FIRST).map(|it| row(&app, &desk, it)).collect();
    let table = table(f.w, (f.w.least_left, false), rows);
    let (title, lead) = (f.w.due, format!("{}{}", f.w.due_lead, f.now));
    let w = f.w;
    let mut page = Page::new(f, title, lead);
    page.parts = vec![Part::Tiles(tiles), Part::Table(table)];
    page.parts.extend(calendars(&app, w));
    Ok(Reply::public_page(200, html(&page)))
}

/// Calendars of working days that end soon: deadlines past their end are for now.
fn calendars(app: &App, w: &'static Words) -> Option<Part> {
    let ends = app.flows.book().policy().calendars_ahead(app.now());
    let row = |it: &policy::calendar::Ahead| {
        let until = it.until.map_or_else(|| w.calendar_over.to_owned(), |day| day.to_string());
        (format!("{} ({})", it.calendar, it.region), Cell::Text(until))
    };
    let rows: Vec<_> = ends.iter().map(row).collect();
    (!rows.is_empty()).then(|| Part::Facts { title: w.calendars.to_owned(), rows })
}

async fn waiting(app: &App, kinds: &[&str]) -> Result<Standings, Stop> {
    look(&app.flows, &Look { kinds, done: false, cursor: None }, app.now()).await
}

fn tile(w: &'static Words, (href, title): (Option<String>, &str), found: &Standings) -> Tile {
    let late = found.cases.iter().filter(|it| it.overdue).count();
    let first = found.cases.first();
    let more = if found.next.is_some() { "+" } else { "" };
    Tile {
        href,
        title: title.to_owned(),
        figure: format!("{}{more}", found.cases.len()),
        late: (late > 0).then(|| format!("{late} {}", w.late)),
        clock: first.map(|it| clock(w, &it.due, (it.seconds_left, it.seconds))),
    }
}

/// Where a case is looked after, by whoever may.
fn place(desk: &Desk, kind: &str) -> Option<&'static str> {
    let queue = QUEUES.iter().find(|(kinds, _)| kinds.contains(&kind));
    queue.map(|(_, href)| *href).filter(|it| may_go(&desk.member, it))
}

/// A table of cases.
pub(super) fn table(w: &'static Words, (title, over): (&str, bool), rows: Vec<Row>) -> Table {
    let until = if over { w.answer_by } else { w.time_left };
    let columns = vec![w.number, w.kind, w.state, until, w.assigned];
    Table { title: title.to_owned(), columns, rows, empty: w.nothing_due }
}

/// What a manager was called to shall be seen among what merely waits.
fn tone(it: &Standing) -> &'static str {
    match (it.open, it.state.as_str()) {
        (false, _) => "quiet",
        (true, "escalated") => "warn",
        (true, _) => "",
    }
}

/// A case as a line of a table.
pub(super) fn row(app: &App, desk: &Desk, it: &Standing) -> Row {
    let (w, q) = (desk.frame(app).w, desk.query());
    let number = match place(desk, &it.kind) {
        Some(href) => Cell::Link(Link::new(format!("{href}/{}{q}", it.id), it.id.clone())),
        None => it.id.as_str().into(),
    };
    let left =
        if it.open { clock(w, &it.due, (it.seconds_left, it.seconds)) } else { still(&it.due) };
    vec![
        number,
        w.kind_of(&it.kind).into(),
        Cell::Badge(Badge::new(w.state_of(&it.state), tone(it))),
        Cell::Clock(left),
        desk.name(app, &it.assigned).into(),
    ]
}
