//! The peers: an axum handler over PostgreSQL that reads two values and the consent, writes one audit
//! row and answers, durably. Nothing is sealed, nobody is asked for a key, no session is looked up.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Json, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{post, put};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio_postgres::{Client, Error, NoTls, Statement};

use crate::call::Done;
use crate::http::forms::{Wanted, broken, json as answer};
use crate::peer;
use crate::probe::said;
use crate::seed::Seeded;

const TABLES: &str = "
    create table people (id text primary key, email text not null, language text not null);
    create table consents (
        person text not null, purpose text not null, given boolean not null,
        primary key (person, purpose)
    );
    create table audit (
        id bigint generated always as identity primary key, at timestamptz not null default now(),
        application text not null, person text not null, purpose text not null,
        categories text not null, permitted boolean not null
    )";
const VALUES: &str = "select email, language from people where id = $1";
const CONSENT: &str = "select given from consents where person = $1 and purpose = $2";
const AUDIT: &str = "insert into audit (application, person, purpose, categories, permitted)
    values ('bench', $1, $2, $3, $4) returning id";
const CHANGE: &str = "update consents set given = $3 where person = $1 and purpose = $2";
const USE_AT_ONCE: &str = "
    with held as (select email, language from people where id = $1),
    asked as (select given from consents where person = $1 and purpose = $2),
    noted as (
        insert into audit (application, person, purpose, categories, permitted)
        select 'bench', $1, $2, $3, coalesce((select given from asked), false) from held
        returning id, permitted
    )
    select held.email, held.language, noted.id, noted.permitted from held, noted";
const CHANGE_AT_ONCE: &str = "
    with done as (update consents set given = $3 where person = $1 and purpose = $2 returning person)
    insert into audit (application, person, purpose, categories, permitted)
    select 'person', person, $2, 'consent', $3 from done";

/// Fills the tables with the same people.
///
/// # Errors
/// When the server does not take them.
pub(super) fn fill(dsn: &str, seeded: &Seeded, purpose: &str) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        let client = connect(dsn).await.map_err(said)?;
        client.batch_execute(TABLES).await.map_err(said)?;
        let ids: Vec<String> = seeded.people.iter().map(|it| it.id.to_string()).collect();
        let emails: Vec<&str> = seeded.people.iter().map(|it| it.email.as_str()).collect();
        let people = "insert into people select id, email, 'en' from unnest($1::text[], $2::text[]) \
                      as it (id, email)";
        client.execute(people, &[&ids, &emails]).await.map_err(said)?;
        let consents =
            "insert into consents select id, $2, true from unnest($1::text[]) as it (id)";
        client.execute(consents, &[&ids, &purpose]).await.map_err(said)?;
        // Each by itself: the first is not for a transaction.
        client.batch_execute("vacuum analyze").await.map_err(said)?;
        client.batch_execute("checkpoint").await.map_err(said)
    })
}

async fn connect(dsn: &str) -> Result<Client, Error> {
    let (client, connection) = tokio_postgres::connect(dsn, NoTls).await?;
    // Ends when the client is dropped; its error comes out of the next statement.
    tokio::spawn(async move { connection.await.ok() });
    Ok(client)
}

/// A connection with its statements prepared.
struct Slot {
    client: Client,
    values: Statement,
    consent: Statement,
    audit: Statement,
    change: Statement,
    use_at_once: Statement,
    change_at_once: Statement,
}

/// Connections, taken and given back.
struct Pool {
    free: Mutex<Vec<Slot>>,
    seats: Semaphore,
}

type Shared = Arc<Pool>;

impl Pool {
    async fn open(dsn: &str, size: usize) -> Result<Shared, Error> {
        let mut slots = Vec::new();
        for _ in 0..size {
            let client = connect(dsn).await?;
            slots.push(Slot {
                values: client.prepare(VALUES).await?,
                consent: client.prepare(CONSENT).await?,
                audit: client.prepare(AUDIT).await?,
                change: client.prepare(CHANGE).await?,
                use_at_once: client.prepare(USE_AT_ONCE).await?,
                change_at_once: client.prepare(CHANGE_AT_ONCE).await?,
                client,
            });
        }
        Ok(Arc::new(Self { free: Mutex::new(slots), seats: Semaphore::new(size) }))
    }

    async fn run<T>(
        &self,
        work: impl AsyncFnOnce(&mut Slot) -> Result<T, Error>,
    ) -> Result<T, Response> {
        // Never closed, and there is a slot for each seat.
        let _seat = self.seats.acquire().await.map_err(broken)?;
        let slot = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut slot = slot.ok_or_else(|| broken("no connection"))?;
        let done = work(&mut slot).await;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(slot);
        done.map_err(broken)
    }
}

