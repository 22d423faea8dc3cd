//! A guardian's page for one child: see, put right, choose, close. It is reached with a session of its
//! own, which opens nothing else.

use axum::extract::{FromRequestParts, State};
use axum::http::request::Parts;
use flows::account;
use flows::consent::{self, Answered, Choose, Shown, Who};
use flows::minors;
use flows::rights::{self, Page, UseSeen};
use flows::{Acting, Plain, RequestId, Secret, Stop};

use super::centre::{card, events_line, leaving, title};
use super::change::{self, Reader};
use super::frame::Frame;
use super::shared::{Ask, Fields, field, html, typed};
use super::young::Young;
use super::{date, uses, view, young_view};
use crate::path::Path;
use crate::{App, Reply, credentials};

/// The guardian whose session the browser carries.
pub(crate) struct Guarding {
    ask: Ask,
    found: Option<(Acting, Secret)>,
}

impl FromRequestParts<App> for Guarding {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Reply> {
        let ask = Ask::from_request_parts(parts, app).await?;
        let Some(session) = credentials::guardian(app, &parts.headers) else {
            return Ok(Self { ask, found: None });
        };
        match minors::guard(&app.flows, &session, app.now()).await {
            Ok(found) => Ok(Self { ask, found: found.map(|it| (it, session)) }),
            Err(stop) => Err(ask.stopped(app, stop)),
        }
    }
}

/// Runs a page for the guardian who is signed in; everybody else is asked to sign in.
macro_rules! guardian_or_sign_in {
    ($app:expr, $guarding:expr) => {{
        let Guarding { ask, found } = $guarding;
        match found {
            Some((who, session)) => (ask, who, session),
            None => return sign_in_page(&$app, &ask, (String::new(), false), None),
        }
    }};
}

mod enter;
mod wishes;

pub(crate) use enter::{sign_in, sign_out};
pub(crate) use wishes::{export, file, list, one, send};

use enter::sign_in_page;

