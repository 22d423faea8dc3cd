//! A draft of the next version: its texts are checked, what it changes and whom it affects is shown, and
//! it is handed in. One that widens anything waits for a second officer.

use std::collections::BTreeMap;

use axum::extract::State;
use flows::Stop;
use flows::change::{self, Approval, Draft, Plan};
use flows::security::Role;
use policy::Folder;

use super::desk::Desk;
use super::part;
use super::view::{Badge, Cell, Field, Form, Kind, Link, Page, Part, Row, Table};
use super::words::Words;
use crate::page::{Fields, field, html};
use crate::{App, Reply};

const PATH: &str = "/console/policy";
/// Who hands a version in.
const MAY: &[Role] = &[Role::Officer];
/// The fields of the texts, in the order of their paths. What a policy has beyond them stays as it is.
const TEXTS: [&str; 16] = [
    "text-0", "text-1", "text-2", "text-3", "text-4", "text-5", "text-6", "text-7", "text-8",
    "text-9", "text-10", "text-11", "text-12", "text-13", "text-14", "text-15",
];

/// What became of a draft.
enum Seen {
    /// Nothing was sent yet.
    Fresh,
    /// It has faults, or comes too early.
    Wrong(String),
    /// What it would do.
    Plan(Box<Plan>),
}

/// The texts of the newest version, to be changed.
pub(super) async fn show(State(app): State<App>, desk: Desk) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let newest = newest(&app, &desk).await?;
    Ok(page(&app, &desk, (&newest, ""), &Seen::Fresh))
}

/// A draft is checked, or handed in.
pub(super) async fn send(
    State(app): State<App>,
    desk: Desk,
    fields: Fields,
) -> Result<Reply, Reply> {
    desk.may(&app, MAY)?;
    let folder = given(newest(&app, &desk).await?, &fields);
    let day = field(&fields, "effective");
    let effective = (!day.is_empty()).then(|| day.parse::<jiff::civil::Date>());
    let done = async {
        let say = "write a day, as in `2027-01-31`";
        let effective = effective.transpose().map_err(|_| Stop::invalid("effective", say))?;
        let draft = Draft { folder: folder.clone(), effective };
        if field(&fields, "what") != "hand-in" {
            return Ok(Some(change::plan(&app.flows, &draft, app.now()).await?));
        }
        match change::propose(&app.flows, &draft, &desk.member.id, app.now()).await? {
            Approval::Published(_) => app.wake(),
            Approval::Waits(..) => {}
        }
        Ok(None)
    };
    let seen = match done.await {
        Ok(None) => return Ok(desk.back_to(PATH)),
        Ok(Some(plan)) => Seen::Plan(Box::new(plan)),
        // In the words of `kept check`: they name the file and the line.
        Err(Stop::Invalid { say, .. } | Stop::NotNow(say)) => Seen::Wrong(say),
        Err(stop) => return Err(desk.stopped(&app, stop)),
    };
    Ok(page(&app, &desk, (&folder, day), &seen))
}

async fn newest(app: &App, desk: &Desk) -> Result<Folder, Reply> {
    flows::notice::newest(&app.flows).await.map_err(|stop| desk.stopped(app, stop))
}

/// The newest version's texts with those that were sent in their place. A browser ends lines in its own
/// way; a text that was emptied is left out.
fn given(newest: Folder, fields: &Fields) -> Folder {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (at, (path, text)) in newest.files.into_iter().enumerate() {
        let sent = TEXTS.get(at).and_then(|it| fields.0.get(*it));
        let text = sent.map_or(text, |it| it.replace("\r\n", "\n"));
        if !text.trim().is_empty() {
            files.insert(path, text);
        }
    }
    Folder::of(files)
}

fn page(app: &App, desk: &Desk, (folder, day): (&Folder, &str), seen: &Seen) -> Reply {
    let f = desk.frame(app);
    let w = f.w;
    let back = Link::new(format!("{PATH}{}", f.q), w.versions);
    let (parts, status) = match seen {
        Seen::Fresh => (Vec::new(), 200),
        Seen::Wrong(say) => {
            (vec![Part::Text { title: w.draft_faults.to_owned(), text: say.clone() }], 422)
        }
        Seen::Plan(plan) => (planned(w, plan), 200),
    };
    let forms = vec![form(app, desk, w, (folder, day))];
    let wrong = matches!(seen, Seen::Wrong(_)).then(|| w.draft_wrong.to_owned());
    let page =
        Page { parts, forms, wrong, back: Some(back), ..Page::new(f, w.draft, w.draft_lead) };
    Reply::public_page(status, html(&page))
}

fn form(app: &App, desk: &Desk, w: &'static Words, (folder, day): (&Folder, &str)) -> Form {
    let texts = TEXTS.iter().zip(&folder.files);
    let mut fields: Vec<Field> = texts
        .map(|(name, (path, text))| {
            Field::new(name, path.as_str(), Kind::Source).holding(text.as_str()).optional()
        })
        .collect();
    let day = Field::new("effective", w.effective, Kind::Line("date")).holding(day);
    fields.push(day.hint(w.draft_day_hint).optional());
    let what = [("check", w.draft_check), ("hand-in", w.draft_hand_in)];
    fields.push(Field::new("what", w.draft_what, part::choices(&what)));
    let form = desk.form(app, (PATH, "draft"), (w.draft, w.draft_go), fields);
    Form { lead: w.draft_form_lead.to_owned(), ..form }
}

/// What a draft changes, whom it affects, and from when it counts.
pub(super) fn planned(w: &'static Words, plan: &Plan) -> Vec<Part> {
    let second = if plan.widens() { w.draft_second } else { w.draft_alone };
    let rows: Vec<(String, Cell)> = vec![
        (w.version.to_owned(), plan.version.to_string().into()),
        (w.hash.to_owned(), plan.hash.as_str().into()),
        (w.effective.to_owned(), part::at(&flows::when(plan.effective))),
        (w.told_people.to_owned(), plan.reach.told.to_string().into()),
        (w.asked_people.to_owned(), plan.reach.asked.to_string().into()),
        (w.draft_then.to_owned(), second.into()),
    ];
    let row = |it: &policy::diff::Change| -> Row {
        let widens = it.class == policy::diff::Class::Widening;
        let class = Badge::new(it.class.word(), if widens { "warn" } else { "quiet" });
        vec![Cell::Badge(class), Cell::Clause(it.clause.clone()), it.what.as_str().into()]
    };
    let columns = vec![w.kind, w.clause, w.text];
    let rows_of = plan.changes.iter().map(row).collect();
    vec![
        Part::Facts { title: w.details.to_owned(), rows },
        Part::Table(Table {
            title: w.draft_changes.to_owned(),
            columns,
            rows: rows_of,
            empty: w.none,
        }),
    ]
}
