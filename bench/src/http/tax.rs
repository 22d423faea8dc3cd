//! The tax: the same handler with everything on (decision, seals, durable record) and with everything
//! off (the same two values read in the clear), in the same binary.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Json, State};
use axum::response::Response;
use axum::routing::post;
use flows::purpose::{Use, use_values};
use flows::security::{Caller, caller};
use flows::{Flows, PersonId, Secret, Stop};
use rusqlite::Connection as Sqlite;
use serde_json::{Value, json};

use super::forms::{self, Wanted, broken, json as answer};
use super::rounds::{COLUMNS, Rounds, Side, bars, in_turn, rows, times};
use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::dice::Dice;
use crate::load::{Connection, Traffic, request};
use crate::measure::wall;
use crate::peer::{self, Peer};
use crate::probe::said;
use crate::process;
use crate::report::Report;
use crate::seed::{self, Person, Seeded, seed};

const PEOPLE: usize = 10_000;
const SHORT: usize = 2_000;
const PURPOSE: &str = "survey";
const OFF: &str = "everything off";
/// Of the rate with everything off, at least.
const SHARE_LEAST: f64 = 0.8;
/// Connections for reading, one for each that may be at work.
const READERS: usize = 16;

/// Measures.
///
/// # Errors
/// When the two give different answers, or the goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "tax: everything on and everything off, in one binary")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let people = if call.short { SHORT } else { PEOPLE };
    let wanted = seed::Wanted { people, purposes: &[PURPOSE], yes: &[PURPOSE] };
    let seeded = Arc::new(seed(folder.path(), wanted)?);
    let clear = folder.path().join("clear.db");
    fill(&clear, &seeded)?;
    let at = folder.path().display().to_string();
    let on = Peer::start(&["tax-on", &at, &seeded.key], folder.path())?;
    let off = Peer::start(&["tax-off", &clear.display().to_string()], folder.path())?;
    same(&on, &off, &seeded)?;
    let side = |name, peer: &Peer, ours| {
        let id = peer.id();
        Side { name, address: peer.address, ours, cpu: Box::new(move || process::cpu(id)) }
    };
    let sides = [side("everything on", &on, true), side(OFF, &off, false)];
    let mut drawn = Vec::new();
    for connections in [16, 256] {
        let how = Rounds::of(call, connections);
        let found = in_turn(&sides, how, &|_, place| Same::new(&seeded, place))?;
        report.say(format!("\n{connections} connections, {} rounds in turn:", how.times));
        report.table(COLUMNS, &rows(&found, 1.0));
        let share = times(&found, OFF);
        let goal = format!("at least {SHARE_LEAST} of everything off at {connections}");
        report.goal(&goal, &format!("{share:.2}"), share >= SHARE_LEAST);
        drawn.extend(bars(&found, 1.0, &format!(", {connections}")));
    }
    let chart = Chart {
        title: "What everything costs together",
        axis: "answers a second by number of connections; more is better",
        bars: &drawn,
    };
    report.chart("tax", &chart)?;
    report.end()
}

/// The same use of random people.
struct Same {
    dice: Dice,
    seeded: Arc<Seeded>,
}

impl Same {
    fn new(seeded: &Arc<Seeded>, (round, connection): (usize, usize)) -> Self {
        let seed = u64::try_from(round * 1000 + connection).unwrap_or(0);
        Self { dice: Dice::new(seed), seeded: Arc::clone(seeded) }
    }
}

impl Traffic for Same {
    fn ask(&mut self, into: &mut Vec<u8>) {
        if let Some(person) = self.seeded.people.get(self.dice.below(self.seeded.people.len())) {
            question(person, into);
        }
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        if status == 200 { Ok(()) } else { Err(String::from_utf8_lossy(body).into_owned()) }
    }
}

fn question(person: &Person, into: &mut Vec<u8>) {
    let body = format!(
        "{{\"person\":\"{}\",\"purpose\":\"{PURPOSE}\",\"categories\":[\"email\",\"language\"]}}",
        person.id
    );
    request(("POST", "/v1/use"), &[], &body, into);
}

