//! Requests to exercise a right: finding out who asks, extending, refusing, answering.

use axum::extract::State;
use decide::Timestamp;
use decide::id::RequestId;
use flows::limit::DAY_MILLIS;
use flows::queue::REQUESTS;
use flows::rights::{self, Answer, Identify, Open, Opened, Reading, Worked};
use flows::security::{By, Role};
use flows::{PersonId, Plain, Recorded, Secret, Stop};

use super::clock::{running, still};
use super::desk::{Desk, Wrong, status, written};
use super::list::{self, List};
use super::part;
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part, Table};
use super::words::Words;
use crate::page::{Fields, field};
use crate::path::Path;
use crate::{App, Reply};

const PATH: &str = "/console/requests";
/// Who opens a request, and has a code go out and come back.
const MAY: &[Role] = &[Role::Support, Role::Officer];
/// Who answers for what people are entitled to: all the rest.
const ANSWERS: &[Role] = &[Role::Officer];
/// What takes no more than a code that only the person has.
const BY_CODE: [&str; 2] = ["check", "prove"];

/// What waits, or what is over; and opening a request for somebody who wrote in.
pub(super) async fn list(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    all(&app, &desk, None).await
}

async fn all(app: &App, desk: &Desk, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    let w = desk.frame(app).w;
    let of = List { path: PATH, kinds: &REQUESTS, lead: w.requests_lead, roles: MAY };
    list::list(app, desk, &of, (vec![opening(app, desk, w)], wrong)).await
}

/// The form to open a request for somebody who wrote in by another way.
fn opening(app: &App, desk: &Desk, w: &'static Words) -> Form {
    let rights: Vec<(&str, &str)> = REQUESTS.iter().map(|it| (*it, w.kind_of(it))).collect();
    let languages = [("en", "English"), ("zh", "中文")];
    let fields = vec![
        Field::new("right", w.right, part::choices(&rights)),
        Field::new("address", w.their_address, Kind::Line("email")).optional(),
        Field::new("person", w.person, Kind::Line("text")).hint(w.person_hint).optional(),
        Field::new("region", w.region, part::regions(app, w)),
        Field::new("language", w.language, part::choices(&languages)),
        Field::new("purpose", w.of_purpose, part::purposes(app, w)).optional(),
        Field::new("received", w.came_on, Kind::Line("date")).hint(w.came_on_hint).optional(),
        Field::new("text", w.what_they_wrote, Kind::Lines).optional(),
    ];
    let form = desk.form(app, (PATH, "open"), (w.open_request, w.open_request), fields);
    Form { lead: w.open_request_lead.to_owned(), ..form }
}

/// The beginning of a day on which something came in; now, where that day has begun elsewhere alone.
fn came_on(app: &App, day: &str) -> Result<Timestamp, Stop> {
    let say = "write a day, as in `2027-01-31`";
    let at = flows::instant(&format!("{day}T00:00:00Z"));
    let (at, now) = (at.ok_or_else(|| Stop::invalid("received", say))?, app.now());
    Ok(if at > now && at < now.plus_millis(DAY_MILLIS) { now } else { at })
}

/// A request is opened for somebody.
pub(super) async fn open(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let given = |name: &str| Some(field(&fields, name)).filter(|it| !it.is_empty());
    let person = given("person").map(|it| PersonId::parse(it).ok_or(Stop::NotFound)).transpose();
    let received = given("received").map(|day| came_on(&app, day)).transpose();
    let done = async {
        let ask = Open {
            purpose: given("purpose").map(str::to_owned),
            received: received?,
            right: field(&fields, "right").to_owned(),
            person: person?,
            address: given("address").map(Plain::from),
            region: given("region").map(str::to_owned),
            language: field(&fields, "language").to_owned(),
            text: given("text").map(Plain::from),
            idempotency: desk.once(&fields),
            ..Open::default()
        };
        rights::open(&app.flows, By::Staff(&desk.member.id), ask, app.now()).await
    };
    match done.await {
        Ok(recorded) => {
            app.wake();
            let id = recorded.into_inner().id;
            Ok(desk.back_to(&format!("{PATH}/{id}")))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, ("open", &fields))?;
            all(&app, &desk, Some(wrong)).await
        }
    }
}

/// One request.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Reply, Reply> {
    page(&app, &desk, &id, None).await
}

