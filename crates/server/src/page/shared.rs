//! What every page needs: the language asked for, who is signed in, and how it ends when a verb
//! has nothing to give.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Form, FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, RETRY_AFTER};
use axum::http::request::Parts;
use flows::{PersonId, Secret, Stop};

use super::frame::{Frame, Notice};
use super::young::Young;
use super::{said, view};
use crate::limit::{BODY_BYTES_MAX, SIGN_IN_MAX};
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply};

/// The page that the link in a mail leads to, and what that link carries.
pub(crate) const CANCEL: &str = "/privacy/cancel";
const CANCEL_FIELDS: [&str; 3] = ["request", "person", "token"];

/// What a page was asked with.
#[derive(Debug)]
pub(crate) struct Ask {
    language: String,
    /// The query, decoded.
    pub(crate) query: BTreeMap<String, String>,
    /// Who is signed in.
    person: Option<PersonId>,
    /// The person of this browser itself.
    own: Option<PersonId>,
    /// The session's secret, where there is one.
    pub(crate) session: Option<Secret>,
    /// The secret of a browser that agreed to something.
    pub(crate) browser: Option<Secret>,
    /// Whether the browser carries the constant that remembers a refusal.
    pub(crate) refused: bool,
    /// What the browser signals.
    pub(crate) signals: decide::Signals,
    /// What the browser calls itself, shortened, for the list of sessions.
    pub(crate) label: String,
}

impl FromRequestParts<App> for Ask {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Reply> {
        let query = crate::query::fields(parts);
        let wanted = crate::query::preferred(&query, &parts.headers);
        let language = app.flows.book().language(&wanted).to_owned();
        let session = crate::credentials::session(app, &parts.headers);
        let browser = crate::credentials::browser(app, &parts.headers);
        let mut ask = Self {
            language,
            person: None,
            own: None,
            session,
            browser,
            refused: crate::credentials::refused(&parts.headers),
            signals: crate::credentials::signals(&parts.headers),
            label: crate::credentials::label(&parts.headers),
            query,
        };
        let person = who(app, ask.session.as_ref()).await;
        let own = who(app, ask.browser.as_ref()).await;
        match (person, own) {
            (Ok(person), Ok(own)) => {
                (ask.person, ask.own) = (person, own);
                Ok(ask)
            }
            // Nobody is taken for a stranger because the database does not answer.
            (Err(stop), _) | (_, Err(stop)) => Err(ask.stopped(app, stop)),
        }
    }
}

/// Whose secret this is, if it is anybody's.
async fn who(app: &App, secret: Option<&Secret>) -> Result<Option<PersonId>, Stop> {
    match secret {
        Some(secret) => flows::account::who(&app.flows, secret, app.clock.now()).await,
        None => Ok(None),
    }
}

impl Ask {
    /// The language of the page.
    pub(crate) fn language(&self) -> &str {
        &self.language
    }

    /// What a redirection carries, so that the language stays.
    pub(crate) fn query(&self) -> String {
        format!("?language={}", self.language)
    }

    /// A value of the query.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// Who is signed in.
    pub(crate) const fn person(&self) -> Option<PersonId> {
        self.person
    }

    /// The person of this browser itself, where it agreed to something.
    pub(crate) const fn own(&self) -> Option<PersonId> {
        self.own
    }

