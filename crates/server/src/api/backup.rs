//! Backups: when the last one was made, and one more.

use axum::extract::State;
use flows::security::{Role, back_up_now, backup_seen};

use super::Answer;
use crate::credentials::Staff;
use crate::{App, Reply};

/// `GET /v1/backup`
pub(crate) async fn show(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(&[Role::Engineer, Role::Officer, Role::Auditor])?;
    Ok(Reply::public(&backup_seen(&app.flows).await?))
}

/// `POST /v1/backup`: has one made now; the answer does not wait for it.
pub(crate) async fn make(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(&[Role::Engineer, Role::Officer])?;
    let seen = back_up_now(&app.flows, app.now()).await?;
    app.woken.notify_one();
    Ok(Reply::public(&seen).with_status(202))
}
