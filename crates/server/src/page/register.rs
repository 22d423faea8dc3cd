//! Registration: the age first, then what the policy asks for, then the code from the mail.

use axum::extract::State;
use flows::account::{self, Register, Verify};
use flows::minors::Asks;
use flows::{PersonId, Secret, Stop};

use super::frame::Frame;
use super::shared::{Ask, Fields, Passed, field, html, message, typed};
use super::view;
use super::young::Young;
use crate::{App, Reply, cookie};

/// The first step. What is typed is posted, the age too: an address stands in histories and in the
/// logs of whatever lies between.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    page(&app, &ask, view::Given::default(), Vec::new())
}

/// The page of the step that has come.
fn page(app: &App, ask: &Ask, given: view::Given, mut errors: Vec<view::FieldFault>) -> Reply {
    let book = app.flows.book();
    let f = ask.frame(app, ("register", "/register"));
    let asked = !given.birth_date.is_empty();
    let asks = if asked {
        match flows::minors::asks(&book, &given.region, &given.birth_date, app.clock.now()) {
            Ok(asks) => Some(asks),
            Err(stop) => {
                match ask.wrong(app, stop) {
                    Ok(say) => errors.push(fault("birth_date", say)),
                    Err(reply) => return reply,
                }
                None
            }
        }
    } else {
        None
    };
    let left_out = left_out(&book, &f);
    let step = if given.person.is_empty() { if asks.is_some() { 2 } else { 1 } } else { 3 };
    let status = if errors.is_empty() { 200 } else { 422 };
    let regions = regions(app, &f);
    let asks = asks.unwrap_or(Asks::Nothing);
    let (minor, child) = (asks != Asks::Nothing, asks == Asks::GuardianFirst);
    let y = Young::of(f.language());
    let page = view::Register { f, step, y, minor, child, errors, regions, given, left_out };
    Reply::public_page(status, html(&page))
}

/// What follows from leaving each field out.
fn left_out(book: &flows::Book, f: &Frame) -> view::LeftOut {
    let phrase = |id: &str| {
        let phrase = book.policy().phrase(&format!("refusing.{id}"), f.language());
        let phrase = phrase.unwrap_or_default();
        if phrase.is_empty() { phrase } else { format!("{}{phrase}", f.w.left_out) }
    };
    view::LeftOut {
        email: phrase("email"),
        password: phrase("password"),
        phone: phrase("phone"),
        name: phrase("name"),
    }
}

fn fault(field: &str, say: String) -> view::FieldFault {
    view::FieldFault { field: field.to_owned(), say }
}

/// The regions, in the language of the page.
pub(crate) fn regions(app: &App, f: &Frame) -> Vec<view::RegionChoice> {
    let book = app.flows.book();
    let policy = book.policy();
    let codes = policy.header.regions.iter();
    codes
        .map(|code| view::RegionChoice {
            code: code.clone(),
            title: policy
                .regions
                .get(code)
                .map_or(code.as_str(), |it| it.title.in_language(f.language()))
                .to_owned(),
        })
        .collect()
}

/// A step is sent: the first asks for the age alone.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let given = view::Given {
        birth_date: field(&fields, "birth_date").to_owned(),
        region: field(&fields, "region").to_owned(),
        email: field(&fields, "email").to_owned(),
        phone: field(&fields, "phone").to_owned(),
        name: field(&fields, "name").to_owned(),
        guardian: field(&fields, "guardian").to_owned(),
        person: String::new(),
    };
    if !fields.0.contains_key("email") {
        return page(&app, &ask, given, Vec::new());
    }
    let data = [("password", "password"), ("name", "name"), ("guardian", "guardian-contact")];
    let data = data
        .iter()
        .filter_map(|(field, id)| typed(&fields, field).map(|value| ((*id).to_owned(), value)));
    let register = Register {
        email: flows::Plain::from(given.email.as_str()),
        phone: typed(&fields, "phone"),
        birth_date: typed(&fields, "birth_date"),
        region: given.region.clone(),
        language: ask.language().to_owned(),
        accept: field(&fields, "accept").parse().unwrap_or(0),
        screen: "register-page".to_owned(),
        data: data.collect(),
        idempotency: None,
    };
    match account::register(&app.flows, register, app.clock.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::page(recorded, |registered| registered_page(&app, &ask, &registered))
        }
        Err(stop) => again(&app, &ask, given, stop),
    }
}

fn registered_page(app: &App, ask: &Ask, registered: &account::Registered) -> String {
    let f = ask.frame(app, ("register", "/register"));
    let waits = registered.state == "awaiting-guardian";
    code_page(f, (registered.id.clone(), waits), Vec::new())
}

fn code_page(f: Frame, (person, child): (String, bool), errors: Vec<view::FieldFault>) -> String {
    let given = view::Given { person, ..view::Given::default() };
    let (regions, left_out) = (Vec::new(), view::LeftOut::default());
    let y = Young::of(f.language());
    let minor = false;
    let page = view::Register { f, y, step: 3, minor, child, errors, regions, given, left_out };
    html(&page)
}

/// The form again, with what is wrong on top.
fn again(app: &App, ask: &Ask, given: view::Given, stop: Stop) -> Reply {
    let at = if let Stop::Invalid { field, .. } = &stop { field.as_str() } else { "email" };
    let at = at.trim_start_matches("data.").to_owned();
    let at = if at == "accept.version" { "accept".to_owned() } else { at };
    match ask.wrong(app, stop) {
        Ok(say) => page(app, ask, given, vec![fault(&at, say)]),
        Err(reply) => reply,
    }
}

/// The code from the mail.
pub(crate) async fn code(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let f = ask.frame(&app, ("register", "/register"));
    let person = field(&fields, "person");
    let Some(id) = PersonId::parse(person) else {
        let w = f.w;
        return message(f, 422, (w.went_wrong, w.code_wrong));
    };
    if let Err(problem) = app.pass_for(&id.to_string()) {
        return ask.held_up(&app, &problem);
    }
    let verify = Verify {
        person: id,
        channel: "email".to_owned(),
        code: Secret::given(field(&fields, "code")),
        label: ask.label.clone(),
        browser: ask.own(),
    };
    match account::verify(&app.flows, verify, app.clock.now()).await {
        Ok(recorded) => {
            app.wake();
            // A number that was given is next; whoever gave none is sent on from there.
            let to = if app.flows.texts() { super::phone::PATH } else { "/me" };
            Reply::signed_in(recorded, &format!("{to}{}", ask.query()), |signed| {
                cookie::session(&app, &signed.session)
            })
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => {
                let body = code_page(f, (person.to_owned(), false), vec![fault("code", say)]);
                Reply::public_page(422, body)
            }
            Err(reply) => reply,
        },
    }
}
