//! Who asks: the key of an application, the session of a person or of a member of staff, a browser, and what it signals.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE, USER_AGENT};
use axum::http::request::Parts;
use decide::{PersonId, Signals};
use flows::Secret;
use flows::security::{self, By, Caller, Member, Role};

use crate::limit::{APP_MAX, LABEL_MAX, PERSON_MAX, SECRET_MAX};
use crate::rate::Gate;
use crate::{App, Problem, cookie};

const APP: Gate = Gate { name: "app", most: APP_MAX };
const PERSON: Gate = Gate { name: "person", most: PERSON_MAX };

/// A cookie by its name.
fn cookie_of<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|it| it.to_str().ok());
    let mut pairs = lines.flat_map(|it| it.split(';')).filter_map(|it| it.trim().split_once('='));
    pairs.find(|(it, _)| *it == name).map(|(_, value)| value)
}

fn secret_of(app: &App, headers: &HeaderMap, name: cookie::Name) -> Option<Secret> {
    let value = cookie_of(headers, name.on(app.settings.secure))?;
    (!value.is_empty() && value.len() <= SECRET_MAX).then(|| Secret::given(value))
}

/// The secret of the session.
pub(crate) fn session(app: &App, headers: &HeaderMap) -> Option<Secret> {
    secret_of(app, headers, cookie::SESSION)
}

/// The secret of the session of a member of staff.
pub(crate) fn staff_session(app: &App, headers: &HeaderMap) -> Option<Secret> {
    secret_of(app, headers, cookie::STAFF)
}

/// The secret of a guardian's session.
pub(crate) fn guardian(app: &App, headers: &HeaderMap) -> Option<Secret> {
    secret_of(app, headers, cookie::GUARDIAN)
}

/// The secret of a browser that agreed to something.
pub(crate) fn browser(app: &App, headers: &HeaderMap) -> Option<Secret> {
    secret_of(app, headers, cookie::BROWSER)
}

/// Whether the browser carries the constant that remembers a refusal.
pub(crate) fn refused(headers: &HeaderMap) -> bool {
    cookie_of(headers, cookie::CONSTANT) == Some(cookie::REFUSED)
}

/// What the browser signals: Global Privacy Control and Do-Not-Track.
pub(crate) fn signals(headers: &HeaderMap) -> Signals {
    let says = |name| headers.get(name).is_some_and(|it| it.as_bytes().trim_ascii() == b"1");
    Signals::new(says("sec-gpc"), says("dnt"))
}

/// What a browser calls itself, in two words: what a person recognises in the list of sessions.
pub(crate) fn label(headers: &HeaderMap) -> String {
    let agent = headers.get(USER_AGENT).and_then(|it| it.to_str().ok()).unwrap_or("");
    let first = |names: &[&'static str]| names.iter().copied().find(|it| agent.contains(it));
    let browser = first(&["Edg", "OPR", "Firefox", "Chrome", "Safari", "curl"]);
    let system = first(&["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"]);
    let words: Vec<&str> = browser.into_iter().chain(system).collect();
    let label = if words.is_empty() { "a browser".to_owned() } else { words.join(", ") };
    label.chars().take(LABEL_MAX).collect()
}

/// The key or secret that a request carries.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let line = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = line.split_once(' ')?;
    let key = key.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer") && key.len() <= SECRET_MAX;
    fits.then(|| Secret::given(key))
}

/// An application, known by its key.
#[derive(Debug)]
pub(crate) struct AppKey(pub(crate) Caller);

impl FromRequestParts<App> for AppKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let key = bearer(&parts.headers).ok_or_else(Problem::no_key)?;
        let caller = security::caller(&app.flows, &key).await?;
        let caller = caller.filter(Caller::is_app).ok_or_else(Problem::no_key)?;
        app.rates.pass(APP, caller.id().as_bytes(), app.now()).map_err(Problem::too_many)?;
        Ok(Self(caller))
    }
}

/// Whoever asks on behalf of a person: a member of staff, or an application with its key.
#[derive(Debug)]
pub(crate) enum OnBehalf {
    Staff(Staff),
    App(AppKey),
}

impl OnBehalf {
    /// Whether a member of staff has one of these roles; an application has none, and needs none.
    pub(crate) fn may_any(&self, roles: &[Role]) -> Result<(), Problem> {
        match self {
            Self::Staff(staff) => staff.may_any(roles),
            Self::App(_) => Ok(()),
        }
    }

    /// Who it is.
    pub(crate) fn by(&self) -> By<'_> {
        match self {
            Self::Staff(staff) => By::Staff(&staff.id),
            Self::App(AppKey(caller)) => By::App(caller),
        }
    }
}

