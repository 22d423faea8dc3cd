//! Evidence: clause by clause, what in the program keeps it, how often it permitted and refused, its last
//! test, and what is overdue under it.

use axum::extract::State;
use flows::notice::evidence::{ClauseSeen, Evidence, Kept, Outcome, Tested, evidence};
use flows::security::Role;
use jiff::tz::TimeZone;

use super::desk::Desk;
use super::part;
use super::view::{Badge, Cell, Page, Part, Row, Table};
use super::words::Words;
use crate::page::{html, minute_in};
use crate::{App, Reply};

/// Who looks at it.
const MAY: &[Role] = &[Role::Officer, Role::Auditor, Role::Engineer];

/// The evidence of now.
pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let f = desk.frame(&app);
    let w = f.w;
    let found = evidence(&app.flows, w.code, app.now()).await;
    let found = found.map_err(|stop| desk.stopped(&app, stop))?;
    let parts = vec![facts(w, &found), clauses(w, &f.zone, &found)];
    let page = Page { parts, ..Page::new(f, w.evidence, w.evidence_lead) };
    Ok(Reply::public_page(200, html(&page)))
}

fn facts(w: &'static Words, it: &Evidence) -> Part {
    let (p, asked) = (w.page(), it.asked);
    let permitted = format!("{} {}", asked.permitted, w.permitted);
    let refused = format!("{} {}", asked.refused, p.refused);
    let days = format!("({} {})", asked.days, w.days_past);
    let rows = vec![
        (w.version.to_owned(), it.version.to_string().into()),
        (w.rules.to_owned(), it.hash.as_str().into()),
        (w.overdue.to_owned(), it.overdue.to_string().into()),
        (w.asked_lead.to_owned(), format!("{permitted}{}{refused} {days}", p.comma).into()),
    ];
    Part::Facts { title: w.details.to_owned(), rows }
}

/// How the last test of a clause went, and when; of one that failed, what was answered otherwise.
fn tested(w: &'static Words, zone: &TimeZone, it: &Tested) -> Cell {
    let at = minute_in(w.page(), zone, &it.at);
    match it.outcome {
        Outcome::Passed => Cell::Badge(Badge::new(format!("{}{at}", w.test_passed), "good")),
        Outcome::Failed => {
            let colon = w.page().colon;
            let failed = it.failed.join(", ");
            Cell::Badge(Badge::new(format!("{}{at}{colon}{failed}", w.test_failed), "bad"))
        }
    }
}

fn clauses(w: &'static Words, zone: &TimeZone, it: &Evidence) -> Part {
    let row = |it: &ClauseSeen| -> Row {
        let waiting = || format!("{}{}{}", w.not_yet, w.page().colon, it.waiting.join(", "));
        let kept = match it.kept {
            Kept::Enforced => Badge::new(w.enforced, "good"),
            Kept::Stated => Badge::new(w.stated, "quiet"),
            Kept::NotYet => Badge::new(waiting(), "warn"),
        };
        let open = format!("{} / {}", it.open, it.overdue);
        let open = match it.overdue {
            0 => Cell::Text(open),
            _ => Cell::Badge(Badge::new(open, "bad")),
        };
        vec![
            Cell::Clause(it.id.clone()),
            it.title.as_str().into(),
            Cell::Badge(kept),
            it.by.join(", ").into(),
            format!("{} / {}", it.permitted, it.refused).into(),
            it.tested.as_ref().map_or_else(|| w.decides_nothing.into(), |it| tested(w, zone, it)),
            open,
            it.due.as_deref().map_or_else(|| "".into(), part::at),
        ]
    };
    let columns = vec![
        w.clause,
        w.text,
        w.kept,
        w.kept_by,
        w.answered_often,
        w.last_test,
        w.open_overdue,
        w.next_due,
    ];
    let rows = it.clauses.iter().map(row).collect();
    Part::Table(Table { title: w.page().policy.to_owned(), columns, rows, empty: w.none })
}
