//! Messages to this browser: switched on and off by a person who is signed in. Without scripts the page
//! says so, and what can be done without them is a form.

use askama::Template;
use axum::extract::State;
use axum::http::header::CONTENT_SECURITY_POLICY;
use flows::{Stop, rights};

use super::centre::person_or_sign_in;
use super::frame::Frame;
use super::shared::{Ask, html, please_sign_in};
use crate::{App, Reply};

/// The one page of ours with a script: our own, from here, that talks to nobody else.
const CONTENT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'self'; \
     worker-src 'self'; connect-src 'self'";

/// The words of the page.
pub(crate) struct PushWords {
    pub(crate) title: &'static str,
    lead: &'static str,
    unable: &'static str,
    off: &'static str,
    switch_on: &'static str,
    on: &'static str,
    switch_off: &'static str,
    blocked: &'static str,
    failed: &'static str,
    everywhere: &'static str,
    stop_all: &'static str,
}

static EN: PushWords = PushWords {
    title: "Messages to this browser",
    lead: "If you like, this browser shows you what concerns you, such as the end of a service, also \
           while our pages are closed. We send nothing else this way, and no advertising. What we send \
           is encrypted for this browser; the service of its maker, which carries it, cannot read it.",
    unable: "This browser cannot show messages here, or scripts are switched off. You need do nothing: \
             whatever matters reaches you by email as well.",
    off: "Messages are off in this browser.",
    switch_on: "Switch messages on",
    on: "Messages are on in this browser.",
    switch_off: "Switch messages off",
    blocked: "You have told this browser to block messages of this site. To change that, look into its \
              settings.",
    failed: "That did not work. Please try again.",
    everywhere: "If you no longer have a browser that gets messages, stop them everywhere at once. We \
                 then forget where they went.",
    stop_all: "Stop messages in all browsers",
};

static ZH: PushWords = PushWords {
    title: "发送到此浏览器的消息",
    lead: "如果您愿意，此浏览器可以向您显示与您有关的消息（例如某项服务终止），即使我们的页面没有打开。我们不会以此方式发送其他内容，也不发送广告。消息专为此浏览器加密，负责传送的浏览器厂商无法读取。",
    unable: "此浏览器无法在这里显示消息，或脚本已关闭。您无需处理：重要的事情也会通过电子邮件告诉您。",
    off: "此浏览器未开启消息。",
    switch_on: "开启消息",
    on: "此浏览器已开启消息。",
    switch_off: "关闭消息",
    blocked: "您已让此浏览器屏蔽本站的消息。如需更改，请查看浏览器设置。",
    failed: "未能完成，请重试。",
    everywhere: "如果您不再使用某个接收消息的浏览器，可以一次停止所有浏览器的消息。我们随即不再保存发往何处。",
    stop_all: "停止所有浏览器的消息",
};

/// The words in a language.
pub(crate) fn words(language: &str) -> &'static PushWords {
    if language == "zh" { &ZH } else { &EN }
}

/// How many browsers messages go to.
pub(crate) fn browsers(language: &str, many: usize) -> String {
    match (language, many) {
        ("zh", _) => format!("{many} 个浏览器"),
        (_, 1) => "1 browser".to_owned(),
        (_, _) => format!("{many} browsers"),
    }
}

#[derive(Template)]
#[template(path = "push.html")]
struct Push {
    f: Frame,
    p: &'static PushWords,
}

/// The page.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let _person: flows::PersonId = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me/push"));
    let p = words(f.language());
    Reply::public_page(200, html(&Push { f, p })).with_header(CONTENT_SECURITY_POLICY, CONTENT)
}

/// No browser is written to any more.
pub(crate) async fn off(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let to = format!("/me{}&done=deleted", ask.query());
    match rights::delete(&app.flows, person, "push", app.now()).await {
        Ok(recorded) => Reply::recorded_to(recorded, &to),
        // There was none.
        Err(Stop::NotFound) => Reply::see_other(&to),
        Err(stop) => ask.stopped(&app, stop),
    }
}
