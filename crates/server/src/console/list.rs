//! The one list of cases: of any kind, open or over, by the time that is left.

use flows::queue::{Look, look};
use flows::security::Role;

use super::desk::{Desk, Wrong, shown};
use super::due;
use super::view::{Form, Link, Page, Part, Tab};
use crate::{App, Reply};

/// What is listed, where, and for whom.
pub(super) struct List {
    pub(super) path: &'static str,
    pub(super) kinds: &'static [&'static str],
    pub(super) lead: &'static str,
    pub(super) roles: &'static [Role],
}

/// The list, with forms to begin something new.
pub(super) async fn list(
    app: &App,
    desk: &Desk,
    of: &List,
    (forms, wrong): (Vec<Form>, Option<Wrong<'_>>),
) -> Result<Reply, Reply> {
    desk.may(app, of.roles)?;
    let f = desk.frame(app);
    let over = desk.get("over") == "1";
    let one = of.kinds.iter().position(|it| *it == desk.get("kind"));
    let kinds = one.and_then(|at| of.kinds.get(at..=at)).unwrap_or(of.kinds);
    let cursor = Some(desk.get("cursor")).filter(|it| !it.is_empty());
    let found = look(&app.flows, &Look { kinds, done: over, cursor }, app.now()).await;
    let found = found.map_err(|stop| desk.stopped(app, stop))?;
    let rows = found.cases.iter().map(|it| due::row(app, desk, it)).collect();
    let lasting = if over { "&over=1" } else { "" };
    let kind =
        one.and_then(|at| of.kinds.get(at)).map_or_else(String::new, |it| format!("&kind={it}"));
    let next = found
        .next
        .map(|it| Link::new(format!("{}{}{kind}{lasting}&cursor={it}", of.path, f.q), f.w.further));
    let title = if over { f.w.over } else { f.w.open };
    let table = due::table(f.w, (title, over), rows);
    let tabs = tabs(&f, of, (over, one), (&kind, lasting));
    let heading = f.w.place(of.path);
    let parts = vec![Part::Table(table)];
    let page = Page { tabs, parts, forms, next, ..Page::new(f, heading, of.lead) };
    Ok(shown(page, wrong))
}

/// Open or over, and of which kind.
fn tabs(
    f: &super::frame::Frame,
    of: &List,
    (over, one): (bool, Option<usize>),
    (kind, lasting): (&str, &str),
) -> Vec<Tab> {
    let tab = |text: &str, query: &str, current| Tab {
        href: format!("{}{}{query}", of.path, f.q),
        text: text.to_owned(),
        current,
    };
    let mut tabs = vec![tab(f.w.open, kind, !over), tab(f.w.over, &format!("{kind}&over=1"), over)];
    if of.kinds.len() > 1 {
        tabs.push(tab(f.w.all, lasting, one.is_none()));
        tabs.extend(of.kinds.iter().enumerate().map(|(at, it)| {
            tab(f.w.kind_of(it), &format!("{lasting}&kind={it}"), one == Some(at))
        }));
    }
    tabs
}