impl FromRequestParts<App> for OnBehalf {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        if parts.headers.contains_key(AUTHORIZATION) {
            return Ok(Self::App(AppKey::from_request_parts(parts, app).await?));
        }
        Ok(Self::Staff(Staff::from_request_parts(parts, app).await?))
    }
}

/// A partner, known by its key.
#[derive(Debug)]
pub(crate) struct PartnerKey(pub(crate) Caller);

impl PartnerKey {
    /// Out of the headers.
    pub(crate) async fn of(headers: &HeaderMap, app: &App) -> Result<Self, Problem> {
        let key = bearer(headers).ok_or_else(Problem::no_key)?;
        let caller = security::caller(&app.flows, &key).await?;
        let caller = caller.filter(Caller::is_partner).ok_or_else(Problem::no_key)?;
        app.rates.pass(APP, caller.id().as_bytes(), app.now()).map_err(Problem::too_many)?;
        Ok(Self(caller))
    }
}

impl FromRequestParts<App> for PartnerKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::of(&parts.headers, app).await
    }
}

/// Whoever is signed in, or a browser that agreed to something and asks about its own.
#[derive(Debug)]
pub(crate) struct Person {
    /// The id.
    pub(crate) id: PersonId,
    /// The session; none for a browser.
    pub(crate) session: Option<Secret>,
}

impl FromRequestParts<App> for Person {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Browser { person, session, .. } = Browser::of(&parts.headers, app).await?;
        let id = person.ok_or_else(Problem::no_session)?;
        app.rates.pass(PERSON, id.to_string().as_bytes(), app.now()).map_err(Problem::too_many)?;
        Ok(Self { id, session })
    }
}

/// A member of staff who is signed in.
#[derive(Debug)]
pub(crate) struct Staff {
    /// The id, which records name.
    pub(crate) id: String,
    /// Who it is.
    pub(crate) member: Member,
}

impl Staff {
    /// Whether they have a role; else what is needed.
    pub(crate) fn may(&self, role: Role) -> Result<(), Problem> {
        if self.member.has(role) { Ok(()) } else { Err(Problem::no_role(&[role])) }
    }

    /// Whether they have one of several roles; else what is needed.
    pub(crate) fn may_any(&self, roles: &[Role]) -> Result<(), Problem> {
        let fits = roles.iter().any(|it| self.member.has(*it));
        if fits { Ok(()) } else { Err(Problem::no_role(roles)) }
    }
}

/// The member of staff whose session this is.
pub(crate) async fn member(app: &App, headers: &HeaderMap) -> Result<Option<Member>, flows::Stop> {
    match staff_session(app, headers) {
        Some(session) => security::member(&app.flows, &session, app.now()).await,
        None => Ok(None),
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let member = member(app, &parts.headers).await?.ok_or_else(Problem::no_staff)?;
        app.rates.pass(PERSON, member.id.as_bytes(), app.now()).map_err(Problem::too_many)?;
        Ok(Self { id: member.id.clone(), member })
    }
}

/// A browser, whoever sits before it.
#[derive(Debug)]
pub(crate) struct Browser {
    /// The person who is signed in; else the browser's own, where it agreed to something.
    pub(crate) person: Option<PersonId>,
    /// The session of a person who is signed in.
    pub(crate) session: Option<Secret>,
    /// The browser's own person, also where somebody is signed in.
    pub(crate) own: Option<PersonId>,
    /// Whether it remembers a refusal.
    pub(crate) refused: bool,
    /// What it signals.
    pub(crate) signals: Signals,
    /// What it calls itself.
    pub(crate) label: String,
}

impl Browser {
    async fn of(headers: &HeaderMap, app: &App) -> Result<Self, Problem> {
        let session = session(app, headers);
        let signed_in = who(app, session.as_ref()).await?;
        let own = who(app, browser(app, headers).as_ref()).await?;
        Ok(Self {
            person: signed_in.or(own),
            session: session.filter(|_| signed_in.is_some()),
            own,
            refused: refused(headers),
            signals: signals(headers),
            label: label(headers),
        })
    }
}

/// Whose secret this is, if it is anybody's.
async fn who(app: &App, secret: Option<&Secret>) -> Result<Option<PersonId>, Problem> {
    match secret {
        Some(secret) => Ok(flows::account::who(&app.flows, secret, app.now()).await?),
        None => Ok(None),
    }
}

impl FromRequestParts<App> for Browser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        Self::of(&parts.headers, app).await
    }
}
