//! Requests on pages: asking, seeing where one stands, following it with its link, and the
//! certificate of an erasure. A link alone changes nothing: what it can do is asked for by a form.

mod by_address;
mod certificate;
pub(super) mod view;
mod words;

use axum::extract::State;
use decide::{RegionCode, Right};
use flows::rights::{self, Ask as Wish, Followed, Outstanding, Request, RequestSeen};
use flows::{Acting, RequestId, Secret, Stop};

use self::by_address::BY_ADDRESS;
pub(crate) use self::by_address::{send as send_by_address, show as by_address};
use self::certificate::CERTIFICATE;
pub(crate) use self::certificate::certificate;
use self::words::Say;
use super::date;
use super::frame::Frame;
use super::shared::{Ask, Fields, Passed, field, html, please_sign_in, typed};
use super::view as page_view;
use crate::path::Path;
use crate::{App, Reply, cookie};

/// The pages of one's own requests, and of those for a child.
const OWN: &str = "/me/requests";
const OF_CHILD: &str = "/privacy/child/requests";
/// The page of one request by its link.
const FOLLOW: &str = "/privacy/request";

/// Whose requests they are, and where they are shown.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    who: Acting,
    session: Option<&'a Secret>,
    /// Whether it is a browser without account.
    browser: bool,
    at: &'static str,
}

impl<'a> Asking<'a> {
    /// Whoever is signed in, else the browser's own person.
    fn own(ask: &'a Ask) -> Option<Self> {
        let person = ask.person().or_else(|| ask.own())?;
        let browser = ask.person().is_none();
        let session = ask.session.as_ref();
        Some(Self { who: person.into(), session, browser, at: OWN })
    }

    /// The guardian of a child.
    pub(super) const fn guardian(who: Acting) -> Self {
        Self { who, session: None, browser: false, at: OF_CHILD }
    }

    fn frame(&self, app: &App, ask: &Ask) -> Frame {
        ask.frame(app, (if self.who.is_guardian() { "" } else { "me" }, self.at))
    }
}

/// One's requests, and the form for a new one.
pub(crate) async fn list(State(app): State<App>, ask: Ask) -> Reply {
    match Asking::own(&ask) {
        Some(asking) => listed((&app, &ask), asking, view::Typed::default()).await,
        None => nobody(ask.frame(&app, ("me", OWN))),
    }
}

/// The requests of whoever looks, as the form was left.
pub(super) async fn listed(
    (app, ask): (&App, &Ask),
    asking: Asking<'_>,
    typed: view::Typed,
) -> Reply {
    let (f, Asking { who, browser, at, .. }) = (asking.frame(app, ask), asking);
    let restricted = match state(app, asking).await {
        Ok(state) => state == "restricted",
        Err(stop) => return ask.stopped(app, stop),
    };
    let found = rights::requests(&app.flows, who, None, app.now()).await;
    match found {
        Ok(recorded) => Reply::page(recorded, |all| {
            let say = Say::of(f.language());
            let lines = all.requests.iter().map(|it| line((app, &f), (say, at), it)).collect();
            let purposes = purposes(app, &f, who.person().region());
            let wishes = say.wishes(restricted, browser);
            html(&view::Requests { f, say, at, lines, wishes, purposes, browser, typed })
        }),
        Err(stop) => ask.stopped(app, stop),
    }
}

/// For whoever has no account: it works without one as well.
fn nobody(f: Frame) -> Reply {
    let w = f.w;
    let link = Some((format!("/sign-in{}", f.q), w.sign_in.to_owned()));
    let say = Say::of(f.language());
    let also = Some((format!("{BY_ADDRESS}{}", f.q), say.by_address.to_owned()));
    let lines = vec![say.no_account.to_owned()];
    let page = page_view::Message::new(f, (w.please_sign_in, w.please_sign_in_lead));
    Reply::public_page(401, html(&page_view::Message { lines, link, also, ..page }))
}

