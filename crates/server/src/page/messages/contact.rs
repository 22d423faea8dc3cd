//! The form with which anybody writes to us. Programs that fill in forms are told from people by a
//! field that people do not see, and by the time that it took.

use axum::extract::State;
use flows::messages::{self, Leave, Left, Shown};
use flows::{Plain, Stop};
use serde_json::Value;

use super::view;
use super::words::Words;
use crate::api::messages::pass;
use crate::page::date;
use crate::page::frame::Frame;
use crate::page::register::regions;
use crate::page::shared::{Ask, Fields, Passed, field, html, message, typed};
use crate::page::view::FieldFault;
use crate::rate::Peer;
use crate::{App, Reply};

const PATH: &str = "/privacy/contact";
/// The field that people do not see.
const HONEY: &str = "website";

/// The empty form.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let kind = if ask.get("kind") == "complaint" { "complaint" } else { "message" };
    let given = view::Given { kind: kind.to_owned(), ..view::Given::default() };
    page(&app, &ask, given, Vec::new())
}

fn page(app: &App, ask: &Ask, given: view::Given, errors: Vec<FieldFault>) -> Reply {
    let f = ask.frame(app, ("contact", PATH));
    let m = Words::of(f.w.code);
    let shown = match messages::form(&app.flows, app.now()) {
        Ok(shown) => shown,
        Err(stop) => return ask.stopped(app, stop),
    };
    let book = app.flows.book();
    let policy = book.policy();
    let phrase = |path: &str| policy.phrase(path, f.language()).unwrap_or_default();
    let each = policy.header.regions.iter().map(|code| {
        let title = policy.regions.get(code);
        let title = title.map_or(code.as_str(), |it| it.title.in_language(f.language()));
        format!("{} ({title})", phrase(&format!("complaints.reply.{code}")))
    });
    let contact = &policy.header.contact;
    let mut lines = vec![contact.email.clone()];
    lines.extend(contact.phone.iter().cloned());
    lines.extend(contact.post.iter().map(|it| it.in_language(f.language()).to_owned()));
    let status = if errors.is_empty() { 200 } else { 422 };
    let page = view::Contact {
        m,
        errors,
        given,
        regions: if f.signed_in { Vec::new() } else { regions(app, &f) },
        shown,
        message_within: phrase("messages.reply"),
        complaint_within: each.collect::<Vec<_>>().join(f.w.comma),
        kept: phrase("keep.support-messages"),
        lines,
        f,
    };
    Reply::public_page(status, html(&page))
}

/// What a form makes of what was sent with it.
pub(crate) enum Filled {
    /// Somebody filled it in: its mark.
    By(String),
    /// A program did. Whoever fills in what nobody sees is told what everybody is told, and nothing is
    /// kept.
    Program,
    /// It is to be sent again.
    Wrong(&'static str),
    /// It cannot be said.
    Stopped(Stop),
}

/// Tells people from programs.
pub(crate) fn filled(app: &App, fields: &Fields, m: &'static Words) -> Filled {
    if !field(fields, HONEY).is_empty() {
        return Filled::Program;
    }
    let mark = field(fields, "shown").to_owned();
    match messages::shown(&app.flows, &mark, app.now()) {
        Ok(Shown::Good) => Filled::By(mark),
        Ok(Shown::TooSoon) => Filled::Wrong(m.too_soon),
        Ok(Shown::Stale) => Filled::Wrong(m.stale),
        Err(stop) => Filled::Stopped(stop),
    }
}

/// The form is sent.
pub(crate) async fn send(
    State(app): State<App>,
    _: Passed,
    peer: Peer,
    ask: Ask,
    fields: Fields,
) -> Reply {
    let given = view::Given {
        kind: field(&fields, "kind").to_owned(),
        text: field(&fields, "text").to_owned(),
        reply_to: field(&fields, "reply_to").to_owned(),
        region: field(&fields, "region").to_owned(),
    };
    let f = ask.frame(&app, ("contact", PATH));
    let m = Words::of(f.w.code);
    let mark = match filled(&app, &fields, m) {
        Filled::By(mark) => mark,
        Filled::Program => return message(f, 200, (m.arrived, m.arrived_lead)),
        Filled::Wrong(say) => return page(&app, &ask, given, vec![fault("text", say)]),
        Filled::Stopped(stop) => return ask.stopped(&app, stop),
    };
    if let Err(problem) = pass(&app, &peer, &given.reply_to) {
        return ask.held_up(&app, &problem);
    }
    let leave = Leave {
        from: ask.person(),
        text: Plain::from(given.text.as_str()),
        reply_to: typed(&fields, "reply_to"),
        kind: given.kind.clone(),
        region: Some(given.region.clone()).filter(|it| !it.is_empty()),
        language: f.w.code.to_owned(),
        idempotency: Some(messages::once(&mark, given.text.as_bytes())),
    };
    match messages::leave(&app.flows, leave, app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::page(recorded, |left| arrived(f, &left))
        }
        // Sent twice: it is one message, and the page is the same.
        Err(Stop::Replayed { body, .. }) => Reply::public_page(200, arrived(f, &before(&body))),
        Err(Stop::Full { seconds }) => {
            ask.held_up(&app, &crate::Problem::from(Stop::Full { seconds }))
        }
        Err(stop) => again(&app, &ask, given, stop),
    }
}

/// What was answered before.
fn before(body: &str) -> Left {
    let value: Value = serde_json::from_str(body).unwrap_or_default();
    let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let due_provisional = value.get("due_provisional").and_then(Value::as_bool).unwrap_or(false);
    Left { id: text("id"), kind: text("kind"), reply_due: text("reply_due"), due_provisional }
}

fn arrived(f: Frame, left: &Left) -> String {
    let page = view::Arrived {
        m: Words::of(f.w.code),
        number: left.id.clone(),
        due: left.reply_due.clone(),
        due_shown: date::minute(&f, &left.reply_due),
        f,
    };
    html(&page)
}

/// The form again, with what is wrong on top.
fn again(app: &App, ask: &Ask, given: view::Given, stop: Stop) -> Reply {
    let at =
        if let Stop::Invalid { field, .. } = &stop { field.clone() } else { "text".to_owned() };
    match ask.wrong(app, stop) {
        Ok(say) => page(app, ask, given, vec![FieldFault { field: at, say }]),
        Err(reply) => reply,
    }
}

fn fault(field: &str, say: &str) -> FieldFault {
    FieldFault { field: field.to_owned(), say: say.to_owned() }
}
