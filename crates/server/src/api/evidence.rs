//! Evidence: clause by clause, whether this program keeps it, and what is overdue under it.

use axum::extract::State;
use flows::notice::evidence::evidence;
use flows::security::Role;

use super::Answer;
use crate::credentials::Staff;
use crate::query::Query;
use crate::{App, Reply};

/// `GET /v1/evidence`
pub(crate) async fn show(State(app): State<App>, staff: Staff, query: Query) -> Answer {
    staff.may_any(&[Role::Officer, Role::Auditor, Role::Engineer])?;
    Ok(Reply::public(&evidence(&app.flows, &query.language, app.now()).await?))
}
