//! Ending a product or the service: planned, announced by one and approved by another, run, reported.

use axum::extract::State;
use flows::Stop;
use flows::cessation::{self, Plan, Seen};
use flows::security::Role;

use super::desk::{Desk, Wrong, shown};
use super::part;
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part, Row, Table};
use super::words::Words;
use crate::page::{Fields, field};
use crate::path::Path;
use crate::{App, Reply};

const PATH: &str = "/console/cessation";
/// Who ends something.
const MAY: &[Role] = &[Role::Officer, Role::Engineer];

/// Every ending, and planning one.
pub(super) async fn list(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    all(&app, &desk, None).await
}

async fn all(app: &App, desk: &Desk, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    desk.may(app, MAY)?;
    let f = desk.frame(app);
    let w = f.w;
    let endings = cessation::all(&app.flows).await.map_err(|stop| desk.stopped(app, stop))?;
    let row = |it: &Seen| -> Row {
        let dates = it.dates.as_ref();
        vec![
            Cell::Link(Link::new(format!("{PATH}/{}{}", it.id, f.q), it.id.clone())),
            product(w, it).into(),
            Cell::Badge(Badge::new(w.state_of(&it.state), "quiet")),
            dates.map_or_else(|| w.none.into(), |it| part::at(&it.ends)),
            dates.map_or_else(|| w.none.into(), |it| part::at(&it.deleted_by)),
        ]
    };
    let columns = vec![w.number, w.what_ends, w.state, w.ends, w.deleted_by];
    let rows = endings.iter().map(row).collect();
    let table = Table { title: w.endings.to_owned(), columns, rows, empty: w.no_endings };
    let mut products = vec![(String::new(), w.whole_service.to_owned())];
    let book = app.flows.book();
    let declared = book.policy().products.iter();
    products.extend(declared.map(|(id, it)| (id.clone(), it.title.in_language(w.code).to_owned())));
    let fields = vec![
        Field::new("product", w.what_ends, Kind::Choice(products)),
        Field::new("ends", w.ends, Kind::Line("date")).hint(w.ends_hint).optional(),
    ];
    let form = desk.form(app, (PATH, "plan"), (w.plan_end, w.plan_end), fields);
    let forms = vec![Form { lead: w.plan_end_lead.to_owned(), ..form }];
    let parts = vec![Part::Table(table)];
    let page = Page { parts, forms, ..Page::new(f, w.cessation, w.cessation_lead) };
    Ok(shown(page, wrong))
}

fn product(w: &'static Words, it: &Seen) -> String {
    it.product.clone().unwrap_or_else(|| w.whole_service.to_owned())
}

/// An end is planned.
pub(super) async fn plan(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let given = |name: &str| Some(field(&fields, name)).filter(|it| !it.is_empty());
    let ends = given("ends").map(|day| {
        let say = "write a day, as in `2027-01-31`";
        flows::instant(&format!("{day}T00:00:00Z")).ok_or_else(|| Stop::invalid("ends", say))
    });
    let done = async {
        let ask = Plan { product: given("product").map(str::to_owned), ends: ends.transpose()? };
        cessation::plan(&app.flows, ask, &desk.member.id, app.now()).await
    };
    match done.await {
        Ok(seen) => {
            app.wake();
            Ok(desk.back_to(&format!("{PATH}/{}", seen.id)))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, ("plan", &fields))?;
            all(&app, &desk, Some(wrong)).await
        }
    }
}

/// One ending.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Reply, Reply> {
    page(&app, &desk, &id, None).await
}

async fn page(app: &App, desk: &Desk, id: &str, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    desk.may(app, MAY)?;
    let seen = cessation::one(&app.flows, id).await.map_err(|stop| desk.stopped(app, stop))?;
    let page = detail(app, desk, &seen);
    Ok(shown(page, wrong))
}

