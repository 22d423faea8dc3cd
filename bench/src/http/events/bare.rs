//! The peer: parses, inserts each event as a row in the clear, answers when it is durable. It decides
//! nothing, scrubs nothing, knows no browser, and seals nothing.

use std::sync::mpsc::{Receiver, Sender, channel};

use axum::Router;
use axum::extract::{Json, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::post;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::oneshot;

use crate::call::Done;
use crate::http::forms::{broken, json as answer};
use crate::peer;
use crate::probe::said;

/// Batches that share a commit, at most.
const SHARED_MAX: usize = 256;
const TABLE: &str = "
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table if not exists events (
        id integer primary key, browser text not null, kind text not null, at text, path text,
        referrer_host text, language text, target text, target_host text
    )";
const INSERT: &str = "insert into events
    (browser, kind, at, path, referrer_host, language, target, target_host)
    values ($1, $2, $3, $4, $5, $6, $7, $8)";

/// An event, as it is sent.
#[derive(Deserialize)]
struct Sent {
    #[serde(rename = "type")]
    kind: String,
    at: Option<String>,
    path: Option<String>,
    referrer_host: Option<String>,
    language: Option<String>,
    target: Option<String>,
    target_host: Option<String>,
}

/// A batch that waits to be durable.
struct Waiting {
    browser: String,
    events: Vec<Sent>,
    done: oneshot::Sender<Result<usize, String>>,
}

/// Serves; `shared` lets what waits share a commit.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn bare(path: &str, shared: bool) -> Done {
    let store = Connection::open(path).map_err(said)?;
    store.execute_batch(TABLE).map_err(said)?;
    let (send, receive) = channel();
    std::thread::spawn(move || write(store, &receive, if shared { SHARED_MAX } else { 1 }));
    let routes = Router::new().route("/v1/events", post(take)).with_state(send);
    peer::serve(routes).await
}

async fn take(
    State(writer): State<Sender<Waiting>>,
    headers: HeaderMap,
    Json(events): Json<Vec<Sent>>,
) -> Response {
    let browser = headers.get("cookie").and_then(|it| it.to_str().ok()).unwrap_or("").to_owned();
    let (done, wrote) = oneshot::channel();
    if writer.send(Waiting { browser, events, done }).is_err() {
        return broken("the writer is gone");
    }
    match wrote.await {
        Ok(Ok(accepted)) => {
            answer(200, json!({ "accepted": accepted, "refused": [] }).to_string().into_bytes())
        }
        Ok(Err(error)) => broken(error),
        Err(error) => broken(error),
    }
}

/// One thread writes: that is the quickest way into SQLite, also with a transaction for each.
fn write(mut store: Connection, receive: &Receiver<Waiting>, most: usize) {
    while let Ok(first) = receive.recv() {
        let mut batch = vec![first];
        while batch.len() < most {
            let Ok(next) = receive.try_recv() else { break };
            batch.push(next);
        }
        let wrote = insert(&mut store, &batch).map_err(said);
        for waiting in batch {
            // Whoever went away is told nothing.
            let count = wrote.clone().map(|()| waiting.events.len());
            waiting.done.send(count).ok();
        }
    }
}

fn insert(store: &mut Connection, batch: &[Waiting]) -> Result<(), rusqlite::Error> {
    let tx = store.transaction()?;
    {
        let mut insert = tx.prepare_cached(INSERT)?;
        for waiting in batch {
            for it in &waiting.events {
                insert.execute((
                    &waiting.browser,
                    &it.kind,
                    &it.at,
                    &it.path,
                    &it.referrer_host,
                    &it.language,
                    &it.target,
                    &it.target_host,
                ))?;
            }
        }
    }
    tx.commit()
}
