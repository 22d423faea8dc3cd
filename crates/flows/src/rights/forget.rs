//! The end of what is written in a request: a while after the last word of it the texts go, and that it was
//! asked and how it ended stays.

use decide::id::RequestId;
use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, JobKind, Permit, Tx, Write};

use super::request::is_request;
use crate::engine::{Case, again};
use crate::limit::{DAY_MILLIS, REQUEST_TEXTS_MILLIS};
use crate::{Flows, Stop};

const TEXTS: &str = "request-texts";

fn job(id: RequestId) -> JobKind {
    JobKind::about(TEXTS, id)
}

/// The request of such a job.
pub(super) fn texts_due(kind: &JobKind) -> Option<RequestId> {
    let (word, id) = kind.as_str().split_once('/')?;
    RequestId::parse(id).filter(|_| word == TEXTS)
}

/// Stages when the texts of a request go: anew with each of them.
pub(super) fn plan(tx: &mut Tx<Permit>, id: RequestId) {
    let due = tx.permit().now().plus_millis(REQUEST_TEXTS_MILLIS);
    tx.stage(Write::Job { kind: job(id), due });
}

/// Lets the texts of a request go; one that is still open is looked at again.
pub(super) async fn forget(flows: &Flows, id: RequestId, now: Timestamp) -> Result<(), Stop> {
    again!(once(flows, id, now).await)
}

async fn once(flows: &Flows, id: RequestId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let owner = flows.journal().scratch().case_owner(id).await?.ok_or(Stop::NotFound)?;
    let asker = Asker::new(AskerKind::System, "retention");
    let act = Act::Exercise { right: Right::Delete };
    let mut tx = flows.permit(&book, Case::of(owner, act, Set::EMPTY, &asker), now).await?;
    let found = tx.case(id).await?.filter(is_request);
    match found {
        Some(row) if row.open => {
            let due = now.plus_millis(DAY_MILLIS);
            tx.stage(Write::Job { kind: job(id), due });
        }
        Some(row) => {
            tx.stage(Write::DropJob(job(id)));
            tx.stage(Write::DropNotes { case: row.id, until: u128::MAX });
            tx.stage(Write::Case(CaseRow { sealed: None, ..row }));
        }
        None => tx.stage(Write::DropJob(job(id))),
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
