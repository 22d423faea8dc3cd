//! What a person wrote to us, and what was answered.

use axum::extract::State;
use decide::id::MessageId;
use flows::messages::{self, SaidSeen, Seen, Whole};
use flows::{Plain, Stop};

use super::view;
use super::words::Words;
use crate::page::centre::person_or_sign_in;
use crate::page::date;
use crate::page::frame::Frame;
use crate::page::shared::{Ask, Fields, Passed, field, html, please_sign_in};
use crate::path::Path;
use crate::{App, Reply};

/// The list, newest first.
pub(crate) async fn list(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me/messages"));
    let m = Words::of(f.w.code);
    let cursor = Some(ask.get("after")).filter(|it| !it.is_empty());
    match messages::list(&app.flows, person, cursor, app.now()).await {
        Ok(recorded) => Reply::page(recorded, |list| {
            let lines = list.messages.iter().map(|it| line(&f, m, it)).collect();
            html(&view::Mine { lines, next: list.next, m, f })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn line(f: &Frame, m: &'static Words, seen: &Seen) -> view::Line {
    view::Line {
        id: seen.id.clone(),
        kind: m.kind(&seen.kind),
        state: m.state_of(&seen.state),
        open: seen.open,
        received: seen.received.clone(),
        received_shown: date::day(f, &seen.received),
        due: seen.reply_due.clone(),
        due_shown: date::minute(f, &seen.reply_due),
        outcome: seen.outcome.as_deref().map(|it| m.outcome_of(it)),
    }
}

/// One conversation.
pub(crate) async fn one(State(app): State<App>, Path(id): Path<String>, ask: Ask) -> Reply {
    page(&app, &ask, &id, (String::new(), None)).await
}

async fn page(app: &App, ask: &Ask, id: &str, (typed, wrong): (String, Option<String>)) -> Reply {
    let Some(person) = ask.person() else {
        return please_sign_in(ask.frame(app, ("me", "/me")));
    };
    let path = format!("/me/messages/{id}");
    let Some(number) = MessageId::parse(id) else { return ask.stopped(app, Stop::NotFound) };
    let f = ask.frame(app, ("me", &path));
    match messages::one(&app.flows, person, number, app.now()).await {
        Ok(recorded) => {
            let status = if wrong.is_some() { 422 } else { 200 };
            let sent = ask.get("done") == "sent";
            let page = |whole: Whole| {
                let m = Words::of(f.w.code);
                let said = whole.said.iter().map(|it| piece(&f, m, it)).collect();
                let line = line(&f, m, &whole.seen);
                html(&view::One { m, line, said, typed, wrong, sent, f })
            };
            Reply::page(recorded, page).with_status(status)
        }
        Err(stop) => ask.stopped(app, stop),
    }
}

fn piece(f: &Frame, m: &'static Words, said: &SaidSeen) -> view::Said {
    let own = said.kind == "in";
    view::Said {
        class: if own { "in" } else { "out" },
        who: if own { m.you } else { m.we },
        at: said.at.clone(),
        at_shown: date::minute(f, &said.at),
        text: said.text.clone(),
    }
}

/// Something is added.
pub(crate) async fn add(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Passed,
    ask: Ask,
    fields: Fields,
) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let Some(number) = MessageId::parse(&id) else { return ask.stopped(&app, Stop::NotFound) };
    let text = field(&fields, "text");
    let given = (number, Plain::from(text), None);
    match messages::add(&app.flows, person, given, app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/me/messages/{id}{}&done=sent", ask.query()))
        }
        Err(Stop::Full { seconds }) => {
            ask.held_up(&app, &crate::Problem::from(Stop::Full { seconds }))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => page(&app, &ask, &id, (text.to_owned(), Some(say))).await,
            Err(reply) => reply,
        },
    }
}
