//! Access: a person asks what is held of them, with few events and with very many, beside a `SELECT` of
//! the same rows in PostgreSQL and the audit row that goes with it.

use decide::{PersonId, Timestamp};
use flows::Flows;
use flows::rights::Piece;
use tokio_postgres::Client;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::erase::{Prepared, prepare};
use crate::gdpr::installation::said;
use crate::gdpr::{number, runtime, watch::Times};
use crate::measure::now;
use crate::postgres::Postgres;
use crate::report::Report;

/// Between the slowest and the fastest size, at most.
const FLAT: f64 = 1.5;

/// What was found for people of one size.
struct Found {
    events: usize,
    people: usize,
    /// Until the page was there that shows what is held.
    shown: Times,
    /// Until everything was handed out, piece by piece.
    exported: Times,
    postgres: Times,
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let most = number(call, "--events", if call.short { 20_000 } else { 1_000_000 })?;
    let mut report = Report::begin(call, "access: from request to what is held")?;
    let found = runtime()?.block_on(measure(most))?;
    report.say("");
    report.say(format!(
        "{}, `SELECT` of everything with the person in one statement, turned into JSON, and one row of \
         the audit. *Shown*: `GET /v1/me/data`, values and the newest events, decided and recorded: the \
         answer that a person waits for. *Exported*: all of it, in pieces of at most 32 MiB, each \
         decided, opened and recorded. Both sides hand out the same number of events.",
        Postgres::version()
    ));
    let rows = found.iter().map(|it| {
        let cells = [it.events.to_string(), it.people.to_string()];
        let (shown, exported) = (it.shown.within(500), it.exported.within(500));
        let theirs = it.postgres.within(500);
        let times = [shown, it.shown.within(1_000), exported, theirs].map(|it| format!("{it:.1}"));
        let ratio = [format!("{:.2}", theirs / exported)];
        cells.into_iter().chain(times).chain(ratio).collect::<Vec<_>>()
    });
    let columns = [
        "events",
        "people",
        "shown, ms",
        "slowest",
        "exported, ms",
        "PostgreSQL, ms",
        "times ours",
    ];
    report.table(&columns, &rows.collect::<Vec<_>>());
    let medians: Vec<f64> = found.iter().map(|it| it.shown.within(500)).collect();
    let least = medians.iter().copied().fold(f64::INFINITY, f64::min);
    let flat = medians.iter().copied().fold(0.0, f64::max) / least;
    report.goal("shown: flat within 1.5 times", &format!("{flat:.2} times"), flat <= FLAT);
    let bars: Vec<Bar> = found.iter().flat_map(bars).collect();
    let chart = Chart {
        title: "Asking what is held",
        axis: "milliseconds from request to answer; less is better",
        bars: &bars,
    };
    report.chart("access", &chart)?;
    report.end()
}

fn bars(found: &Found) -> [Bar; 3] {
    let bar = |name: &str, times: &Times, ours: bool| Bar {
        label: format!("{name}, {} events", found.events),
        value: times.within(500),
        note: format!("{:.1} ms", times.within(500)),
        ours,
    };
    [
        bar("kept, shown", &found.shown, true),
        bar("kept, exported", &found.exported, true),
        bar("PostgreSQL, exported", &found.postgres, false),
    ]
}

async fn measure(most: usize) -> Result<Vec<Found>, String> {
    let sizes = [(10, 15), ((most / 100).max(1), 9), (most, 3)];
    let Prepared { house, client, people, .. } = &prepare(&sizes).await?;
    let mut found = Vec::new();
    for (events, people) in people {
        found.push(access(&house.flows, client, (*events, people)).await?);
    }
    Ok(found)
}

/// Each in turn, on both sides. The first one warms what is cold, and is not counted.
async fn access(
    flows: &Flows,
    client: &Client,
    (events, people): (usize, &[(PersonId, Timestamp)]),
) -> Result<Found, String> {
    let (mut shown, mut exported, mut postgres) =
        (Times::default(), Times::default(), Times::default());
    for (number, (person, last)) in people.iter().enumerate() {
        let begun = now();
        let data = flows::rights::data(flows, *person, "en", *last).await.map_err(said)?;
        drop(data.into_inner());
        let seen = begun.elapsed();
        let begun = now();
        let ours = export(flows, *person, *last).await?;
        let whole = begun.elapsed();
        let begun = now();
        let theirs = select(client, *person).await?;
        let beside = begun.elapsed();
        if ours != theirs || (number > 0 && ours != events) {
            return Err(format!("{ours} events of ours, {theirs} of PostgreSQL's, {events} sent"));
        }
        if number > 0 {
            shown.push(seen);
            exported.push(whole);
            postgres.push(beside);
        }
    }
    Ok(Found { events, people: shown.count(), shown, exported, postgres })
}

/// Everything, piece by piece; answers how many events.
async fn export(flows: &Flows, person: PersonId, now: Timestamp) -> Result<usize, String> {
    let (mut piece, mut events) = (Piece::first("en"), 0);
    loop {
        let done = flows::rights::export_piece(flows, person, &piece, now).await.map_err(said)?;
        let export = done.into_inner().0;
        let of = |name: &str| export.get(name).cloned().unwrap_or_default();
        events += of("events").as_array().map_or(0, Vec::len);
        match of("next").as_str() {
            Some(next) => piece.cursor = Some(next.to_owned()),
            None => return Ok(events),
        }
    }
}

async fn select(client: &Client, person: PersonId) -> Result<usize, String> {
    let person = person.to_string();
    let all = "SELECT coalesce(json_agg(e), '[]')::text, count(*) FROM events e WHERE person = $1";
    let row = client.query_one(all, &[&person]).await.map_err(said)?;
    let (text, n): (String, i64) = (row.get(0), row.get(1));
    drop(text);
    let audit = "INSERT INTO audit (op, about) VALUES ('access', $1)";
    client.execute(audit, &[&person]).await.map_err(said)?;
    usize::try_from(n).map_err(said)
}
