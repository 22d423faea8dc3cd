//! Legal holds: asked for by one, approved by another, lifted.

use axum::extract::State;
use decide::id::HoldId;
use flows::queue::HOLDS;
use flows::retention::hold::{self, Line, Place};
use flows::security::Role;
use flows::{PersonId, Stop};

use super::desk::{Desk, Wrong, shown};
use super::list::{self, List};
use super::part;
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part};
use super::words::Words;
use crate::page::{Fields, field};
use crate::path::Path;
use crate::{App, Reply};

const PATH: &str = "/console/holds";
/// Who answers for what is kept.
const MAY: &[Role] = &[Role::Officer];

/// What is held or waits, or what is over; and asking for one.
pub(super) async fn list(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    all(&app, &desk, None).await
}

async fn all(app: &App, desk: &Desk, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    let w = desk.frame(app).w;
    let of = List { path: PATH, kinds: &HOLDS, lead: w.holds_lead, roles: MAY };
    list::list(app, desk, &of, (vec![asking(app, desk, w)], wrong)).await
}

/// The form to ask for a hold.
fn asking(app: &App, desk: &Desk, w: &'static Words) -> Form {
    let line = |name, label| Field::new(name, label, Kind::Line("text"));
    let fields = vec![
        line("person", w.person).hint(w.person_hint),
        Field::new("categories", w.about_categories, Kind::Lines).hint(w.hold_categories_hint),
        line("ground", w.ground).hint(w.ground_hint),
        line("reference", w.reference),
        line("authority", w.authority),
        Field::new("until", w.until, Kind::Line("date")),
    ];
    let form = desk.form(app, (PATH, "place"), (w.ask_hold, w.ask_hold), fields);
    Form { lead: w.ask_hold_lead.to_owned(), ..form }
}

/// A hold is asked for.
pub(super) async fn place(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let text = |name: &str| field(&fields, name).to_owned();
    let done = async {
        let say = "name the person by id, as in `per_…`";
        let person = PersonId::parse(field(&fields, "person"));
        let until = flows::instant(&format!("{}T00:00:00Z", field(&fields, "until")));
        let categories = field(&fields, "categories").split_whitespace();
        let ask = Place {
            person: person.ok_or_else(|| Stop::invalid("person", say))?,
            categories: categories.map(|it| it.trim_matches(',').to_owned()).collect(),
            ground: text("ground"),
            reference: text("reference"),
            authority: text("authority"),
            until: until
                .ok_or_else(|| Stop::invalid("until", "write a day, as in `2027-01-31`"))?,
            idempotency: desk.once(&fields),
        };
        hold::place(&app.flows, &desk.member.id, &ask, app.now()).await
    };
    match done.await {
        Ok(recorded) => {
            app.wake();
            Ok(desk.back_to(&format!("{PATH}/{}", recorded.into_inner().id)))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, ("place", &fields))?;
            all(&app, &desk, Some(wrong)).await
        }
    }
}

/// One hold.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Reply, Reply> {
    page(&app, &desk, &id, None).await
}

async fn page(app: &App, desk: &Desk, id: &str, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    desk.may(app, MAY)?;
    let known = HoldId::parse(id).ok_or_else(|| desk.stopped(app, Stop::NotFound))?;
    let line = hold::one(&app.flows, known).await.map_err(|stop| desk.stopped(app, stop))?;
    let page = detail(app, desk, &line);
    Ok(shown(page, wrong))
}

fn detail(app: &App, desk: &Desk, it: &Line) -> Page {
    let f = desk.frame(app);
    let w = f.w;
    let categories = it.categories.iter().map(|it| part::category(app, w, it));
    let mut rows: Vec<(String, Cell)> = vec![
        (w.person.to_owned(), it.person.as_str().into()),
        (w.about_categories.to_owned(), categories.collect::<Vec<_>>().join(w.page().comma).into()),
        (w.ground.to_owned(), it.ground.as_str().into()),
        (w.reference.to_owned(), it.reference.as_str().into()),
        (w.authority.to_owned(), it.authority.as_str().into()),
        (w.until.to_owned(), part::at(&it.until)),
        (w.asked_by.to_owned(), desk.name(app, &it.asked_by).into()),
    ];
    let by = [
        (w.approved_by, &it.approved_by),
        (w.refused_by, &it.refused_by),
        (w.lifted_by, &it.lifted_by),
    ];
    rows.extend(by.into_iter().filter_map(|(label, who)| {
        who.as_deref().map(|it| (label.to_owned(), desk.name(app, it).into()))
    }));
    let path = format!("{PATH}/{}", it.id);
    let form = |id, words, lead: &str, tone| Form {
        lead: lead.to_owned(),
        tone,
        ..desk.form(app, (&path, id), words, Vec::new())
    };
    let forms = match it.state.as_str() {
        "asked" if it.asked_by == desk.member.id => {
            vec![form("refuse", (w.take_back, w.take_back), w.second_person, "danger")]
        }
        "asked" => vec![
            form("approve", (w.approve, w.approve), w.approve_hold_lead, "primary"),
            form("refuse", (w.refuse, w.refuse), w.refuse_hold_lead, "danger"),
        ],
        "held" => vec![form("lift", (w.lift, w.lift), w.lift_lead, "danger")],
        _ => Vec::new(),
    };
    let back = Link::new(format!("{PATH}{}", f.q), w.holds);
    let badges = vec![Badge::new(w.state_of(&it.state), "quiet")];
    let parts = vec![Part::Facts { title: w.hold.to_owned(), rows }];
    Page { back: Some(back), badges, parts, forms, ..Page::new(f, w.heading("hold", &it.id), "") }
}

/// Something is done about a hold.
pub(super) async fn act(
    State(app): State<App>,
    Path((id, verb)): Path<(String, String)>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let known = HoldId::parse(&id).ok_or_else(|| desk.stopped(&app, Stop::NotFound))?;
    let (flows, staff, now) = (&app.flows, desk.member.id.as_str(), app.now());
    let done = match verb.as_str() {
        "approve" => hold::approve(flows, staff, known, now).await.map(drop),
        "refuse" => hold::refuse(flows, staff, known, now).await.map(drop),
        "lift" => hold::lift(flows, staff, known, now).await.map(drop),
        _ => Err(Stop::NotFound),
    };
    match done {
        Ok(()) => {
            app.wake();
            Ok(desk.back_to(&format!("{PATH}/{id}")))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, (&verb, &fields))?;
            page(&app, &desk, &id, Some(wrong)).await
        }
    }
}