    /// The frame of the page at a place of the menu and a path.
    pub(crate) fn frame(&self, app: &App, place: (&'static str, &str)) -> Frame {
        let (book, signed_in) = (app.flows.book(), self.person().is_some());
        let frame = Frame::new(&book, &self.language, place).signed_in(signed_in);
        let frame = match self.person.or(self.own) {
            Some(person) => frame.of_region(&book, person.region()),
            None => frame,
        };
        let frame = frame.carrying(&self.carried(place.1));
        let announced = super::change::announced(app, &frame);
        let frame = frame.announcing(announced);
        let notice = match self.get("done") {
            "saved" => Some(Notice { tone: "good", text: frame.w.saved }),
            "deleted" => Some(Notice { tone: "good", text: frame.w.deleted }),
            "asked" => Some(Notice { tone: "good", text: Young::of(frame.language()).link_sent }),
            "agreed" => Some(Notice { tone: "good", text: Young::of(frame.language()).agreed_now }),
            "kept" => Some(Notice { tone: "good", text: frame.w.kept_changed_mind }),
            _ => None,
        };
        frame.noting(notice)
    }

    /// What the page was opened with and needs in another language too: the link of a mail.
    fn carried(&self, path: &str) -> String {
        if path != CANCEL {
            return String::new();
        }
        let given = CANCEL_FIELDS.iter().filter_map(|it| Some((*it, self.query.get(*it)?)));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }

    /// The page that a verb ends on when it has nothing to give.
    pub(crate) fn stopped(&self, app: &App, stop: Stop) -> Reply {
        let f = self.frame(app, ("", "/privacy"));
        let w = f.w;
        match stop {
            Stop::Gone => please_sign_in(f),
            Stop::NotFound => not_found(f),
            Stop::Refused(refused) => {
                let denied = refused.denied();
                let (link, clauses) = (Some(back(&f)), denied.clauses.clone());
                let page = view::Message::new(f, (w.policy_refuses, w.why(&denied.reason)));
                Reply::public_page(403, html(&view::Message { clauses, link, ..page }))
            }
            Stop::Invalid { say, .. } | Stop::NotNow(say) => {
                message(f, 422, (w.went_wrong, &said::sentence(w, &say)))
            }
            Stop::Wrong => message(f, 401, (w.went_wrong, w.code_wrong)),
            Stop::Stale => {
                let page = view::Message::new(f, (w.went_wrong, w.stale));
                let link = Some(back(&page.f));
                Reply::public_page(409, html(&view::Message { link, ..page }))
            }
            Stop::NotBound(_)
            | Stop::Taken
            | Stop::Replayed { .. }
            | Stop::Conflict
            | Stop::Busy => message(f, 409, (w.went_wrong, w.try_again)),
            Stop::Full { seconds } => self.held_up(app, &Problem::too_many(seconds)),
            Stop::Unreachable(why) => {
                tracing::warn!(why, "the database does not answer");
                message(f, 503, (w.went_wrong, w.try_again)).with_header(RETRY_AFTER, "2")
            }
            Stop::Broken(why) => {
                tracing::error!(why, "a page failed");
                message(f, 500, (w.went_wrong, w.try_again))
            }
        }
    }

    /// The page for whoever came too often, or while too many others did.
    pub(crate) fn held_up(&self, app: &App, problem: &Problem) -> Reply {
        let f = self.frame(app, ("", "/privacy"));
        let w = f.w;
        let often = problem.status() == StatusCode::TOO_MANY_REQUESTS;
        let say = if often { w.come_again } else { w.try_again };
        let page = message(f, problem.status().as_u16(), (w.went_wrong, say));
        match problem.again() {
            Some(seconds) => page.with_header(RETRY_AFTER, &seconds.to_string()),
            None => page,
        }
    }

    /// A sentence for a form, for what the person can put right; the stop itself otherwise.
    pub(crate) fn wrong(&self, app: &App, stop: Stop) -> Result<String, Reply> {
        let words = self.frame(app, ("", "/privacy")).w;
        match stop {
            Stop::Invalid { field, say } => {
                let say = said::plain(words, &say);
                Ok(format!("{}{}{say}", words.field(&field), words.colon))
            }
            Stop::NotNow(say) => Ok(said::sentence(words, &say)),
            Stop::Wrong => Ok(words.code_wrong.to_owned()),
            Stop::Taken => Ok(words.taken.to_owned()),
            Stop::Conflict | Stop::Busy => Ok(words.once_more.to_owned()),
            Stop::Full { .. } => Ok(words.come_again.to_owned()),
            other @ (Stop::Refused(_)
            | Stop::NotBound(_)
            | Stop::NotFound
            | Stop::Gone
            | Stop::Stale
            | Stop::Replayed { .. }
            | Stop::Unreachable(_)
            | Stop::Broken(_)) => Err(self.stopped(app, other)),
        }
    }
}

/// Forms that one address may send in a window: codes and passwords are not tried out here either.
const FORMS: Gate = Gate { name: "forms", most: SIGN_IN_MAX };

/// A form that was let through.
#[derive(Debug)]
pub(crate) struct Passed;

impl FromRequestParts<App> for Passed {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Reply> {
        let Ok(peer) = Peer::from_request_parts(parts, app).await;
        let Err(problem) = app.pass(FORMS, &peer) else { return Ok(Self) };
        if !is_read(parts) {
            return Err(problem.into());
        }
        Err(Ask::from_request_parts(parts, app).await?.held_up(app, &problem))
    }
}

/// A template as text.
pub(crate) fn html(page: &impl Template) -> String {
    // Rendering into a string fails only where a value cannot be written as text, which none of
    // ours can; an empty page shows it.
    page.render().unwrap_or_default()
}

/// The page for what is not there.
pub(crate) fn not_found(f: Frame) -> Reply {
    let w = f.w;
    message(f, 404, (w.not_found, w.not_found_lead))
}

/// The page for who is not signed in.
pub(crate) fn please_sign_in(f: Frame) -> Reply {
    let w = f.w;
    let link = Some((format!("/sign-in{}", f.q), w.sign_in.to_owned()));
    let page = view::Message::new(f, (w.please_sign_in, w.please_sign_in_lead));
    Reply::public_page(401, html(&view::Message { link, ..page }))
}

/// A page that says something, and leads back to where most things begin.
pub(crate) fn message(f: Frame, status: u16, (title, lead): (&str, &str)) -> Reply {
    let link = Some(back(&f));
    let page = view::Message::new(f, (title, lead));
    Reply::public_page(status, html(&view::Message { link, ..page }))
}

fn back(f: &Frame) -> (String, String) {
    let (path, label) = if f.signed_in { ("/me", f.w.centre) } else { ("/privacy", f.w.policy) };
    (format!("{path}{}", f.q), label.to_owned())
}

/// Whether somebody reads the answer, and no program.
pub(crate) fn is_read(parts: &Parts) -> bool {
    let accepted = parts.headers.get(ACCEPT).and_then(|it| it.to_str().ok());
    accepted.is_some_and(|it| it.contains("text/html"))
}

/// A form's fields, decoded.
#[derive(Default)]
pub(crate) struct Fields(pub(crate) BTreeMap<String, String>);

impl FromRequest<App> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let form = Form::<BTreeMap<String, String>>::from_request(request, app).await;
        // What the library says could repeat what was typed.
        form.map(|it| Self(it.0)).map_err(|it| match it.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(BODY_BYTES_MAX),
            _ => Problem::malformed("send the fields of a form, as a browser does"),
        })
    }
}

/// A field of a form.
pub(crate) fn field<'f>(fields: &'f Fields, name: &str) -> &'f str {
    fields.0.get(name).map_or("", |it| it.trim())
}

/// A field of a form, where something was typed.
pub(crate) fn typed(fields: &Fields, name: &str) -> Option<flows::Plain> {
    Some(field(fields, name)).filter(|it| !it.is_empty()).map(flows::Plain::from)
}
