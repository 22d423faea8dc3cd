//! The privacy centre: what we hold and why, putting it right, deleting, taking it along, leaving.

use axum::extract::State;
use flows::account::{self, Cancel};
use flows::rights::{self, Data, Held};
use flows::{Acting, PersonId, RequestId, Secret, Stop};

use super::frame::{self, Frame};
use super::shared::{Ask, Fields, Passed, field, html, message, please_sign_in, typed};
use super::{date, phone, view};
use crate::path::Path;
use crate::{App, Reply};

/// Runs a page for the person who is signed in; everybody else is asked to sign in.
macro_rules! person_or_sign_in {
    ($app:expr, $ask:expr) => {
        match $ask.person() {
            Some(person) => person,
            None => return please_sign_in($ask.frame(&$app, ("me", "/me"))),
        }
    };
}
pub(crate) use person_or_sign_in;

/// The title of a category in the language of the page.
pub(super) fn title(app: &App, f: &Frame, category: &str) -> String {
    let book = app.flows.book();
    let declared = book.policy().categories.get(category);
    declared.map_or(category, |it| it.title.in_language(f.language())).to_owned()
}

/// What we hold.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let mut f = ask.frame(&app, ("me", "/me"));
    let me = match account::me(&app.flows, person, ask.session.as_ref(), app.now()).await {
        Ok(recorded) => recorded.into_inner(),
        Err(stop) => return ask.stopped(&app, stop),
    };
    let (closing, young) = (me.closing.clone(), super::guardian::notice(&f, &me));
    let change = match super::change::greeting(&app, &ask, &mut f).await {
        Ok(change) => change,
        Err(stop) => return ask.stopped(&app, stop),
    };
    match rights::data(&app.flows, person, f.language(), app.now()).await {
        Ok(recorded) => Reply::page(recorded, |data| {
            let mut values: Vec<_> = data.data.iter().map(|it| card(&app, &f, it)).collect();
            if let Some(it) = &closing {
                leaving(&f, &mut values, &it.effective_at);
            }
            let events_line = events_line(&f, &data);
            let waiting = data.waiting.first().map(|it| view::NewAddress {
                person: person.to_string(),
                value: it.value.clone(),
                until: date::minute(&f, &it.until),
            });
            let closing_request = closing.as_ref().map(|it| it.request.clone());
            html(&view::Me {
                values,
                waiting,
                events_line,
                young,
                change,
                push: super::push::words(f.language()).title,
                accepted: super::change::words::ChangeWords::of(f.language()).accepted,
                transfers: super::transfer::words::TransferWords::of(f.language()).title,
                closing: closing.as_ref().map(|it| date::minute(&f, &it.effective_at)),
                closing_request: closing_request.unwrap_or_default(),
                f,
            })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// While an account is being closed it is known of everything when it goes.
pub(super) fn leaving(f: &Frame, values: &mut [view::ValueCard], at: &str) {
    for it in values.iter_mut().filter(|it| it.hold.is_none()) {
        it.due = format!("{} {}", f.w.due_on, date::day(f, at));
    }
}

pub(super) fn events_line(f: &Frame, data: &Data) -> String {
    if data.events.is_empty() {
        return f.w.events_none.to_owned();
    }
    let mut kinds: Vec<String> =
        data.events.iter().map(|it| format!("{} {} ({})", it.count, it.kind, it.kept)).collect();
    kinds.extend(data.next.as_ref().map(|_| f.w.events_older.to_owned()));
    format!("{} {}", f.w.events_some, kinds.join(f.w.comma))
}

pub(super) fn card(app: &App, f: &Frame, held: &Held) -> view::ValueCard {
    let book = app.flows.book();
    let policy = book.policy();
    let required = policy.registration.iter().any(|it| it.required.contains(&held.category));
    let purposes: Vec<&str> = held.purposes.iter().map(|it| it.title.as_str()).collect();
    let recipients: Vec<&str> = held.recipients.iter().map(|it| it.title.as_str()).collect();
    let phrase = policy.phrase(&format!("keep.{}", held.category), f.language());
    let due = held.due.as_deref().map(|it| format!("{} {}", f.w.due_on, date::day(f, it)));
    let p = phone::words(f.language());
    // A guardian is asked by a link of their own.
    let fixed = held.category == "guardian-contact";
    view::ValueCard {
        category: held.category.clone(),
        title: held.title.clone(),
        shown: shown(f, held),
        source: held.source_title.clone(),
        collected: held.collected.clone(),
        collected_day: date::day(f, &held.collected),
        purposes: purposes.join(f.w.comma),
        recipients: recipients.join(f.w.comma),
        due: [due, phrase].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        clause: held.kept.as_ref().map_or_else(String::new, |it| it.clause.clone()),
        required,
        asked: !required && held.category == "birth-date",
        correctable: held.hold.is_none()
            && held.source == "registration"
            && !fixed
            && held.category != "password",
        deletable: held.hold.is_none() && !required && !fixed,
        proved: held.verified.map(|it| if it { p.proved } else { p.unproved }),
        prove: (held.verified == Some(false)).then_some(p.prove),
        hold: held.hold.as_ref().map(|it| {
            let until = date::day(f, &it.until);
            let clause = it.clause.clone();
            view::OnHold { text: f.w.on_hold, ground: it.ground.clone(), until, clause }
        }),
    }
}

/// A value, as people read it.
fn shown(f: &Frame, held: &Held) -> String {
    match (held.category.as_str(), held.value.as_deref()) {
        (_, None) => "••••••••".to_owned(),
        // Addresses that only machines read: how many there are says more.
        ("push", Some(list)) => {
            super::push::browsers(f.language(), list.matches("\"endpoint\"").count())
        }
        ("birth-date", Some(day)) => date::day(f, day),
        ("language", Some(code)) => frame::in_its_own_words(code).to_owned(),
        (_, Some(value)) => value.to_owned(),
    }
}

/// Everything that is held, to read.
pub(crate) async fn export(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me/export"));
    export_page(&app, &ask, f, (person.into(), "/v1/me/export")).await
}

/// What is held of somebody, and where it is to be had as a file.
pub(super) async fn export_page(
    app: &App,
    ask: &Ask,
    f: Frame,
    (who, file): (Acting, &'static str),
) -> Reply {
    match rights::data(&app.flows, who, f.language(), app.now()).await {
        Ok(recorded) => Reply::page(recorded, |data| {
            let rows = data.data.iter().map(|it| (it.title.clone(), shown(&f, it)));
            let values = view::Section { title: f.w.what_we_hold.to_owned(), rows: rows.collect() };
            let older = data.next.as_ref().map(|_| format!(" {}", f.w.events_older));
            let older = older.unwrap_or_default();
            let rows =
                data.events.iter().map(|it| (it.kind.clone(), format!("{}{older}", it.count)));
            let events =
                view::Section { title: f.w.log_information.to_owned(), rows: rows.collect() };
            html(&view::Export { f, file, sections: vec![values, events] })
        }),
        Err(stop) => ask.stopped(app, stop),
    }
}

/// The form to put a value right.
pub(crate) async fn edit(State(app): State<App>, Path(category): Path<String>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me"));
    match rights::data(&app.flows, person, f.language(), app.now()).await {
        Ok(recorded) => Reply::page(recorded, |data| {
            let held = data.data.iter().find(|it| it.category == category);
            let value = held.and_then(|it| it.value.clone()).unwrap_or_default();
            html(&edit_page(&app, f, &category, (value, None)))
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn edit_page(
    app: &App,
    f: Frame,
    category: &str,
    (value, wrong): (String, Option<String>),
) -> view::Edit {
    let kind = match category {
        "email" => "email",
        "phone" => "tel",
        "birth-date" => "date",
        _ => "text",
    };
    let name = title(app, &f, category);
    let lead = if category == "email" { f.w.new_address_lead } else { f.w.correct_lead };
    view::Edit {
        title: format!("{} · {name}", f.w.correct),
        lead: lead.to_owned(),
        action: format!("/me/data/{category}"),
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
    ask: Ask,
    fields: Fields,
) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let value = typed(&fields, "value").unwrap_or_else(|| flows::Plain::from(""));
    let changed = (category.as_str(), value, None);
    match rights::correct(&app.flows, person, changed, app.now()).await {
        Ok(recorded) => {
            app.wake();
            // A new address is not saved yet: the page says that it waits.
            let done = if category == "email" { "#waiting" } else { "&done=saved" };
            if category == "phone" && app.flows.texts() {
                return Reply::recorded_to(recorded, &format!("{}{}", phone::PATH, ask.query()));
            }
            Reply::recorded_to(recorded, &format!("/me{}{done}", ask.query()))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => {
                let f = ask.frame(&app, ("me", "/me"));
                let given = field(&fields, "value").to_owned();
                Reply::public_page(422, html(&edit_page(&app, f, &category, (given, Some(say)))))
            }
            Err(reply) => reply,
        },
    }
}

fn ask_page(f: Frame, (title, lead): (String, &str), (action, confirm): (String, &str)) -> Reply {
    let page = view::Edit {
        title,
        lead: lead.to_owned(),
        action,
        confirm: confirm.to_owned(),
        tone: "danger",
        field: None,
        wrong: None,
        f,
    };
    Reply::public_page(200, html(&page))
}

/// Asks before a value is deleted: a link alone deletes nothing.
pub(crate) async fn ask_delete(
    State(app): State<App>,
    Path(category): Path<String>,
    ask: Ask,
) -> Reply {
    let _person: PersonId = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me"));
    let w = f.w;
    let title = format!("{} · {}", w.delete, title(&app, &f, &category));
    let action = format!("/me/data/{category}/delete");
    ask_page(f, (title, w.delete_lead), (action, w.delete))
}

/// A value is deleted.
pub(crate) async fn delete(
    State(app): State<App>,
    Path(category): Path<String>,
    ask: Ask,
) -> Reply {
    let person = person_or_sign_in!(app, ask);
    match rights::delete(&app.flows, person, &category, app.now()).await {
        Ok(recorded) => Reply::recorded_to(recorded, &format!("/me{}&done=deleted", ask.query())),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// Asks before the account is closed.
pub(crate) async fn ask_close(State(app): State<App>, ask: Ask) -> Reply {
    let _person: PersonId = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me"));
    let (w, lead) = (f.w, f.close_lead());
    ask_page(f, (w.close.to_owned(), &lead), ("/me/close".to_owned(), w.close_now))
}

/// The account is closed: from now on nothing is used.
pub(crate) async fn close(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let closed = account::close(&app.flows, person, (ask.session.as_ref(), None), app.now()).await;
    match closed {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/me{}", ask.query()))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// The link in the mail: it asks, because mail scanners follow links.
pub(crate) async fn ask_cancel(State(app): State<App>, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("me", "/privacy/cancel"));
    let page = view::Keep {
        title: f.w.keep_ask.to_owned(),
        action: format!("/privacy/cancel{}", f.q),
        request: ask.get("request").to_owned(),
        person: ask.get("person").to_owned(),
        token: ask.get("token").to_owned(),
        f,
    };
    Reply::public_page(200, html(&page))
}

/// The person changed their mind: signed in, or with the link in the mail.
pub(crate) async fn cancel(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let token = Some(field(&fields, "token")).filter(|it| !it.is_empty());
    let person = match token {
        Some(_) => PersonId::parse(field(&fields, "person")),
        None => ask.person(),
    };
    let request = RequestId::parse(field(&fields, "request"));
    let Some((person, request)) = person.zip(request) else {
        return ask.stopped(&app, Stop::NotFound);
    };
    let signed_in = ask.person() == Some(person);
    let cancel = Cancel { person, request, token: token.map(Secret::given) };
    match account::cancel(&app.flows, cancel, app.now()).await {
        Ok(recorded) => {
            app.wake();
            if signed_in {
                return Reply::recorded_to(recorded, &format!("/me{}&done=kept", ask.query()));
            }
            let f = ask.frame(&app, ("me", "/privacy/cancel"));
            let w = f.w;
            Reply::page(recorded, |_| message_html(f, (w.keep_account, w.kept_changed_mind)))
        }
        Err(Stop::Wrong | Stop::NotNow(_)) => {
            let f = ask.frame(&app, ("me", "/me"));
            let w = f.w;
            message(f, 401, (w.went_wrong, w.keep_spent))
        }
        Err(Stop::Gone) => {
            let f = ask.frame(&app, ("me", "/me"));
            let w = f.w;
            message(f, 410, (w.keep_late, w.keep_gone))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn message_html(f: Frame, (title, lead): (&str, &str)) -> String {
    html(&view::Message::new(f, (title, lead)))
}