async fn state(app: &App, asking: Asking<'_>) -> Result<String, Stop> {
    let me = flows::account::me(&app.flows, asking.who, asking.session, app.now()).await?;
    Ok(me.into_inner().state)
}

fn purposes(app: &App, f: &Frame, region: RegionCode) -> Vec<view::Purpose> {
    let book = app.flows.book();
    let titled = |id: &str| {
        let declared = book.policy().purposes.get(id);
        declared.map_or(id, |it| it.title.in_language(f.language())).to_owned()
    };
    let open = book.choices(region).into_iter();
    open.map(|(id, _)| view::Purpose { title: titled(&id), id }).collect()
}

/// A right, as the policy calls it.
fn right(app: &App, f: &Frame, word: &str) -> String {
    let book = app.flows.book();
    let declared = Right::from_word(word).and_then(|it| book.policy().rights.get(&it));
    declared.map_or(word, |it| it.title.in_language(f.language())).to_owned()
}

fn line((app, f): (&App, &Frame), (say, at): (&Say, &str), seen: &RequestSeen) -> view::Line {
    view::Line {
        href: format!("{at}/{}{}", seen.id, f.q),
        right: right(app, f, &seen.right),
        state: say.state((&seen.right, &seen.state), false),
        received: date::minute(f, &seen.received),
        due: date::minute(f, &seen.due),
        open: matches!(seen.state.as_str(), "received" | "waiting" | "working"),
    }
}

/// Somebody asks for a right.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    match Asking::own(&ask) {
        Some(asking) => sent((&app, &ask), asking, &fields).await,
        None => please_sign_in(ask.frame(&app, ("me", OWN))),
    }
}

/// What was asked for is begun.
pub(super) async fn sent((app, ask): (&App, &Ask), asking: Asking<'_>, fields: &Fields) -> Reply {
    let word = field(fields, "right");
    let (right, lift) = if word == "lift" { ("restrict", true) } else { (word, false) };
    let purpose = Some(field(fields, "purpose")).filter(|it| !it.is_empty() && right == "object");
    let wish = Wish {
        right: right.to_owned(),
        purpose: purpose.map(str::to_owned),
        lift,
        text: typed(fields, "text"),
        session: asking.session.cloned(),
        ..Wish::default()
    };
    let again = |wrong: &str| {
        let given = |name: &str| field(fields, name).to_owned();
        let (right, purpose, text) = (given("right"), given("purpose"), given("text"));
        view::Typed { wrong: Some(wrong.to_owned()), right, purpose, text }
    };
    if right == "object" && wish.purpose.is_none() {
        let say = Say::of(asking.frame(app, ask).language());
        return listed((app, ask), asking, again(say.object_to_what)).await.with_status(422);
    }
    match rights::ask(&app.flows, asking.who, wish, app.now()).await {
        Ok(recorded) => {
            app.wake();
            let leaves = asking.browser && right == "close-account";
            asked((app, ask), asking.at, (recorded, leaves))
        }
        Err(stop) => match ask.wrong(app, stop) {
            Ok(wrong) => listed((app, ask), asking, again(&wrong)).await.with_status(422),
            Err(reply) => reply,
        },
    }
}

/// Where somebody goes who asked: a browser that is forgotten has nothing left but the link.
fn place(ask: &Ask, at: &str, (seen, leaves): (&RequestSeen, bool)) -> String {
    let token = seen.follow.as_deref().and_then(|it| it.split("token=").nth(1)).unwrap_or("");
    if leaves {
        return format!("{FOLLOW}{}&request={}&token={token}", ask.query(), seen.id);
    }
    format!("{at}/{}{}", seen.id, ask.query())
}

