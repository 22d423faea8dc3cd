//! What every page of the console needs: who is signed in, the language, and how it ends when a verb
//! has nothing to give.

use std::collections::BTreeMap;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::header::RETRY_AFTER;
use axum::http::request::Parts;
use flows::security::{self, Member, Role, StaffSeen};
use flows::{Idempotency, Stop};

use super::frame::Frame;
use super::view::{Field, Form, Kind, Link, Page};
use crate::limit::PERSON_MAX;
use crate::page::{Fields, field, html, sentence};
use crate::rate::Gate;
use crate::{App, Problem, Reply, credentials};

const CONSOLE: Gate = Gate { name: "console", most: PERSON_MAX };

/// What a page of the console was asked with, signed in or not.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) language: String,
    pub(super) path: String,
    query: BTreeMap<String, String>,
    member: Option<Member>,
}

/// The same by a member of staff who is signed in.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) member: Member,
    /// Everybody who is or was a member of staff.
    pub(super) team: Vec<StaffSeen>,
    visit: Visit,
}

/// What went wrong with a form, and what was typed into it.
pub(super) struct Wrong<'f> {
    pub(super) form: &'f str,
    pub(super) say: String,
    pub(super) fields: &'f Fields,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Reply> {
        let query = crate::query::fields(parts);
        let wanted = crate::query::preferred(&query, &parts.headers);
        // Those of the console, whatever the policy is written in.
        let language = flows::preferred_language(&wanted, &["en", "zh"]);
        let language = language.unwrap_or("en").to_owned();
        let path = parts.uri.path().to_owned();
        let mut visit = Self { language, path, query, member: None };
        match credentials::member(app, &parts.headers).await {
            Ok(member) => visit.member = member,
            // Nobody is taken for a stranger because the database does not answer.
            Err(stop) => return Err(visit.stopped(app, stop)),
        }
        Ok(visit)
    }
}

impl FromRequestParts<App> for Desk {
    type Rejection = Reply;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Reply> {
        let visit = Visit::from_request_parts(parts, app).await?;
        let Some(member) = visit.member.clone() else {
            let back = if parts.method == Method::GET { visit.path.as_str() } else { "/console" };
            let to = url::form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>();
            let to = format!("/console/sign-in?language={}&to={to}", visit.language);
            return Err(Reply::see_other(&to));
        };
        let rate = app.rates.pass(CONSOLE, member.id.as_bytes(), app.now());
        rate.map_err(|seconds| visit.held_up(app, &Problem::too_many(seconds)))?;
        let team = security::staff(&app.flows).await.map_err(|stop| visit.stopped(app, stop))?;
        Ok(Self { member, team, visit })
    }
}

impl Visit {
    /// The frame of this page.
    pub(super) fn frame(&self, app: &App) -> Frame {
        let frame = Frame::new(app, &self.language, (self.member.as_ref(), &self.path));
        let done = (self.get("done") == "1").then_some(frame.w.done);
        Frame { done, ..frame }
    }

    /// A value of the query.
    pub(super) fn get(&self, name: &str) -> &str {
        self.query.get(name).map_or("", String::as_str)
    }

    /// A page with a sentence, and the way back to the start.
    fn says(&self, app: &App, status: u16, (title, say): (&str, &str)) -> Reply {
        let f = self.frame(app);
        let back = Link::new(format!("/console{}", f.q), f.w.start);
        let page = Page { back: Some(back), ..Page::new(f, title, say) };
        Reply::public_page(status, html(&page))
    }

    pub(super) fn held_up(&self, app: &App, problem: &Problem) -> Reply {
        let w = self.frame(app).w;
        let say = w.page().come_again;
        let page = self.says(app, problem.status().as_u16(), (w.page().went_wrong, say));
        match problem.again() {
            Some(seconds) => page.with_header(RETRY_AFTER, &seconds.to_string()),
            None => page,
        }
    }

    /// The page that a verb ends on when it has nothing to give.
    pub(super) fn stopped(&self, app: &App, stop: Stop) -> Reply {
        let w = self.frame(app).w;
        let p = w.page();
        match stop {
            Stop::NotFound => self.says(app, 404, (p.not_found, p.not_found_lead)),
            Stop::Gone => self.says(app, 410, (w.gone, w.gone_lead)),
            Stop::Refused(refused) => {
                let denied = refused.denied();
                let clauses = denied.clauses.join(p.comma);
                let say = format!("{} ({clauses})", sentence(p, &denied.detail));
                self.says(app, 403, (p.policy_refuses, &say))
            }
            Stop::Unreachable(why) => {
                tracing::warn!(why, "the database does not answer");
                self.says(app, 503, (p.went_wrong, p.try_again)).with_header(RETRY_AFTER, "2")
            }
            Stop::Broken(why) => {
                tracing::error!(why, "a page of the console failed");
                self.says(app, 500, (p.went_wrong, p.try_again))
            }
            other => match said(self, app, other) {
                Ok(say) => self.says(app, 409, (p.went_wrong, &say)),
                Err(_) => self.says(app, 503, (p.went_wrong, p.try_again)),
            },
        }
    }
}

