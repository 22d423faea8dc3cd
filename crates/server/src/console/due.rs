//! What is due: every queue with how many wait, and what has the least time left.

use axum::extract::State;
use flows::Stop;
use flows::queue::{HOLDS, Look, MESSAGES, REQUESTS, Standing, Standings, look};

use super::clock::{clock, still};
use super::desk::Desk;
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
        tiles.push(tile(f.w, (href, &f.q), &found));
        all.extend(found.cases);
    }
    all.sort_by_key(|it| it.seconds_left);
    let rows = all.iter().take(FIRST).map(|it| row(f.w, it, &f.q)).collect();
    let table = table(f.w, f.w.least_left, rows);
    let (title, lead) = (f.w.due, format!("{}{}", f.w.due_lead, f.now));
    let mut page = Page::new(f, title, lead);
    page.parts = vec![Part::Tiles(tiles), Part::Table(table)];
    Ok(Reply::public_page(200, html(&page)))
}

async fn waiting(app: &App, kinds: &[&str]) -> Result<Standings, Stop> {
    look(&app.flows, &Look { kinds, done: false, cursor: None }, app.now()).await
}

fn tile(w: &'static Words, (href, q): (&str, &str), found: &Standings) -> Tile {
    let late = found.cases.iter().filter(|it| it.overdue).count();
    let first = found.cases.first();
    let more = if found.next.is_some() { "+" } else { "" };
    Tile {
        href: format!("{href}{q}"),
        title: w.place(href).to_owned(),
        figure: format!("{}{more}", found.cases.len()),
        late: (late > 0).then(|| format!("{late} {}", w.late)),
        clock: first.map(|it| clock(w, &it.due, (it.seconds_left, it.seconds))),
    }
}

/// Where a case is looked after.
fn place(kind: &str) -> Option<&'static str> {
    let queue = QUEUES.iter().find(|(kinds, _)| kinds.contains(&kind));
    queue.map(|(_, href)| *href)
}

/// A table of cases.
pub(super) fn table(w: &'static Words, title: &str, rows: Vec<Row>) -> Table {
    let columns = vec![w.number, w.kind, w.state, w.time_left, w.assigned];
    Table { title: title.to_owned(), columns, rows, empty: w.nothing_due }
}

/// A case as a line of a table.
pub(super) fn row(w: &'static Words, it: &Standing, q: &str) -> Row {
    let number = match place(&it.kind) {
        Some(href) => Cell::Link(Link::new(format!("{href}/{}{q}", it.id), it.id.clone())),
        None => it.id.as_str().into(),
    };
    let over = matches!(it.state.as_str(), "closed" | "done" | "refused" | "cancelled" | "lifted");
    let left =
        if over { still(w, &it.due) } else { clock(w, &it.due, (it.seconds_left, it.seconds)) };
    let tone = if over { "quiet" } else { "" };
    vec![
        number,
        w.kind_of(&it.kind).into(),
        Cell::Badge(Badge::new(w.state_of(&it.state), tone)),
        Cell::Clock(left),
        if it.assigned.is_empty() { w.nobody.into() } else { it.assigned.as_str().into() },
    ]
}
