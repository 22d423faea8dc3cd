//! Proving a phone number: a code that was sent there, or another one. Where no codes go to phones,
//! there is no such page.

use askama::Template;
use axum::extract::State;
use flows::{PersonId, Secret, Stop, account, rights};

use super::centre::person_or_sign_in;
use super::frame::Frame;
use super::shared::{Ask, Fields, Passed, field, html, please_sign_in};
use crate::{App, Problem, Reply};

/// The page.
pub(super) const PATH: &str = "/me/phone";

/// The words of the page.
pub(crate) struct PhoneWords {
    title: &'static str,
    lead: &'static str,
    again: &'static str,
    send: &'static str,
    sent: &'static str,
    later: &'static str,
    pub(crate) proved: &'static str,
    pub(crate) unproved: &'static str,
    pub(crate) prove: &'static str,
}

static EN: PhoneWords = PhoneWords {
    title: "Your phone number",
    lead: "We sent a text with a code to this number. It works once, for ten minutes.",
    again: "Did nothing arrive? A text can take a minute. We send five a day at most.",
    send: "Send another code",
    sent: "Another code is on its way.",
    later: "Later",
    proved: "verified",
    unproved: "not verified",
    prove: "Verify",
};

static ZH: PhoneWords = PhoneWords {
    title: "您的电话号码",
    lead: "我们已向此号码发送短信验证码，十分钟内有效，仅可使用一次。",
    again: "没有收到？短信可能需要一分钟。每天最多发送五条。",
    send: "再发一条验证码",
    sent: "新的验证码已发出。",
    later: "以后再说",
    proved: "已验证",
    unproved: "未验证",
    prove: "验证",
};

/// The words in a language.
pub(crate) fn words(language: &str) -> &'static PhoneWords {
    if language == "zh" { &ZH } else { &EN }
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Phone {
    f: Frame,
    p: &'static PhoneWords,
    number: String,
    sent: bool,
    wrong: Option<String>,
}

/// The number that waits for its code; whoever has none is sent on.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    page(&app, &ask, person, None).await
}

async fn page(app: &App, ask: &Ask, person: PersonId, wrong: Option<String>) -> Reply {
    let f = ask.frame(app, ("me", PATH));
    let p = words(f.language());
    let status = if wrong.is_some() { 422 } else { 200 };
    let sent = ask.get("done") == "code";
    let data = rights::data(&app.flows, person, f.language(), app.now()).await;
    let found = match data {
        Ok(recorded) => recorded,
        Err(stop) => return ask.stopped(app, stop),
    };
    let mut number = None;
    let page = Reply::page(found, |data| {
        let waits = data.data.iter().find(|it| it.verified == Some(false));
        number = waits.and_then(|it| it.value.clone());
        let number = number.clone().unwrap_or_default();
        html(&Phone { f, p, number, sent, wrong })
    });
    match number {
        Some(_) => page.with_status(status),
        None => Reply::see_other(&format!("/me{}", ask.query())),
    }
}

/// The code, or a wish for another.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let person = person_or_sign_in!(app, ask);
    if let Err(problem) = app.pass_for(&person.to_string()) {
        return ask.held_up(&app, &problem);
    }
    if field(&fields, "by") == "code" {
        return match account::send_phone_code(&app.flows, person, app.now()).await {
            Ok(recorded) => {
                Reply::recorded_to(recorded, &format!("{PATH}{}&done=code", ask.query()))
            }
            Err(Stop::Full { seconds }) => ask.held_up(&app, &Problem::too_many(seconds)),
            Err(stop) => ask.stopped(&app, stop),
        };
    }
    let code = Secret::given(field(&fields, "code"));
    match account::verify_phone(&app.flows, (person, &code), app.now()).await {
        Ok(recorded) => Reply::recorded_to(recorded, &format!("/me{}#phone", ask.query())),
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => page(&app, &ask, person, Some(say)).await,
            Err(reply) => reply,
        },
    }
}