fn asked(
    (app, ask): (&App, &Ask),
    at: &str,
    (recorded, leaves): (flows::Recorded<RequestSeen>, bool),
) -> Reply {
    let mut to = String::new();
    let recorded = recorded.map(|seen| to = place(ask, at, (&seen, leaves)));
    let reply = Reply::recorded_to(recorded, &to);
    if leaves { reply.with_cookie(cookie::no_browser(app)) } else { reply }
}

/// One of one's requests.
pub(crate) async fn one(State(app): State<App>, Path(id): Path<String>, ask: Ask) -> Reply {
    match Asking::own(&ask) {
        Some(asking) => shown((&app, &ask), asking, &id).await,
        None => please_sign_in(ask.frame(&app, ("me", &format!("{OWN}/{id}")))),
    }
}

/// One of the requests, whole.
pub(super) async fn shown((app, ask): (&App, &Ask), asking: Asking<'_>, id: &str) -> Reply {
    let guardian = asking.who.is_guardian();
    let f = ask.frame(app, (if guardian { "" } else { "me" }, &format!("{}/{id}", asking.at)));
    let Some(id) = RequestId::parse(id) else { return ask.stopped(app, Stop::NotFound) };
    match rights::request(&app.flows, asking.who, id, app.now()).await {
        Ok(recorded) => Reply::page(recorded, |whole| html(&own(app, f, (&whole, guardian)))),
        Err(stop) => ask.stopped(app, stop),
    }
}

fn own(app: &App, f: Frame, (whole, guardian): (&Request, bool)) -> view::Request {
    let say = Say::of(f.language());
    let seen = &whole.request;
    let open = matches!(seen.state.as_str(), "received" | "waiting" | "working");
    let token = seen.follow.as_deref().and_then(|it| it.split("token=").nth(1)).unwrap_or("");
    let mut page = page((app, f), say, seen, (&whole.outstanding, open));
    let text = whole.text.iter().map(|text| view::Said {
        who: say.from_you,
        at: page.received.clone(),
        text: text.clone(),
    });
    let f = &page.f;
    let said = whole.said.iter().map(|it| view::Said {
        who: if it.kind == "in" { say.from_you } else { say.from_us },
        at: date::minute(f, &it.at),
        text: it.text.clone(),
    });
    page.said = text.chain(said).collect();
    page.cancel = open && !is_closing(seen);
    let (list, home) = if guardian { (OF_CHILD, "/privacy/child") } else { (OWN, "/me") };
    page.back = Some(format!("{list}{}", page.f.q));
    if matches!(seen.right.as_str(), "access" | "export") && seen.state == "done" {
        let (q, w) = (&page.f.q, page.f.w);
        let (all, file) = (format!("{home}{q}"), format!("{home}/export{q}"));
        page.links = vec![(all, w.what_we_hold), (file, w.export)];
    }
    // A guardian keeps the account on the page for the child.
    let keeps = is_closing(seen) && !guardian;
    page.keep = if keeps { view::Keep::Here } else { view::Keep::No };
    token.clone_into(&mut page.token);
    page
}

/// Whether it is an account that is being closed, and can be kept.
fn is_closing(seen: &RequestSeen) -> bool {
    seen.right == "close-account" && seen.state == "waiting"
}

/// Whoever is refused can complain.
fn complaining(f: &Frame, say: &Say, seen: &RequestSeen) -> Vec<(String, &'static str)> {
    let href = || format!("/privacy/contact{}&kind=complaint", f.q);
    (seen.state == "refused").then(|| (href(), say.complain)).into_iter().collect()
}

