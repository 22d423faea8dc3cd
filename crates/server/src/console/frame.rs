//! What every page of the console has around it: who is signed in, where one can go, the language.

use flows::security::{Member, Role};
use jiff::tz::TimeZone;

use super::words::Words;
use crate::{App, page};

/// A place of the menu.
pub(super) struct Place {
    pub(super) href: &'static str,
    pub(super) text: &'static str,
    pub(super) current: bool,
}

/// A link to the same page in a language.
pub(super) struct InLanguage {
    pub(super) code: &'static str,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) current: bool,
}

/// The frame of a page. Templates call it `f`.
pub(super) struct Frame {
    pub(super) w: &'static Words,
    /// What links carry, so that the language stays: `?language=en`.
    pub(super) q: String,
    pub(super) controller: String,
    pub(super) who: String,
    pub(super) roles: String,
    pub(super) places: Vec<Place>,
    pub(super) languages: Vec<InLanguage>,
    pub(super) now: String,
    /// In whose hours the desk works: those of the home region, which its letters name too.
    pub(super) zone: TimeZone,
    /// What was done a moment ago.
    pub(super) done: Option<&'static str>,
}

/// Where one can go, and who may.
const PLACES: &[(&str, &[Role])] = &[
    ("/console", &Role::ALL),
    ("/console/messages", &[Role::Support, Role::Officer]),
    ("/console/requests", &[Role::Support, Role::Officer]),
    ("/console/holds", &[Role::Officer]),
    ("/console/policy", &[Role::Officer, Role::Auditor, Role::Engineer]),
    ("/console/cessation", &[Role::Officer, Role::Engineer]),
    ("/console/evidence", &[Role::Officer, Role::Auditor, Role::Engineer]),
];

/// Whether somebody has one of these roles.
fn may(member: Option<&Member>, roles: &[Role]) -> bool {
    member.is_some_and(|it| roles.iter().any(|role| it.has(*role)))
}

/// Whether somebody may go to a place.
pub(super) fn may_go(member: &Member, href: &str) -> bool {
    PLACES.iter().any(|(it, roles)| *it == href && may(Some(member), roles))
}

impl Frame {
    /// An instant, as staff read it.
    pub(super) fn time(&self, at: &str) -> String {
        page::minute_in(self.w.page(), &self.zone, at)
    }

    /// The frame of the page at a path.
    pub(super) fn new(app: &App, language: &str, (member, path): (Option<&Member>, &str)) -> Self {
        let book = app.flows.book();
        let w = Words::of(language);
        let zone = book.home().map_or(TimeZone::UTC, |it| book.zone(it));
        let languages = ["en", "zh"].map(|code| InLanguage {
            code,
            name: page::in_its_own_words(code).to_owned(),
            href: format!("{path}?language={code}"),
            current: code == w.code,
        });
        let at = |href: &str| {
            path == href || href != "/console" && path.starts_with(&format!("{href}/"))
        };
        let places = PLACES.iter().filter(|(_, roles)| may(member, roles));
        let places = places.map(|(href, _)| Place { href, text: w.place(href), current: at(href) });
        let roles: Vec<&str> =
            member.map_or_else(Vec::new, |it| it.roles().iter().map(|it| w.role(it)).collect());
        Self {
            w,
            q: format!("?language={}", w.code),
            controller: book.policy().header.controller.in_language(w.code).to_owned(),
            who: member.map_or_else(String::new, |it| it.name.clone()),
            roles: roles.join(w.page().comma),
            places: places.collect(),
            languages: languages.into(),
            now: page::minute_in(w.page(), &zone, &flows::when(app.now())),
            zone,
            done: None,
        }
    }
}