/// A sentence for what staff can put right; the stop itself otherwise.
fn said(visit: &Visit, app: &App, stop: Stop) -> Result<String, Stop> {
    let w = visit.frame(app).w;
    match stop {
        Stop::Invalid { field, say } => {
            let named = match field.strip_prefix("values.") {
                Some(id) => super::part::category(app, w, id),
                None => field,
            };
            Ok(format!("{named}{}{}", w.page().colon, w.plain(&say)))
        }
        Stop::NotNow(say) => Ok(w.plain(&say)),
        Stop::Wrong => Ok(w.wrong.to_owned()),
        Stop::Stale => Ok(w.page().stale.to_owned()),
        Stop::Taken | Stop::NotBound(_) => Ok(w.page().try_again.to_owned()),
        Stop::Conflict | Stop::Busy => Ok(w.page().once_more.to_owned()),
        Stop::Full { .. } => Ok(w.page().come_again.to_owned()),
        other @ (Stop::Refused(_)
        | Stop::NotFound
        | Stop::Gone
        | Stop::Replayed { .. }
        | Stop::Unreachable(_)
        | Stop::Broken(_)) => Err(other),
    }
}

impl Desk {
    /// The frame of this page.
    pub(super) fn frame(&self, app: &App) -> Frame {
        self.visit.frame(app)
    }

    /// A value of the query.
    pub(super) fn get(&self, name: &str) -> &str {
        self.visit.get(name)
    }

    /// Who has an id, by name; the id where nobody has it, and nobody where there is none.
    pub(super) fn name(&self, app: &App, id: &str) -> String {
        if id.is_empty() {
            return self.frame(app).w.nobody.to_owned();
        }
        let found = self.team.iter().find(|it| it.id == id);
        found.map_or(id, |it| it.name.as_str()).to_owned()
    }

    /// Those who could have something, to choose one.
    pub(super) fn colleagues(&self, roles: &[Role]) -> Vec<(String, String)> {
        let fits =
            |it: &&StaffSeen| !it.ended && roles.iter().any(|role| it.roles.contains(&role.word()));
        let all = self.team.iter().filter(fits);
        all.map(|it| (it.id.clone(), format!("{} ({})", it.name, it.id))).collect()
    }

    /// What a redirection carries, so that the language stays.
    pub(super) fn query(&self) -> String {
        format!("?language={}", self.visit.language)
    }

    /// Whether they have one of these roles; else the page that says which it takes.
    pub(super) fn may(&self, app: &App, roles: &[Role]) -> Result<(), Reply> {
        if roles.iter().any(|it| self.member.has(*it)) {
            return Ok(());
        }
        let w = self.frame(app).w;
        let words: Vec<&str> = roles.iter().map(|it| w.role(it.word())).collect();
        let say = format!("{}{}", w.other_role_lead, words.join(w.or));
        Err(self.visit.says(app, 403, (w.other_role, &say)))
    }

    /// The page that a verb ends on when it has nothing to give.
    pub(super) fn stopped(&self, app: &App, stop: Stop) -> Reply {
        self.visit.stopped(app, stop)
    }

    /// What a form that could not be done says on its page; the page of the stop otherwise. A form that
    /// was sent twice was done.
    pub(super) fn wrong<'f>(
        &self,
        app: &App,
        stop: Stop,
        (form, fields): (&'f str, &'f Fields),
    ) -> Result<Wrong<'f>, Reply> {
        match said(&self.visit, app, stop) {
            Ok(say) => Ok(Wrong { form, say, fields }),
            Err(Stop::Replayed { .. }) => Err(self.back_to(parent(&self.visit.path))),
            Err(stop) => Err(self.stopped(app, stop)),
        }
    }

    /// It was done: back to the page that it was done on.
    pub(super) fn back_to(&self, path: &str) -> Reply {
        Reply::see_other(&format!("{path}{}&done=1", self.query()))
    }

    /// What makes a form that is sent twice count once.
    pub(super) fn once(&self, fields: &Fields) -> Option<Idempotency> {
        let key = field(fields, "once");
        let all: Vec<u8> = fields
            .0
            .iter()
            .flat_map(|(a, b)| [a.as_bytes(), b"\0", b.as_bytes(), b"\0"].concat())
            .collect();
        let request = [b"POST".as_slice(), self.visit.path.as_bytes(), &all];
        let scope = format!("console/{}", self.member.id);
        (!key.is_empty() && key.len() <= 64).then(|| Idempotency::new(scope, key, request))
    }

    /// A form of the page with this path.
    pub(super) fn form(
        &self,
        app: &App,
        (path, id): (&str, &'static str),
        (title, button): (&'static str, &'static str),
        fields: Vec<Field>,
    ) -> Form {
        Form {
            id,
            title,
            lead: String::new(),
            action: format!("{path}/{id}{}", self.query()),
            fields,
            button,
            tone: "primary",
            once: format!("{:x}-{}", app.now().millis(), self.member.id),
        }
    }
}

impl Wrong<'_> {
    /// Puts what was typed back into the form that it was typed into, and says on top what is wrong.
    fn onto(self, page: &mut Page) {
        for form in page.forms.iter_mut().filter(|it| it.id == self.form) {
            // What a form carries by itself stays as it is now.
            let typed = form.fields.iter_mut().filter(|it| !matches!(it.kind, Kind::Carried));
            for it in typed {
                field(self.fields, it.name).clone_into(&mut it.value);
            }
        }
        page.wrong = Some(self.say);
    }
}

/// The status of a page on which something may have gone wrong.
pub(super) fn status(wrong: Option<&Wrong<'_>>) -> u16 {
    if wrong.is_some() { 422 } else { 200 }
}

/// A page, and on it what went wrong, where something did.
pub(super) fn written(mut page: Page, wrong: Option<Wrong<'_>>) -> String {
    if let Some(wrong) = wrong {
        wrong.onto(&mut page);
    }
    html(&page)
}

/// The same as an answer, where nothing of a person was opened for it.
pub(super) fn shown(page: Page, wrong: Option<Wrong<'_>>) -> Reply {
    Reply::public_page(status(wrong.as_ref()), written(page, wrong))
}

/// The path without its last part.
fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("/console", |(it, _)| it)
}
