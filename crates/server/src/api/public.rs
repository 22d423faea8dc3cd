//! What everybody may read: the policy's twin, the log, how the server is.

use axum::extract::State;
use flows::notice;
use serde_json::json;

use super::Answer;
use crate::limit::{SECURITY_TXT_DAYS, TILE_PATH_MAX};
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply, clock};

const TEXT: &str = "text/plain; charset=utf-8";
const BYTES: &str = "application/octet-stream";
/// A tile never changes.
const FOR_EVER: u32 = 31_536_000;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// `GET /privacy.json`
pub(crate) async fn twin(State(app): State<App>, query: Query) -> Reply {
    Reply::public(&notice::twin(&app.flows, &query.language))
}

/// `GET /.well-known/gpc.json`
pub(crate) async fn gpc(State(app): State<App>) -> Reply {
    let updated = app.flows.book().policy().header.updated.to_string();
    Reply::public(&json!({ "gpc": true, "lastUpdate": updated }))
}

/// `GET /.well-known/security.txt`
pub(crate) async fn security(State(app): State<App>) -> Reply {
    let book = app.flows.book();
    let header = &book.policy().header;
    let expires = app.now().plus_millis(SECURITY_TXT_DAYS.saturating_mul(DAY_MILLIS));
    let address = &app.flows.settings().address;
    let text = format!(
        "Contact: mailto:{}\nExpires: {}\nPreferred-Languages: {}\nPolicy: {address}/privacy\n\
         Canonical: {address}/.well-known/security.txt\n",
        header.contact.email,
        clock::text(expires),
        header.languages.join(", "),
    );
    Reply::public_bytes(TEXT, text, 0)
}

/// `GET /health`: the process answers.
pub(crate) async fn health() -> Reply {
    Reply::public(&json!({ "status": "ok" }))
}

/// `GET /ready`: and can do its work.
pub(crate) async fn ready(State(app): State<App>) -> Answer {
    if app.draining() {
        return Err(Problem::draining());
    }
    if !app.is_confirmed() {
        return Err(Problem::unconfirmed());
    }
    // Told by the last commit and by a look now and then, so that whoever asks costs no write.
    if flows::security::failed_commits(&app.flows) > 0 {
        return Err(Problem::unwritable());
    }
    // Reads the installation: an answer means that the store does.
    let keys = flows::security::keys(&app.flows).await?;
    drop(keys);
    let book = app.flows.book();
    let mut ready = json!({ "status": "ready", "policy": book.version() });
    // Nothing stops for it: deadlines are for now, and whoever watches hears of it in time.
    let ends: Vec<String> =
        book.policy().calendars_ahead(app.now()).iter().map(ToString::to_string).collect();
    if let Some(fields) = ready.as_object_mut().filter(|_| !ends.is_empty()) {
        fields.insert("calendars".to_owned(), json!(ends));
    }
    Ok(Reply::public(&ready))
}

/// `GET /checkpoint`
pub(crate) async fn checkpoint(State(app): State<App>) -> Answer {
    // Nothing is recorded yet: there is no checkpoint before the first entry.
    file(&app, "checkpoint", (TEXT, 0)).await
}

/// `GET /tile/…`
pub(crate) async fn tile(State(app): State<App>, Path(path): Path<String>) -> Answer {
    let path = format!("tile/{path}");
    if path.len() > TILE_PATH_MAX || !flows::security::is_tile(&path) {
        return Err(Problem::not_found());
    }
    file(&app, &path, (BYTES, FOR_EVER)).await
}

async fn file(app: &App, path: &str, (kind, seconds): (&'static str, u32)) -> Answer {
    let bytes = app.flows.log_file(path).await?.ok_or_else(Problem::not_found)?;
    Ok(Reply::public_bytes(kind, bytes, seconds))
}