/// Whether both answer the same values.
fn same(on: &Peer, off: &Peer, seeded: &Seeded) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        let mut first = Connection::open(on.address).await.map_err(said)?;
        let mut second = Connection::open(off.address).await.map_err(said)?;
        for person in seeded.people.iter().take(1_000) {
            let mut bytes = Vec::new();
            question(person, &mut bytes);
            let (ours, theirs) =
                (forms::ask(&mut first, &bytes).await?, forms::ask(&mut second, &bytes).await?);
            let values = |(status, it): &(u16, Value)| (*status, it.get("values").cloned());
            if values(&ours) != values(&theirs) || ours.0 != 200 {
                return Err(format!("on answers {ours:?}, off {theirs:?}"));
            }
        }
        Ok(())
    })
}

/// The values in the clear.
fn fill(path: &Path, seeded: &Seeded) -> Done {
    let mut store = Sqlite::open(path).map_err(said)?;
    store
        .execute_batch(
            "pragma journal_mode = wal;
             create table people (id text primary key, email text, language text) without rowid",
        )
        .map_err(said)?;
    let tx = store.transaction().map_err(said)?;
    for person in &seeded.people {
        let row = (person.id.to_string(), &person.email);
        tx.execute("insert into people values ($1, $2, 'en')", row).map_err(said)?;
    }
    tx.commit().map_err(said)
}

/// Everything on: the product's own verb behind the bench's handler.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn on(folder: &Path, key: &str) -> Done {
    let flows = seed::open(folder).await?;
    let caller = caller(&flows, &Secret::given(key)).await.map_err(|it| format!("{it:?}"))?;
    let caller = caller.ok_or("the key is not known")?;
    let routes = Router::new().route("/v1/use", post(use_on)).with_state((flows, Arc::new(caller)));
    peer::serve(routes).await
}

async fn use_on(
    State((flows, caller)): State<(Flows, Arc<Caller>)>,
    Json(ask): Json<Wanted>,
) -> Response {
    let Some(person) = PersonId::parse(&ask.person) else { return broken("no such id") };
    let ask = Use { person, purpose: ask.purpose, categories: ask.categories };
    match use_values(&flows, &caller, &ask, wall()).await {
        Ok(used) => match serde_json::to_vec(&used.into_inner()) {
            Ok(body) => answer(200, body),
            Err(error) => broken(error),
        },
        Err(Stop::Refused(_)) => answer(403, b"{}".to_vec()),
        Err(stop) => broken(format!("{stop:?}")),
    }
}

type Readers = Arc<Vec<Mutex<Sqlite>>>;

/// Everything off: no key, no decision, no seal, no record; two columns of one row.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn off(path: &str) -> Done {
    let open = || {
        let store = Sqlite::open(path)?;
        store.execute_batch("pragma query_only = on; pragma mmap_size = 268435456")?;
        Ok(Mutex::new(store))
    };
    let readers: Result<Vec<_>, rusqlite::Error> = (0..READERS).map(|_| open()).collect();
    let readers: Readers = Arc::new(readers.map_err(said)?);
    let routes = Router::new().route("/v1/use", post(use_off)).with_state(readers);
    peer::serve(routes).await
}

async fn use_off(State(readers): State<Readers>, Json(ask): Json<Wanted>) -> Response {
    match read(&readers, &ask.person) {
        Ok((email, language)) => {
            let values = json!({ "email": email, "language": language });
            answer(200, json!({ "values": values, "refused": [] }).to_string().into_bytes())
        }
        Err(error) => broken(error),
    }
}

/// A point read takes microseconds: it is done where it is asked for.
fn read(readers: &Readers, person: &str) -> Result<(String, String), rusqlite::Error> {
    let free = readers.iter().find_map(|it| it.try_lock().ok());
    let first = || readers.first().map(|it| it.lock().unwrap_or_else(PoisonError::into_inner));
    let Some(store) = free.or_else(first) else { return Err(rusqlite::Error::InvalidQuery) };
    let mut read = store.prepare_cached("select email, language from people where id = $1")?;
    read.query_row([person], |row| Ok((row.get(0)?, row.get(1)?)))
}
