//! Following a request with its link: without an account, and also when nobody is left to sign in. It
//! shows where it stands and who has not answered yet, and nothing of a person.

use decide::id::RequestId;
use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Recorded, Write};
use serde::Serialize;

use super::about::{About, is_closing};
use super::by_address::{is_unproved, lapse};
use super::deliver::{Outstanding, outstanding};
use super::link::check;
use super::open::{due_job, parting};
use super::request::{RequestSeen, is_request, seen};
use super::state::{MACHINE, RequestState};
use crate::account::Cancel;
use crate::answer::Wiped;
use crate::engine::{Case, again};
use crate::{Acting, Flows, Secret, Stop};

/// A request, as its link shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four questions that a page asks, each by itself"
)]
pub struct Followed {
    /// Where it stands.
    #[serde(flatten)]
    pub request: RequestSeen,
    /// Whether somebody has still to act.
    pub open: bool,
    /// Whether a code is waited for.
    pub code: bool,
    /// Whether it can be taken back with this link.
    pub cancel: bool,
    /// Others who were told and have not answered that it is done.
    pub outstanding: Vec<Outstanding>,
    /// Whether there is a certificate of erasure.
    pub certificate: bool,
}

/// Shows a request to whoever has its link.
///
/// # Errors
/// `Wrong` for whatever does not fit: it never says whether there is such a request.
pub async fn follow(flows: &Flows, (id, token): (RequestId, &Secret)) -> Result<Followed, Stop> {
    check(flows, id, token)?;
    let found = flows.journal().scratch().case(id).await?.filter(|(_, it)| is_request(it));
    let (person, row) = found.ok_or(Stop::Wrong)?;
    let about = About::of(&row)?;
    Ok(Followed {
        request: seen(&row)?,
        open: row.open,
        code: about.code.is_some() && row.state == RequestState::Waiting.word(),
        cancel: may_cancel(&row, &about),
        outstanding: outstanding(flows, (person, id)).await?,
        certificate: about.attested.is_some(),
    })
}

/// A closing is taken back with the link of its own mail, or signed in; what was erased is gone.
fn may_cancel(row: &CaseRow, about: &About) -> bool {
    row.open
        && about.attested.is_none()
        && !is_closing(row).unwrap_or(true)
        && MACHINE.step(&row.state, "cancel", "person").is_ok()
}

/// Takes a request back that is not done yet, with its link.
///
/// # Errors
/// `Wrong` for another link, `NotNow` for one that is not open.
pub async fn take_back_by_link(
    flows: &Flows,
    (id, token): (RequestId, &Secret),
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    check(flows, id, token)?;
    let owner = flows.journal().scratch().case_owner(id).await?.ok_or(Stop::Wrong)?;
    take_back(flows, owner, id, now).await.map_err(|stop| match stop {
        Stop::NotFound | Stop::Gone => Stop::Wrong,
        other => other,
    })
}

/// The person takes a request back that is not done yet. A closing has a verb of its own.
///
/// # Errors
/// `NotNow` for one that is not open.
pub async fn take_back(
    flows: &Flows,
    who: impl Into<Acting>,
    id: RequestId,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let who = who.into();
    again!(once(flows, who, id, now).await)
}

async fn once(
    flows: &Flows,
    who: Acting,
    id: RequestId,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let book = flows.book();
    let asker = who.asker();
    let act = Act::Exercise { right: Right::Access };
    let case = Case::of(who.person(), act, Set::EMPTY, &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let row = tx.case(id).await?.filter(is_request).ok_or(Stop::NotFound)?;
    if !may_cancel(&row, &About::of(&row)?) {
        return Err(Stop::NotNow("this request is not open any more".to_owned()));
    }
    let by = if who.is_guardian() { "guardian" } else { "person" };
    let state = MACHINE.step(&row.state, "cancel", by)?.to_owned();
    let answer = serde_json::json!({ "request": id.to_string(), "state": state });
    tx.stage(Write::DropJob(due_job(id)));
    parting(&mut tx, &row).await?;
    tx.stage(Write::Case(CaseRow { state, open: false, ..row }));
    tx.note(answer.clone());
    let owed = tx.owe(Wiped(answer));
    Ok(tx.record(owed).await?)
}

/// The person takes a request back: a closing as well, with the link of its own mail.
///
/// # Errors
/// `Wrong` for a link that is not the one, `NotNow` for a request that is not open.
pub async fn cancel(
    flows: &Flows,
    ask: Cancel,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let served = flows.regions().contains(&ask.request.region());
    let found = if served { flows.journal().scratch().case(ask.request).await? } else { None };
    let own = found.filter(|(owner, row)| *owner == ask.person && is_request(row));
    let open = own.map(|(_, row)| is_closing(&row)).transpose()?.is_some_and(|it| !it);
    if ask.token.is_none() && open {
        return take_back(flows, ask.person, ask.request, now).await;
    }
    crate::account::cancel(flows, ask, now).await
}

/// The job before the deadline: the desk is reminded of what nobody has answered yet, once.
pub(crate) async fn remind_desk(flows: &Flows, id: RequestId, now: Timestamp) -> Result<(), Stop> {
    again!(remind_once(flows, id, now).await)
}

async fn remind_once(flows: &Flows, id: RequestId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let owner = flows.journal().scratch().case_owner(id).await?.ok_or(Stop::NotFound)?;
    let asker = Asker::new(AskerKind::System, "request-due");
    let act = Act::Exercise { right: Right::Access };
    let mut tx = flows.permit(&book, Case::of(owner, act, Set::EMPTY, &asker), now).await?;
    tx.stage(Write::DropJob(due_job(id)));
    let row = tx.case(id).await?.filter(|it| it.open && is_request(it));
    if let Some(row) = row {
        if is_unproved(&row)? {
            lapse(&mut tx, row).await?;
            let owed = tx.owe(());
            return Ok(tx.record(owed).await.map(drop)?);
        }
        let due = super::mail::day(&book, owner.region(), row.due);
        let note = super::letter::Note::Reminder { right: &row.kind, due: &due };
        super::mail::write_to_desk(flows, &book, &mut tx, (id, &note))?;
        let about = About { reminded: true, ..About::of(&row)? };
        tx.stage(Write::Case(about.put(row)?));
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
