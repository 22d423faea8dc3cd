//! The form with which somebody without an account asks for a right, by an address that is theirs. It is
//! kept from programs as the form is with which anybody writes to us.

use askama::Template;
use axum::extract::State;
use flows::messages;
use flows::rights::{self, Open};
use flows::{Plain, Stop};

use super::view::{Purpose, Typed};
use super::words::Say;
use crate::api::messages::pass;
use crate::page::frame::Frame;
use crate::page::messages::{Filled, Words as MessageWords, filled};
use crate::page::register::regions;
use crate::page::shared::{Ask, Fields, Passed, field, html, message, typed};
use crate::page::view::RegionChoice;
use crate::rate::Peer;
use crate::{App, Reply};

/// Where it stands.
pub(super) const BY_ADDRESS: &str = "/privacy/ask";

/// The form.
#[derive(Template)]
#[template(path = "by_address.html")]
struct ByAddress {
    f: Frame,
    say: &'static Say,
    m: &'static MessageWords,
    /// When it was shown, and the mark of that.
    shown: String,
    wishes: Vec<(&'static str, &'static str)>,
    purposes: Vec<Purpose>,
    regions: Vec<RegionChoice>,
    region: String,
    address: String,
    typed: Typed,
}

/// The empty form.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    page(&app, &ask, &Fields::default(), None)
}

/// The form as it was left, with what is wrong on top.
fn page(app: &App, ask: &Ask, fields: &Fields, wrong: Option<String>) -> Reply {
    let f = ask.frame(app, ("privacy", BY_ADDRESS));
    let shown = match messages::form(&app.flows, app.now()) {
        Ok(shown) => shown,
        Err(stop) => return ask.stopped(app, stop),
    };
    let say = Say::of(f.language());
    let given = |name: &str| field(fields, name).to_owned();
    let status = if wrong.is_some() { 422 } else { 200 };
    let home = app.flows.book().home();
    let page = ByAddress {
        shown,
        m: MessageWords::of(f.w.code),
        wishes: say.wishes_by_address(),
        purposes: home.map(|it| super::purposes(app, &f, it)).unwrap_or_default(),
        regions: regions(app, &f),
        region: given("region"),
        address: given("address"),
        typed: Typed {
            wrong,
            right: given("right"),
            purpose: given("purpose"),
            text: given("text"),
        },
        say,
        f,
    };
    Reply::public_page(status, html(&page))
}

/// Somebody asks.
pub(crate) async fn send(
    State(app): State<App>,
    _: Passed,
    peer: Peer,
    ask: Ask,
    fields: Fields,
) -> Reply {
    let f = ask.frame(&app, ("privacy", BY_ADDRESS));
    let say = Say::of(f.language());
    let mark = match filled(&app, &fields, MessageWords::of(f.w.code)) {
        Filled::By(mark) => mark,
        Filled::Program => return message(f, 200, (say.look, say.look_lead)),
        Filled::Wrong(say) => return page(&app, &ask, &fields, Some(say.to_owned())),
        Filled::Stopped(stop) => return ask.stopped(&app, stop),
    };
    let address = field(&fields, "address");
    if let Err(problem) = pass(&app, &peer, address) {
        return ask.held_up(&app, &problem);
    }
    let (right, purpose) = (field(&fields, "right"), field(&fields, "purpose"));
    let purpose = Some(purpose).filter(|it| !it.is_empty() && right == "object");
    if right == "object" && purpose.is_none() {
        return page(&app, &ask, &fields, Some(say.object_to_what.to_owned()));
    }
    let region = field(&fields, "region");
    let open = Open {
        right: right.to_owned(),
        address: Some(Plain::from(address)),
        region: Some(region.to_owned()).filter(|it| !it.is_empty()),
        language: f.language().to_owned(),
        purpose: purpose.map(str::to_owned),
        text: typed(&fields, "text"),
        idempotency: Some(messages::once(&mark, address.as_bytes())),
        ..Open::default()
    };
    match rights::ask_by_address(&app.flows, open, app.now()).await {
        Ok(()) => {
            app.wake();
            message(f, 200, (say.look, say.look_lead))
        }
        Err(Stop::Full { seconds }) => {
            ask.held_up(&app, &crate::Problem::from(Stop::Full { seconds }))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(wrong) => page(&app, &ask, &fields, Some(wrong)),
            Err(reply) => reply,
        },
    }
}
