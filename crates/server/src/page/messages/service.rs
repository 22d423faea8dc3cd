//! How many were answered in time: a page for people, the same as data for programs.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use flows::messages::{self, Answered, OfKind};

use super::view;
use super::words::Words;
use crate::page::shared::{Ask, html};
use crate::{App, Reply};

/// The figures.
pub(crate) async fn service(State(app): State<App>, headers: HeaderMap, ask: Ask) -> Reply {
    let figures = match messages::service(&app.flows, app.now()).await {
        Ok(figures) => figures,
        Err(stop) => return ask.stopped(&app, stop),
    };
    let accepted = headers.get(ACCEPT).and_then(|it| it.to_str().ok()).unwrap_or("");
    if accepted.contains("application/json") && !accepted.contains("text/html") {
        return Reply::public(&figures);
    }
    let f = ask.frame(&app, ("contact", "/privacy/service"));
    let m = Words::of(f.w.code);
    let book = app.flows.book();
    let policy = book.policy();
    let promise = |clause: Option<&String>| {
        let clause = clause?;
        let said = policy::notice::clause_text(policy, clause, f.language());
        Some((clause.clone(), said.unwrap_or_default()))
    };
    let messages = promise(policy.messages.as_ref().map(|it| &it.clause));
    let complaints = promise(policy.complaints.as_ref().map(|it| &it.clause));
    let kinds = vec![
        of_kind(m, (m.messages, messages), &figures.messages),
        of_kind(m, (m.complaints, complaints), &figures.complaints),
    ];
    Reply::public_page(200, html(&view::Service { f, m, kinds }))
}

fn of_kind(
    m: &'static Words,
    (title, promise): (&'static str, Option<(String, String)>),
    of: &OfKind,
) -> view::OfKind {
    let rows = vec![
        figures(m, m.last_30_days, &of.last_30_days),
        figures(m, m.last_12_months, &of.last_12_months),
    ];
    view::OfKind { title, promise, rows }
}

fn figures(m: &Words, period: &'static str, of: &Answered) -> view::Figures {
    let share = of.share.map_or_else(
        || m.none_yet.to_owned(),
        |tenths| format!("{}.{} %", tenths.div_euclid(10), tenths.rem_euclid(10)),
    );
    let Answered { in_time, late, unanswered, .. } = *of;
    view::Figures { period, in_time, late, unanswered, share }
}