async fn page(app: &App, desk: &Desk, id: &str, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    desk.may(app, MAY)?;
    let known = RequestId::parse(id).ok_or_else(|| desk.stopped(app, Stop::NotFound))?;
    let status = status(wrong.as_ref());
    let written = |it: &Worked| written(detail(app, desk, it), wrong);
    match rights::read(&app.flows, &desk.member.id, known, app.now()).await {
        Ok(Reading::Whole(it)) => Ok(Reply::page(it, |it| written(&it)).with_status(status)),
        Ok(Reading::Erased(it)) => Ok(Reply::public_page(status, written(&it))),
        Err(stop) => Err(desk.stopped(app, stop)),
    }
}

fn detail(app: &App, desk: &Desk, it: &Worked) -> Page {
    let f = desk.frame(app);
    let (w, row) = (f.w, &it.request);
    let clock =
        if row.open { running(w, (&row.received, &row.due), row.left) } else { still(&row.due) };
    let mut badges =
        vec![Badge::new(w.kind_of(&row.right), ""), Badge::new(w.state_of(&row.state), "quiet")];
    if row.open && row.identity.is_none() {
        badges.push(Badge::new(w.unidentified, "warn"));
    }
    let back = Link::new(format!("{PATH}{}", f.q), w.requests);
    let pieces = it.said.iter();
    let pieces = pieces
        .map(|it| {
            let by = part::by(app, desk, w, &it.author);
            part::said(w, (&it.kind, by), (&it.at, &it.text))
        })
        .collect();
    let mut parts = vec![facts(app, desk, row)];
    if let Some(text) = &it.text {
        parts.push(Part::Text { title: w.what_they_wrote.to_owned(), text: text.clone() });
    }
    if !it.said.is_empty() {
        parts.push(Part::Thread { title: w.conversation.to_owned(), pieces });
    }
    if !it.outstanding.is_empty() {
        parts.push(outstanding(w, it));
    }
    let forms = if row.open { forms(app, desk, w, row) } else { Vec::new() };
    let title = w.heading(&row.right, &row.id);
    Page { back: Some(back), badges, clock: Some(clock), parts, forms, ..Page::new(f, title, "") }
}

fn facts(app: &App, desk: &Desk, row: &Opened) -> Part {
    let (w, q) = (desk.frame(app).w, desk.query());
    let identity = match row.identity.as_deref() {
        Some(how) => w.identity_of(how).to_owned(),
        None => w.unidentified.to_owned(),
    };
    let mut rows: Vec<(String, Cell)> = vec![
        (w.received.to_owned(), part::at(&row.received)),
        (w.answer_by.to_owned(), part::at(&row.due)),
        (w.identity.to_owned(), identity.into()),
        (w.person.to_owned(), row.person.as_str().into()),
        (w.assigned.to_owned(), desk.name(app, &row.assigned).into()),
    ];
    let mut also = |label: &str, value: Option<Cell>| {
        rows.extend(value.map(|it| (label.to_owned(), it)));
    };
    also(w.seen_by, row.identity_by.as_deref().map(|it| desk.name(app, it).into()));
    also(w.opened_by, row.opened_by.as_deref().map(|it| desk.name(app, it).into()));
    also(w.extended_from, row.extended_from.as_deref().map(part::at));
    let link = |id: &String| Cell::Link(Link::new(format!("{PATH}/{id}{q}"), id.clone()));
    also(w.duplicate_of, row.duplicate_of.as_ref().map(link));
    also(w.about_purpose, row.purpose.as_deref().map(|it| part::purpose(app, w, it).into()));
    let categories = row.categories.iter().map(|it| part::category(app, w, it));
    let categories = categories.collect::<Vec<_>>().join(w.page().comma);
    also(w.about_categories, Some(categories).filter(|it| !it.is_empty()).map(Cell::from));
    Part::Facts { title: w.request.to_owned(), rows }
}

/// Others who were told and have not answered.
fn outstanding(w: &'static Words, it: &Worked) -> Part {
    let rows = it.outstanding.iter().map(|it| {
        vec![
            it.to.as_str().into(),
            Cell::Badge(Badge::new(w.state_of(&it.state), "quiet")),
            part::at(&it.since),
            part::at(&it.due),
        ]
    });
    let columns = vec![w.told, w.state, w.since, w.answer_by];
    Part::Table(Table {
        title: w.outstanding.to_owned(),
        columns,
        rows: rows.collect(),
        empty: w.none,
    })
}