/// What we hold of the child.
pub(crate) async fn show(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let mut f = ask.frame(&app, ("", "/privacy/child"));
    let change = match change::greeting_of_child(&app, who, &mut f).await {
        Ok(change) => change,
        Err(stop) => return ask.stopped(&app, stop),
    };
    let closing = match account::me(&app.flows, who, None, app.now()).await {
        Ok(recorded) => recorded.into_inner().closing.clone(),
        Err(stop) => return ask.stopped(&app, stop),
    };
    match rights::data(&app.flows, who, f.language(), app.now()).await {
        Ok(recorded) => Reply::page(recorded, |data| {
            let events_line = if data.events.is_empty() {
                Young::of(f.language()).child_no_events.to_owned()
            } else {
                events_line(&f, &data)
            };
            let cards = data.data.iter().map(|it| for_guardian(card(&app, &f, it)));
            let mut values: Vec<_> = cards.collect();
            if let Some(it) = &closing {
                leaving(&f, &mut values, &it.effective_at);
            }
            let closing_request = closing.as_ref().map(|it| it.request.clone());
            html(&young_view::Child {
                y: Young::of(f.language()),
                values,
                events_line,
                change,
                closing: closing.as_ref().map(|it| date::minute(&f, &it.effective_at)),
                closing_request: closing_request.unwrap_or_default(),
                f,
            })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// What the child comes in by is the child's own to change, and what the guardian comes in by is nobody's.
fn for_guardian(card: view::ValueCard) -> view::ValueCard {
    let own = matches!(card.category.as_str(), "email" | "password" | "guardian-contact");
    view::ValueCard {
        correctable: card.correctable && !own,
        deletable: card.deletable && !own,
        prove: None,
        ..card
    }
}

/// Who used what of the child.
pub(crate) async fn used(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let f = ask.frame(&app, ("", "/privacy/child/uses"));
    let cursor = Some(ask.get("after")).filter(|it| !it.is_empty()).map(str::to_owned);
    let page = Page { cursor, proof: false };
    let keys = flows::security::keys(&app.flows).await.unwrap_or_default();
    match rights::uses(&app.flows, who, &page, app.now()).await {
        Ok(recorded) => Reply::page(recorded, |seen| {
            let line = |it| by_whom(&f, it, uses::line(&app, (&f, &keys), it));
            let lines = seen.uses.iter().map(line).collect();
            let (y, next) = (Young::of(f.language()), seen.next.clone());
            html(&young_view::ChildUses { f, y, lines, next })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// On this page `you` is the guardian, and whoever is called so elsewhere is the child.
fn by_whom(f: &Frame, seen: &UseSeen, line: view::UseLine) -> view::UseLine {
    let y = Young::of(f.language());
    let who = f.w.asker(&seen.by);
    let said = match seen.by.as_str() {
        "person" => y.the_child,
        "guardian" => y.you,
        _ => return line,
    };
    let rest = line.line.strip_prefix(who).unwrap_or(&line.line);
    // The id of the guardian's case says nothing to the guardian.
    let rest = rest.strip_prefix(&format!(" ({})", seen.name)).unwrap_or(rest);
    view::UseLine { line: format!("{said}{rest}"), ..line }
}

/// The form to put a value right.
pub(crate) async fn edit(
    State(app): State<App>,
    Path(category): Path<String>,
    guarding: Guarding,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let language = app.flows.book().language(ask.language()).to_owned();
    match rights::data(&app.flows, who, &language, app.now()).await {
        Ok(recorded) => Reply::page(recorded, |data| {
            let held = data.data.iter().find(|it| it.category == category);
            let value = held.and_then(|it| it.value.clone()).unwrap_or_default();
            html(&edit_page(&app, &ask, &category, (value, None)))
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn edit_page(
    app: &App,
    ask: &Ask,
    category: &str,
    (value, wrong): (String, Option<String>),
) -> young_view::ChildEdit {
    let f = ask.frame(app, ("", "/privacy/child"));
    let kind = match category {
        "phone" => "tel",
        "birth-date" => "date",
        _ => "text",
    };
    young_view::ChildEdit {
        title: format!("{} · {}", f.w.correct, title(app, &f, category)),
        lead: f.w.correct_lead.to_owned(),
        action: format!("/privacy/child/data/{category}"),
        confirm: f.w.save.to_owned(),
        tone: "primary",
        field: Some(view::Field { label: f.w.new_value.to_owned(), kind, value }),
        wrong,
        f,
    }
}

/// A value is put right.
pub(crate) async fn correct(
    State(app): State<App>,
    Path(category): Path<String>,
    guarding: Guarding,
    fields: Fields,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let value = typed(&fields, "value").unwrap_or_else(|| Plain::from(""));
    match rights::correct(&app.flows, who, (&category, value, None), app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/privacy/child{}&done=saved", ask.query()))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => {
                let given = field(&fields, "value").to_owned();
                let page = edit_page(&app, &ask, &category, (given, Some(say)));
                Reply::public_page(422, html(&page))
            }
            Err(reply) => reply,
        },
    }
}

fn question(f: Frame, (title, lead): (String, &str), (action, confirm): (String, &str)) -> Reply {
    let (lead, confirm) = (lead.to_owned(), confirm.to_owned());
    let tone = "danger";
    let page =
        young_view::ChildEdit { f, title, lead, action, confirm, tone, field: None, wrong: None };
    Reply::public_page(200, html(&page))
}

/// Asks before a value is deleted: a link alone deletes nothing.
pub(crate) async fn ask_delete(
    State(app): State<App>,
    Path(category): Path<String>,
    guarding: Guarding,
) -> Reply {
    let (ask, _, _) = guardian_or_sign_in!(app, guarding);
    let f = ask.frame(&app, ("", "/privacy/child"));
    let (title, w) = (format!("{} · {}", f.w.delete, title(&app, &f, &category)), f.w);
    let action = format!("/privacy/child/data/{category}/delete");
    question(f, (title, w.delete_lead), (action, w.delete))
}

/// A value is deleted.
pub(crate) async fn delete(
    State(app): State<App>,
    Path(category): Path<String>,
    guarding: Guarding,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    match rights::delete(&app.flows, who, &category, app.now()).await {
        Ok(recorded) => {
            Reply::recorded_to(recorded, &format!("/privacy/child{}&done=deleted", ask.query()))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// The choices for the child; what is never for the young is not offered.
pub(crate) async fn choices(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let f = ask.frame(&app, ("", "/privacy/child/choices"));
    let book = app.flows.book();
    match Shown::to(&app.flows, who, (f.language(), ask.signals), app.now()).await {
        Ok(said) => Reply::said_page(said, |shown| {
            let given = |id: &str| shown.choices.get(id).is_some_and(|it| it == "given");
            let offered = shown.purposes.iter().filter(|it| minors::offered(&book, who, &it.id));
            let purposes = offered.map(|it| view::PurposeChoice {
                id: it.id.clone(),
                title: it.title.clone(),
                text: it.text.clone(),
                clause: it.clause.clone(),
                given: given(&it.id),
            });
            let (purposes, text_hash) = (purposes.collect(), shown.text_hash.clone());
            let y = Young::of(f.language());
            html(&young_view::ChildChoices { f, y, purposes, text_hash })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// An answer for the child, or a change of mind.
pub(crate) async fn choose(State(app): State<App>, guarding: Guarding, fields: Fields) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let book = app.flows.book();
    let answer = |(id, _): (String, _)| {
        let said = field(&fields, &id).to_owned();
        (!said.is_empty()).then_some((id, said))
    };
    let choose = Choose {
        who: Who::Guardian(who),
        choices: book.choices(who.person().region()).into_iter().filter_map(answer).collect(),
        text_hash: field(&fields, "text_hash").to_owned(),
        language: book.language(ask.language()).to_owned(),
        signals: ask.signals,
        screen: "guardian-page".to_owned(),
        idempotency: None,
    };
    let to = format!("/privacy/child{}&done=saved", ask.query());
    match consent::choose(&app.flows, choose, app.now()).await {
        Ok(Answered::Known(recorded)) => Reply::recorded_to(recorded, &to),
        Ok(Answered::Nobody(_)) => Reply::see_other(&to),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// What a new version of the policy changes for the child, and what is asked anew.
pub(crate) async fn change(
    State(app): State<App>,
    Path(number): Path<String>,
    guarding: Guarding,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    change::page(&app, &ask, &number, Reader::Guardian(who)).await
}

/// What the guardian answers to it.
pub(crate) async fn change_answer(
    State(app): State<App>,
    Path(number): Path<String>,
    guarding: Guarding,
    fields: Fields,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    change::answer(&app, &ask, (&number, &fields), Reader::Guardian(who)).await
}

/// Asks before the account is closed.
pub(crate) async fn ask_close(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, _, _) = guardian_or_sign_in!(app, guarding);
    let f = ask.frame(&app, ("", "/privacy/child"));
    let (y, w, lead) = (Young::of(f.language()), f.w, f.close_lead());
    let action = "/privacy/child/close".to_owned();
    question(f, (y.child_close.to_owned(), &lead), (action, w.close_now))
}

/// The account is closed: from now on nothing is used.
pub(crate) async fn close(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, session) = guardian_or_sign_in!(app, guarding);
    match account::close(&app.flows, who, (Some(&session), None), app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/privacy/child{}", ask.query()))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// The guardian changed their mind.
pub(crate) async fn keep(State(app): State<App>, guarding: Guarding, fields: Fields) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let Some(request) = RequestId::parse(field(&fields, "request")) else {
        return ask.stopped(&app, Stop::NotFound);
    };
    match account::cancel_for(&app.flows, (who, request), app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/privacy/child{}&done=kept", ask.query()))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}
