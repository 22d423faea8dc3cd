//! Messages and complaints: what people wrote, and answering it.

use axum::extract::State;
use decide::id::MessageId;
use flows::messages::SaidSeen;
use flows::messages::desk::{self, Conversation, Decide, Reply as Answer};
use flows::queue::MESSAGES;
use flows::security::Role;
use flows::{Plain, Recorded, Stop};

use super::clock::{running, still};
use super::desk::{Desk, Wrong, status, written};
use super::list::{self, List};
use super::part;
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part, Said};
use super::words::Words;
use crate::page::{Fields, field, html};
use crate::path::Path;
use crate::{App, Reply};

const PATH: &str = "/console/messages";
/// Who answers people.
const MAY: &[Role] = &[Role::Support, Role::Officer];

/// What waits, or what is over.
pub(super) async fn list(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    let lead = desk.frame(&app).w.messages_lead;
    let of = List { path: PATH, kinds: &MESSAGES, lead, roles: MAY };
    list::list(&app, &desk, &of, (Vec::new(), None)).await
}

/// One conversation.
pub(super) async fn show(
    State(app): State<App>,
    Path(id): Path<String>,
    desk: Desk,
) -> Result<Reply, Reply> {
    page(&app, &desk, &id, None).await
}

async fn page(app: &App, desk: &Desk, id: &str, wrong: Option<Wrong<'_>>) -> Result<Reply, Reply> {
    desk.may(app, MAY)?;
    let known = MessageId::parse(id).ok_or_else(|| desk.stopped(app, Stop::NotFound))?;
    let status = status(wrong.as_ref());
    match desk::read(&app.flows, &desk.member.id, known, app.now()).await {
        Ok(recorded) => {
            let page = Reply::page(recorded, |it| written(detail(app, desk, &it), wrong));
            Ok(page.with_status(status))
        }
        Err(Stop::NotNow(_)) => {
            let f = desk.frame(app);
            let lead = f.w.closed_lead;
            let back = Link::new(format!("{PATH}{}", f.q), f.w.messages);
            let badges = vec![Badge::new(f.w.state_of("closed"), "quiet")];
            let page = Page { back: Some(back), badges, ..Page::new(f, id, lead) };
            Ok(Reply::public_page(200, html(&page)))
        }
        Err(stop) => Err(desk.stopped(app, stop)),
    }
}

fn detail(app: &App, desk: &Desk, it: &Conversation) -> Page {
    let f = desk.frame(app);
    let (w, row) = (f.w, &it.row);
    let open = !matches!(row.state.as_str(), "answered" | "decided" | "closed");
    let clock = if open {
        running(w, (&row.received, &row.due), row.seconds_left)
    } else {
        still(&row.due)
    };
    let mut badges =
        vec![Badge::new(w.kind_of(&row.kind), ""), Badge::new(w.state_of(&row.state), "quiet")];
    if row.escalated.is_some() {
        badges.push(Badge::new(w.escalated, "warn"));
    }
    if let Some(outcome) = &row.outcome {
        badges.push(Badge::new(w.outcome_of(outcome), ""));
    }
    let back = Link::new(format!("{PATH}{}", f.q), w.messages);
    let parts = vec![
        Part::Thread { title: w.conversation.to_owned(), pieces: pieces(app, desk, w, it) },
        facts(app, desk, w, it),
        seen(app, w, it),
    ];
    let forms = forms(app, desk, w, it);
    let title = w.heading(&row.kind, &row.id);
    Page { back: Some(back), badges, clock: Some(clock), parts, forms, ..Page::new(f, title, "") }
}

fn pieces(app: &App, desk: &Desk, w: &'static Words, it: &Conversation) -> Vec<Said> {
    let said = |it: &SaidSeen| {
        let by = part::by(app, desk, w, &it.by);
        part::said(w, (&it.kind, by), (&it.at, &it.text))
    };
    it.said.iter().map(said).collect()
}

fn facts(app: &App, desk: &Desk, w: &'static Words, it: &Conversation) -> Part {
    let row = &it.row;
    let mut rows: Vec<(String, Cell)> = vec![
        (w.received.to_owned(), part::at(&row.received)),
        (w.answer_by.to_owned(), part::at(&row.due)),
        (w.assigned.to_owned(), desk.name(app, &row.assigned).into()),
        (w.region.to_owned(), part::region(app, w, &row.region).into()),
        (w.language.to_owned(), crate::page::in_its_own_words(&it.language).into()),
        (w.person.to_owned(), it.person.as_str().into()),
    ];
    if row.reopened > 0 {
        rows.push((w.reopened.to_owned(), format!("{} {}", row.reopened, w.times).into()));
    }
    Part::Facts { title: w.details.to_owned(), rows }
}