fn forms(app: &App, desk: &Desk, w: &'static Words, row: &Opened) -> Vec<Form> {
    let path = format!("{PATH}/{}", row.id);
    let form = |id, words, lead: &str, fields| Form {
        lead: lead.to_owned(),
        ..desk.form(app, (&path, id), words, fields)
    };
    let reason = || vec![Field::new("text", w.reason, Kind::Lines).hint(w.told_to_person)];
    let mut all = Vec::new();
    if row.identity.is_none() {
        all.push(form("check", (w.send_code, w.send_code), w.send_code_lead, Vec::new()));
        let code = Field::new("code", w.one_time_code, Kind::Line("text"));
        all.push(Form {
            tone: "",
            ..form("prove", (w.told_code, w.confirm), w.told_code_lead, vec![code])
        });
        let seen = Field::new("seen", w.documents_seen, Kind::Tick);
        all.push(Form {
            tone: "",
            ..form("see", (w.documents, w.confirm), w.documents_lead, vec![seen])
        });
    } else {
        if row.state == "received" {
            all.push(form("take", (w.take, w.take), w.take_lead, Vec::new()));
        }
        let mut fields = vec![Field::new("text", w.text, Kind::Lines).optional()];
        if matches!(row.right.as_str(), "delete" | "correct") {
            let hint = if row.right == "delete" { w.delete_hint } else { w.correct_hint };
            fields.push(Field::new("which", w.about_categories, Kind::Lines).hint(hint).optional());
        }
        all.push(form("answer", (w.answer, w.answer), w.answer_lead, fields));
    }
    if row.extended_from.is_none() {
        let extend = form("extend", (w.extend, w.extend), w.extend_lead, reason());
        all.push(Form { tone: "", ..extend });
    }
    let refuse = form("refuse", (w.refuse, w.refuse), w.refuse_lead, reason());
    all.push(Form { tone: "danger", ..refuse });
    if !desk.member.has(Role::Officer) {
        // What somebody else answers for is not offered.
        all.retain(|it| BY_CODE.contains(&it.id));
    }
    all
}

/// Something is done about a request.
pub(super) async fn act(
    State(app): State<App>,
    Path((id, verb)): Path<(String, String)>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, if BY_CODE.contains(&verb.as_str()) { MAY } else { ANSWERS })?;
    let known = RequestId::parse(&id).ok_or_else(|| desk.stopped(&app, Stop::NotFound))?;
    match doing(&app, &desk, (known, &verb), &fields).await {
        Ok(recorded) => {
            app.wake();
            drop(recorded);
            Ok(desk.back_to(&format!("{PATH}/{id}")))
        }
        Err(stop) => {
            let wrong = desk.wrong(&app, stop, (&verb, &fields))?;
            page(&app, &desk, &id, Some(wrong)).await
        }
    }
}

async fn doing(
    app: &App,
    desk: &Desk,
    (id, verb): (RequestId, &str),
    fields: &Fields,
) -> Result<Recorded<Opened>, Stop> {
    let (flows, staff, now) = (&app.flows, desk.member.id.as_str(), app.now());
    let text = || Plain::from(field(fields, "text"));
    let how = match verb {
        "check" => Identify::Code,
        "prove" => Identify::Told(Secret::given(field(fields, "code"))),
        "see" if field(fields, "seen") == "yes" => Identify::Documents,
        "take" => Identify::Take,
        "extend" => return rights::extend(flows, staff, (id, text()), now).await,
        "refuse" => return rights::refuse(flows, staff, (id, text()), now).await,
        "answer" => {
            let answer = answer(fields)?;
            return rights::answer(flows, staff, (id, answer), now).await;
        }
        _ => return Err(Stop::NotFound),
    };
    rights::identify(flows, staff, (id, how), now).await
}

/// An answer: each line names a category, or a category and its value.
fn answer(fields: &Fields) -> Result<Answer, Stop> {
    let text = Some(field(fields, "text")).filter(|it| !it.is_empty()).map(Plain::from);
    let lines = field(fields, "which").lines().map(str::trim).filter(|it| !it.is_empty());
    let (mut categories, mut values) = (Vec::new(), Vec::new());
    for line in lines {
        match line.split_once('=') {
            Some((id, value)) => values.push((id.trim().to_owned(), Plain::from(value.trim()))),
            None if line.contains(' ') => {
                let say = "write one category a line, as in `phone`, or with its value, as in `phone = +86…`";
                return Err(Stop::invalid("which", say));
            }
            None => categories.push(line.to_owned()),
        }
    }
    Ok(Answer { text, categories, values })
}
