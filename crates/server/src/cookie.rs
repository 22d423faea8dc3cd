//! Cookies: a session, a browser that agreed to something, and the constant that remembers a refusal.

use std::fmt::Write as _;

use flows::Secret;
use flows::consent::Token;

use crate::App;

/// A cookie that says who somebody is, by the name it has over https and by the one without.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Name {
    /// Browsers take a name that begins so from this very host alone, over https: no neighbour under
    /// the same domain can plant one.
    secure: &'static str,
    /// Without https there are no such names.
    plain: &'static str,
}

/// The name of the cookie that a session is known by.
pub(crate) const SESSION: Name =
    Name { secure: "__Host-kept_session", plain: Token::Session.name() };
/// The name of the cookie that a browser is known by which agreed to something.
pub(crate) const BROWSER: Name =
    Name { secure: "__Host-kept_browser", plain: Token::Browser.name() };
/// The name of the cookie that the session of a member of staff is known by.
pub(crate) const STAFF: Name = Name { secure: "__Host-kept_staff", plain: "kept_staff" };
/// The name of the cookie that a guardian's session is known by.
pub(crate) const GUARDIAN: Name =
    Name { secure: "__Host-kept_guardian", plain: Token::Guardian.name() };
/// The name of the cookie that remembers a refusal: the same for everybody.
pub(crate) const CONSTANT: &str = Token::Refusal.name();
/// The value of that cookie.
pub(crate) const REFUSED: &str = "refused";

/// What the store keeps at most; it ends sooner when nobody uses it.
const STAFF_SECONDS: u64 = 8 * 60 * 60;

impl Name {
    /// The name, on an installation that people reach by https or not.
    pub(crate) const fn on(self, secure: bool) -> &'static str {
        if secure { self.secure } else { self.plain }
    }
}

/// What is to be set, as `Set-Cookie` lines.
#[derive(Clone, Default)]
#[must_use = "a cookie goes into a reply"]
pub struct Cookie(pub(crate) Vec<String>);

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Cookie {
    /// One that lasts so long; as long as the browser is open where nobody says.
    fn one(app: &App, (name, value): (&str, &str), seconds: Option<u64>) -> Self {
        let lasts = seconds.map_or_else(String::new, |it| format!("Max-Age={it}; "));
        let mut line = format!("{name}={value}; Path=/; {lasts}SameSite=Lax; HttpOnly");
        if app.settings.secure {
            // Writing to a string does not fail.
            let _infallible: std::fmt::Result = line.write_str("; Secure");
        }
        Self(vec![line])
    }

    /// One that lasts as long as the policy in force says.
    fn of(app: &App, token: Token, (name, value): (&str, &str)) -> Self {
        let lasts = token.lasts(&app.flows.book(), app.now());
        let seconds = lasts.map(|it| u64::try_from(it.div_euclid(1_000)).unwrap_or(0));
        Self::one(app, (name, value), seconds)
    }

    /// One that is there no more.
    fn none(app: &App, name: &str) -> Self {
        Self::one(app, (name, ""), Some(0))
    }

    fn and(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }
}

fn named(app: &App, name: Name) -> &'static str {
    name.on(app.settings.secure)
}

/// A session, as long as the store keeps it.
pub(crate) fn session(app: &App, secret: &Secret) -> Cookie {
    Cookie::of(app, Token::Session, (named(app, SESSION), secret.as_str()))
}

/// No session any more.
pub(crate) fn no_session(app: &App) -> Cookie {
    Cookie::none(app, named(app, SESSION))
}

/// The session of a member of staff.
pub(crate) fn staff(app: &App, secret: &Secret) -> Cookie {
    Cookie::one(app, (named(app, STAFF), secret.as_str()), Some(STAFF_SECONDS))
}

/// No session of a member of staff any more.
pub(crate) fn no_staff(app: &App) -> Cookie {
    Cookie::none(app, named(app, STAFF))
}

/// A guardian's session, as long as the store keeps it.
pub(crate) fn guardian(app: &App, secret: &Secret) -> Cookie {
    Cookie::of(app, Token::Guardian, (named(app, GUARDIAN), secret.as_str()))
}

/// No guardian's session any more.
pub(crate) fn no_guardian(app: &App) -> Cookie {
    Cookie::none(app, named(app, GUARDIAN))
}

/// A browser that agreed to something, in place of a refusal.
pub(crate) fn browser(app: &App, secret: &Secret) -> Cookie {
    let known = Cookie::of(app, Token::Browser, (named(app, BROWSER), secret.as_str()));
    known.and(Cookie::none(app, CONSTANT))
}

/// A browser that is not known any more.
pub(crate) fn no_browser(app: &App) -> Cookie {
    Cookie::none(app, named(app, BROWSER))
}

/// A refusal: a constant, the same for everybody.
pub(crate) fn refusal(app: &App) -> Cookie {
    Cookie::of(app, Token::Refusal, (CONSTANT, REFUSED))
}