/// What support may see of the person while the conversation is open.
fn seen(app: &App, w: &'static Words, it: &Conversation) -> Part {
    let title = w.of_the_person.to_owned();
    let row = |(id, value): &(String, String)| (part::category(app, w, id), value.as_str().into());
    let mut rows: Vec<(String, Cell)> = it.values.0.iter().map(row).collect();
    if rows.is_empty() {
        rows.push((w.nothing_seen.to_owned(), w.of_the_person_lead.into()));
    }
    Part::Facts { title, rows }
}

fn forms(app: &App, desk: &Desk, w: &'static Words, it: &Conversation) -> Vec<Form> {
    let path = format!("{PATH}/{}", it.row.id);
    let form = |id, words, fields| desk.form(app, (&path, id), words, fields);
    let mut canned = vec![(String::new(), w.none.to_owned())];
    canned.extend(desk::canned(&app.flows).into_iter().map(|it| (it.id, it.title)));
    let text = || Field::new("text", w.text, Kind::Lines);
    let mut answers = vec![text().optional()];
    if canned.len() > 1 {
        let field = Field::new("answer", w.canned, Kind::Choice(canned));
        answers.insert(0, field.hint(w.canned_hint).optional());
    } else {
        answers = vec![text()];
    }
    let because = [
        ("answered", w.because_answered),
        ("nothing-to-answer", w.because_nothing),
        ("duplicate", w.because_duplicate),
        ("spam", w.because_spam),
    ];
    let mut all =
        vec![Form { lead: w.reply_lead.to_owned(), ..form("reply", (w.reply, w.send), answers) }];
    if it.row.kind == "complaint" && it.row.outcome.is_none() {
        let outcomes = [("upheld", w.upheld), ("partly", w.partly), ("rejected", w.rejected)];
        let fields = vec![
            Field::new("outcome", w.outcome, part::choices(&outcomes)),
            Field::new("text", w.reason, Kind::Lines),
        ];
        let decide = form("decide", (w.decide, w.decide), fields);
        all.push(Form { lead: w.decide_lead.to_owned(), ..decide });
    }
    let to = Field::new("to", w.assign_to, Kind::Choice(desk.colleagues(MAY)))
        .holding(desk.member.id.as_str());
    all.push(Form { tone: "", ..form("assign", (w.assign, w.assign), vec![to]) });
    if it.row.kind == "message" {
        let complaint = form("complaint", (w.complaint, w.complaint), Vec::new());
        all.push(Form { lead: w.complaint_lead.to_owned(), tone: "", ..complaint });
    }
    let note = form("note", (w.note, w.add_note), vec![text()]);
    all.push(Form { lead: w.note_lead.to_owned(), tone: "", ..note });
    let reason = vec![Field::new("reason", w.reason, part::choices(&because))];
    let close = form("close", (w.close, w.close), reason);
    all.push(Form { lead: w.close_lead.to_owned(), tone: "danger", ..close });
    all
}

/// Something is done about a conversation.
pub(super) async fn act(
    State(app): State<App>,
    Path((id, verb)): Path<(String, String)>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let known = MessageId::parse(&id).ok_or_else(|| desk.stopped(&app, Stop::NotFound))?;
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
    (id, verb): (MessageId, &str),
    fields: &Fields,
) -> Result<Recorded<desk::Done>, Stop> {
    let (flows, staff, now) = (&app.flows, desk.member.id.as_str(), app.now());
    let text = || Plain::from(field(fields, "text"));
    let idempotency = desk.once(fields);
    match verb {
        "reply" => {
            let answer = Some(field(fields, "answer").to_owned()).filter(|it| !it.is_empty());
            let ask = Answer { text: text(), answer, idempotency };
            desk::reply(flows, staff, (id, &ask), now).await
        }
        "decide" => {
            let outcome = field(fields, "outcome").to_owned();
            let ask = Decide { outcome, text: text(), idempotency };
            desk::decide(flows, staff, (id, &ask), now).await
        }
        "assign" => desk::assign(flows, (staff, field(fields, "to")), id, now).await,
        "note" => desk::note(flows, staff, (id, text()), now).await,
        "complaint" => desk::complaint(flows, staff, id, now).await,
        "close" => desk::close(flows, (staff, field(fields, "reason")), id, now).await,
        _ => Err(Stop::NotFound),
    }
}