fn page(
    (app, f): (&App, Frame),
    say: &'static Say,
    seen: &RequestSeen,
    (outstanding, open): (&[Outstanding], bool),
) -> view::Request {
    let label = if is_closing(seen) { say.takes_effect } else { say.due };
    let due = open.then(|| (label, date::minute(&f, &seen.due)));
    let left: Vec<view::Left> = outstanding.iter().map(|it| left(&f, it)).collect();
    view::Request {
        id: seen.id.clone(),
        right: right(app, &f, &seen.right),
        state: say.state((&seen.right, &seen.state), !left.is_empty()),
        received: date::minute(&f, &seen.received),
        due,
        extended_from: seen.extended_from.as_ref().filter(|_| open).map(|it| date::minute(&f, it)),
        duplicate_of: seen.duplicate_of.clone(),
        said: Vec::new(),
        told: !left.is_empty(),
        left,
        token: String::new(),
        code: false,
        cancel: false,
        keep: view::Keep::No,
        hint: None,
        back: None,
        links: complaining(&f, say, seen),
        certificate: None,
        wrong: None,
        f,
        say,
    }
}

fn left(f: &Frame, it: &Outstanding) -> view::Left {
    view::Left {
        to: it.to.clone(),
        since: date::day(f, &it.since),
        accepted: it.state == "accepted",
    }
}

/// The link of a mail: where the request stands, without an account.
pub(crate) async fn follow(State(app): State<App>, _: Passed, ask: Ask) -> Reply {
    let given = (ask.get("request").to_owned(), ask.get("token").to_owned());
    followed(&app, &ask, given, None).await
}

async fn followed(
    app: &App,
    ask: &Ask,
    (request, token): (String, String),
    wrong: Option<String>,
) -> Reply {
    let Some(id) = RequestId::parse(&request) else { return ask.stopped(app, Stop::NotFound) };
    let secret = Secret::given(token.clone());
    match rights::follow(&app.flows, (id, &secret)).await {
        Ok(it) => {
            let f = ask.frame(app, ("", FOLLOW)).carrying(&format!("request={id}&token={token}"));
            let f = f.of_region(&app.flows.book(), id.region());
            let status = if wrong.is_some() { 422 } else { 200 };
            let page = view::Request { token, wrong, ..by_link(app, f, (&it, secret.as_str())) };
            Reply::public_page(status, html(&page))
        }
        Err(Stop::Wrong) => ask.stopped(app, Stop::NotFound),
        Err(stop) => ask.stopped(app, stop),
    }
}

fn by_link(app: &App, f: Frame, (it, token): (&Followed, &str)) -> view::Request {
    let say = Say::of(f.language());
    let certificate = it
        .certificate
        .then(|| format!("{CERTIFICATE}{}&request={}&token={token}", f.q, it.request.id));
    let page = page((app, f), say, &it.request, (&it.outstanding, it.open));
    // A code is waited for before there is anything to say.
    let said = !it.certificate && !it.code && !is_closing(&it.request);
    let said = said && (!it.open || it.request.extended_from.is_some());
    view::Request {
        hint: said.then_some(say.in_mail),
        told: page.told || it.certificate,
        state: say.state((&it.request.right, &it.request.state), it.certificate),
        code: it.code,
        cancel: it.cancel,
        keep: if is_closing(&it.request) { view::Keep::ByMail } else { view::Keep::No },
        certificate,
        ..page
    }
}

/// The code came back, or the request is taken back: by a form, with the secret of the link.
pub(crate) async fn act(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let given = (field(&fields, "request").to_owned(), field(&fields, "token").to_owned());
    let Some(id) = RequestId::parse(&given.0) else { return ask.stopped(&app, Stop::NotFound) };
    let token = Secret::given(given.1.clone());
    let done = if field(&fields, "take_back") == "yes" {
        rights::take_back_by_link(&app.flows, (id, &token), app.now()).await.map(|it| it.map(drop))
    } else {
        let code = Secret::given(field(&fields, "code"));
        rights::prove(&app.flows, (id, &token), code, app.now()).await.map(|it| it.map(drop))
    };
    match done {
        Ok(recorded) => {
            app.wake();
            let to = format!("{FOLLOW}{}&request={}&token={}", ask.query(), given.0, given.1);
            Reply::recorded_to(recorded, &to)
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(wrong) => followed(&app, &ask, given, Some(wrong)).await,
            Err(reply) => reply,
        },
    }
}