fn detail(app: &App, desk: &Desk, it: &Seen) -> Page {
    let f = desk.frame(app);
    let w = f.w;
    let mut rows: Vec<(String, Cell)> = vec![
        (w.what_ends.to_owned(), product(w, it).into()),
        (w.planned_by.to_owned(), desk.name(app, &it.planned_by).into()),
    ];
    if !it.approved_by.is_empty() {
        let names = it.approved_by.iter().map(|it| desk.name(app, it)).collect::<Vec<_>>();
        rows.push((w.approved_by.to_owned(), names.join(w.page().comma).into()));
    }
    if let Some(dates) = &it.dates {
        let all = [
            (w.announced_on, &dates.announced),
            (w.ends, &dates.ends),
            (w.export_until, &dates.export_until),
            (w.deleted_by, &dates.deleted_by),
        ];
        rows.extend(all.map(|(label, at)| (label.to_owned(), part::at(at))));
    }
    let mut parts = vec![Part::Facts { title: w.dates.to_owned(), rows }];
    parts.extend(figures(w, w.reached, &it.reach));
    for (notice, told) in &it.told {
        parts.extend(figures(w, &format!("{}{}{notice}", w.told, w.page().colon), told));
    }
    if let Some(report) = &it.report {
        parts.push(Part::Text { title: w.report.to_owned(), text: report.clone() });
    }
    let path = format!("{PATH}/{}", it.id);
    let form = |id, words, lead: &str, tone| Form {
        lead: lead.to_owned(),
        tone,
        ..desk.form(app, (&path, id), words, Vec::new())
    };
    let cancel = || form("cancel", (w.call_off, w.call_off), w.call_off_lead, "danger");
    let own = it.approved_by.contains(&desk.member.id);
    let forms = match it.state.as_str() {
        "planned" => {
            vec![form("announce", (w.announce, w.announce), w.announce_lead, "primary"), cancel()]
        }
        "proposed" if own => vec![cancel()],
        "proposed" => {
            vec![form("approve", (w.approve, w.approve), w.approve_end_lead, "primary"), cancel()]
        }
        "announced" | "ended" => vec![cancel()],
        _ => Vec::new(),
    };
    let back = Link::new(format!("{PATH}{}", f.q), w.cessation);
    let badges = vec![Badge::new(w.state_of(&it.state), "quiet")];
    Page {
        back: Some(back),
        badges,
        parts,
        forms,
        ..Page::new(f, format!("{} {}", w.cessation, it.id), "")
    }
}

/// Figures by region, as far as there are any: each kind of figure is a column of what is serialised.
fn figures<T: serde::Serialize>(
    w: &'static Words,
    title: &str,
    all: &std::collections::BTreeMap<String, T>,
) -> Option<Part> {
    let rows = all.iter().map(|(region, it)| {
        let value = serde_json::to_value(it).unwrap_or_default();
        let fields = value.as_object().into_iter().flatten();
        let text = fields.map(|(name, n)| format!("{}{}{n}", w.way(name), w.page().colon));
        (region.clone(), Cell::Text(text.collect::<Vec<_>>().join(w.page().comma)))
    });
    let rows: Vec<(String, Cell)> = rows.collect();
    (!rows.is_empty()).then(|| Part::Facts { title: title.to_owned(), rows })
}

/// Something is done about an ending.
pub(super) async fn act(
    State(app): State<App>,
    Path((id, verb)): Path<(String, String)>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let (flows, staff, now) = (&app.flows, desk.member.id.as_str(), app.now());
    let done = match verb.as_str() {
        "announce" => cessation::announce(flows, &id, staff).await,
        "approve" => cessation::approve(flows, &id, staff, now).await,
        "cancel" => cessation::cancel(flows, &id, staff, now).await,
        _ => Err(Stop::NotFound),
    };
    match done {
        Ok(_) => {
            app.wake();
            Ok(desk.back_to(&format!("{PATH}/{id}")))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, (&verb, &fields))?;
            page(&app, &desk, &id, Some(wrong)).await
        }
    }
}
