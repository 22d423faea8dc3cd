//! Asking (`/v1/decide`) beside a bare handler that reads the same body and answers a constant.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Json, State};
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;
use serde_json::json;

use super::forms;
use super::rounds::{COLUMNS, Rounds, Side, bars, in_turn, rows, times};
use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::dice::Dice;
use crate::kept::Kept;
use crate::load::{Connection, Traffic, request};
use crate::peer::{self, Peer};
use crate::probe::said;
use crate::process;
use crate::report::Report;
use crate::seed::{Person, Seeded, Wanted, seed};

const PEOPLE: usize = 10_000;
const SHORT: usize = 2_000;
/// Of the bare handler's rate, at least.
const SHARE_LEAST: f64 = 0.8;
const BARE: &str = "bare handler";

/// Measures.
///
/// # Errors
/// When a side gives another answer than it must, or a goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "ask: `/v1/decide` over HTTP")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let people = if call.short { SHORT } else { PEOPLE };
    let wanted = Wanted { people, purposes: &["service"], yes: &[] };
    let seeded = Arc::new(seed(folder.path(), wanted)?);
    let kept = Kept::serve(folder.path(), &[])?;
    let answer = one(&kept, &seeded)?;
    let bare = Peer::start(&["ask", &answer], folder.path())?;
    same(&kept, &bare, &seeded, &answer)?;
    report.say(format!(
        "{people} people, one purpose, two categories, permitted in full. Both sides answer the same \
         {} bytes.",
        answer.len()
    ));
    let sides = [
        Side {
            name: "kept",
            address: kept.address,
            ours: true,
            cpu: Box::new(|| process::cpu(kept.id())),
        },
        Side {
            name: BARE,
            address: bare.address,
            ours: false,
            cpu: Box::new(|| process::cpu(bare.id())),
        },
    ];
    let mut drawn = Vec::new();
    for connections in [16, 64] {
        let how = Rounds::of(call, connections);
        let found = in_turn(&sides, how, &|_, place| Ask::new(&seeded, place))?;
        report.say(format!("\n{connections} connections, {} rounds in turn:", how.times));
        report.table(COLUMNS, &rows(&found, 1.0));
        let share = times(&found, BARE);
        let goal = format!("at least {SHARE_LEAST} of the bare handler at {connections}");
        report.goal(&goal, &format!("{share:.2}"), share >= SHARE_LEAST);
        drawn.extend(bars(&found, 1.0, &format!(", {connections}")));
    }
    let chart = Chart {
        title: "Asking over HTTP",
        axis: "answers a second by number of connections; more is better",
        bars: &drawn,
    };
    report.chart("ask", &chart)?;
    report.end()
}

/// What a connection asks: the same of a random person, again and again.
struct Ask {
    dice: Dice,
    seeded: Arc<Seeded>,
}

impl Ask {
    fn new(seeded: &Arc<Seeded>, (round, connection): (usize, usize)) -> Self {
        let seed = u64::try_from(round * 1000 + connection).unwrap_or(0);
        Self { dice: Dice::new(seed), seeded: Arc::clone(seeded) }
    }
}

impl Traffic for Ask {
    fn ask(&mut self, into: &mut Vec<u8>) {
        if let Some(person) = self.seeded.people.get(self.dice.below(self.seeded.people.len())) {
            question(&self.seeded, person, into);
        }
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        if status == 200 { Ok(()) } else { Err(String::from_utf8_lossy(body).into_owned()) }
    }
}

fn question(seeded: &Seeded, person: &Person, into: &mut Vec<u8>) {
    let body = format!(
        "{{\"person\":\"{}\",\"act\":\"use\",\"purpose\":\"service\",\
         \"categories\":[\"email\",\"name\"]}}",
        person.id
    );
    let bearer = format!("Bearer {}", seeded.key);
    request(("POST", "/v1/decide"), &[("authorization", &bearer)], &body, into);
}

/// What ours answers about the first person, as text.
fn one(kept: &Kept, seeded: &Seeded) -> Result<String, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        let mut ours = Connection::open(kept.address).await.map_err(said)?;
        let mut bytes = Vec::new();
        let person = seeded.people.first().ok_or("nobody is there")?;
        question(seeded, person, &mut bytes);
        let (status, body) = ours.call(&bytes).await.map_err(said)?;
        let text = String::from_utf8(body).map_err(said)?;
        if status == 200 { Ok(text) } else { Err(text) }
    })
}

/// Whether both sides answer so about everybody, or about the first thousand.
fn same(kept: &Kept, bare: &Peer, seeded: &Seeded, answer: &str) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        for address in [kept.address, bare.address] {
            let mut side = Connection::open(address).await.map_err(said)?;
            for person in seeded.people.iter().take(1_000) {
                let mut bytes = Vec::new();
                question(seeded, person, &mut bytes);
                let (status, body) = side.call(&bytes).await.map_err(said)?;
                if (status, body.as_slice()) != (200, answer.as_bytes()) {
                    return Err(format!("{address} answers {}", String::from_utf8_lossy(&body)));
                }
            }
        }
        Ok(())
    })
}

/// The question as the bare handler reads it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Question {
    person: String,
    act: String,
    purpose: String,
    categories: Vec<String>,
}

/// The peer: reads, and answers a constant.
///
/// # Errors
/// When it cannot serve.
pub(crate) async fn bare(answer: &str) -> Done {
    let answer = Bytes::copy_from_slice(answer.as_bytes());
    let routes = Router::new().route("/v1/decide", post(constant)).with_state(answer);
    peer::serve(routes).await
}

async fn constant(State(answer): State<Bytes>, Json(question): Json<Question>) -> Response {
    let Question { person, act, purpose, categories } = question;
    if person.is_empty() || act.is_empty() || purpose.is_empty() || categories.is_empty() {
        return forms::json(422, json!({ "detail": "nothing is asked" }).to_string().into_bytes());
    }
    forms::json(200, answer.to_vec())
}