/// What a use found: the values and the number of the audit row, or nobody.
type Found = Option<(String, String, i64, bool)>;

/// The peer in five round trips: begin, values, consent, audit, commit.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn steps(dsn: &str, size: usize) -> Done {
    let pool = Pool::open(dsn, size).await.map_err(said)?;
    let routes = Router::new()
        .route("/v1/use", post(use_in_steps))
        .route("/v1/consent", put(change_in_steps));
    peer::serve(routes.with_state(pool)).await
}

/// The peer in one statement.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn tuned(dsn: &str, size: usize) -> Done {
    let pool = Pool::open(dsn, size).await.map_err(said)?;
    let routes =
        Router::new().route("/v1/use", post(use_at_once)).route("/v1/consent", put(change_at_once));
    peer::serve(routes.with_state(pool)).await
}

async fn use_in_steps(State(pool): State<Shared>, Json(ask): Json<Wanted>) -> Response {
    let categories = ask.categories.join(",");
    let found = pool.run(async |slot| {
        let Slot { client, values, consent, audit, .. } = slot;
        let tx = client.transaction().await?;
        let Some(held) = tx.query_opt(&*values, &[&ask.person]).await? else {
            tx.rollback().await?;
            return Ok::<Found, Error>(None);
        };
        let given = tx.query_opt(&*consent, &[&ask.person, &ask.purpose]).await?;
        let given = given.is_some_and(|it| it.get(0));
        let wrote =
            tx.query_one(&*audit, &[&ask.person, &ask.purpose, &categories, &given]).await?;
        tx.commit().await?;
        Ok(Some((held.get(0), held.get(1), wrote.get(0), given)))
    });
    found.await.map_or_else(|it| it, |found| reply(&ask, found))
}

async fn use_at_once(State(pool): State<Shared>, Json(ask): Json<Wanted>) -> Response {
    let categories = ask.categories.join(",");
    let found = pool.run(async |slot| {
        let Slot { client, use_at_once, .. } = slot;
        let row =
            client.query_opt(&*use_at_once, &[&ask.person, &ask.purpose, &categories]).await?;
        Ok::<Found, Error>(row.map(|it| (it.get(0), it.get(1), it.get(2), it.get(3))))
    });
    found.await.map_or_else(|it| it, |found| reply(&ask, found))
}

fn reply(ask: &Wanted, found: Found) -> Response {
    let text = |it: Value| it.to_string().into_bytes();
    let Some((email, language, record, permitted)) = found else {
        return answer(404, text(json!({ "title": "there is no such person" })));
    };
    if !permitted {
        let reason = format!("no consent to {}", ask.purpose);
        let said = json!({
            "type": "/problems/refused", "title": "refused", "status": 403, "reason": reason,
            "record": record.to_string(),
        });
        return answer(403, text(said));
    }
    let wanted = |id: &str| ask.categories.iter().any(|it| it == id);
    let held = [("email", email), ("language", language)].into_iter().filter(|(id, _)| wanted(id));
    let values: BTreeMap<&str, String> = held.collect();
    answer(200, text(json!({ "values": values, "refused": [], "record": record.to_string() })))
}

/// A person's answer, as it is sent.
#[derive(Deserialize)]
struct Chosen {
    choices: BTreeMap<String, String>,
}

impl Chosen {
    fn read(&self, headers: &HeaderMap) -> Option<(String, String, bool)> {
        let person = headers.get("x-person")?.to_str().ok()?.to_owned();
        let (purpose, word) = self.choices.first_key_value()?;
        Some((person, purpose.clone(), word == "given"))
    }
}

async fn change_in_steps(
    State(pool): State<Shared>,
    headers: HeaderMap,
    Json(chosen): Json<Chosen>,
) -> Response {
    let Some((person, purpose, given)) = chosen.read(&headers) else {
        return answer(422, b"{}".to_vec());
    };
    let done = pool.run(async |slot| {
        let Slot { client, change, audit, .. } = slot;
        let tx = client.transaction().await?;
        tx.execute(&*change, &[&person, &purpose, &given]).await?;
        tx.query_one(&*audit, &[&person, &purpose, &"consent", &given]).await?;
        tx.commit().await
    });
    done.await.map_or_else(|it| it, |()| answer(200, b"{}".to_vec()))
}

async fn change_at_once(
    State(pool): State<Shared>,
    headers: HeaderMap,
    Json(chosen): Json<Chosen>,
) -> Response {
    let Some((person, purpose, given)) = chosen.read(&headers) else {
        return answer(422, b"{}".to_vec());
    };
    let done = pool.run(async |slot| {
        let Slot { client, change_at_once, .. } = slot;
        client.execute(&*change_at_once, &[&person, &purpose, &given]).await
    });
    done.await.map_or_else(|it| it, |_| answer(200, b"{}".to_vec()))
}
