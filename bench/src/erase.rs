//! Erasure, from the request to its acknowledgement and to the end of the key, for people with few events and with very many,
//! beside a `DELETE` of the same rows in PostgreSQL.

use decide::{PersonId, Signals, Timestamp};
use flows::Flows;
use flows::collection::{Batch, Events};
use flows::consent::{Answered, Choose, Who};
use tokio_postgres::Client;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::gdpr::installation::{DAY, Installation, START, said};
use crate::gdpr::postgres::{connect, settle};
use crate::gdpr::{number, runtime, watch::Times};
use crate::measure::now;
use crate::postgres::Postgres;
use crate::report::Report;

/// Events that a browser sends at once, and that PostgreSQL takes at once.
const BATCH: usize = 1_000;
/// Batches of one person that a day has room for.
const A_DAY: usize = 20;
/// Between the slowest and the fastest size, at most.
const FLAT: f64 = 1.5;
/// Times PostgreSQL, at the largest size.
const GOAL: f64 = 100.0;

/// What was found for people of one size.
struct Found {
    events: usize,
    people: usize,
    /// Until the request was acknowledged: from then on nothing is used any more.
    asked: Times,
    /// Until the key was destroyed too, values and index deleted.
    kept: Times,
    /// After that, and once for everybody: what is left of the keys looked for, records deleted.
    swept: Times,
    postgres: Times,
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let most = number(call, "--events", if call.short { 20_000 } else { 1_000_000 })?;
    let mut report = Report::begin(call, "erase: from request to acknowledgement")?;
    let found = runtime()?.block_on(measure(most))?;
    report.say("");
    report.say(format!(
        "{}, events in a table with an index on the person, one `DELETE` of events and person and one \
         row of the audit in one transaction; the bytes stay in its files until they are vacuumed and \
         written over. Ours with SQLite. *Asked*: `DELETE /v1/me` would answer, and nothing is used \
         any more. *Erased*: that, and the worker has destroyed the key, deleted values and index: \
         nobody can open anything again. Goals are held to both. *Swept*: after all of a size, once for \
         all of them, in the background: records deleted, the write-ahead logs emptied, the raw bytes \
         looked through for what is left of the keys. Events stay behind, sealed under a key that is no more. They came in batches of 1,000. \
         The sides in turn, medians.",
        Postgres::version()
    ));
    let rows = found.iter().map(|it| {
        let (ours, theirs) = (it.kept.within(500), it.postgres.within(500));
        let cells = [it.events.to_string(), it.people.to_string()];
        let asked = it.asked.within(500);
        let times = [asked, ours, it.kept.within(1_000), theirs, it.postgres.within(1_000)];
        let swept = it.swept.within(500);
        let times = times.iter().chain([&swept]).map(|it| format!("{it:.1}"));
        let ratio = [format!("{:.1}", theirs / ours)];
        cells.into_iter().chain(times).chain(ratio).collect::<Vec<_>>()
    });
    let columns = [
        "events",
        "people",
        "kept asked, ms",
        "erased, ms",
        "slowest",
        "PostgreSQL, ms",
        "slowest",
        "swept, ms",
        "times ours",
    ];
    report.table(&columns, &rows.collect::<Vec<_>>());
    goals(&mut report, &found);
    let bars: Vec<Bar> = found.iter().flat_map(bars).collect();
    let chart = Chart {
        title: "Erasing a person",
        axis: "milliseconds from request to acknowledgement; less is better",
        bars: &bars,
    };
    report.chart("erase", &chart)?;
    report.end()
}

fn goals(report: &mut Report, found: &[Found]) {
    let ways: [(&str, fn(&Found) -> &Times); 2] =
        [("asked", |it| &it.asked), ("erased", |it| &it.kept)];
    for (word, of) in ways {
        let medians: Vec<f64> = found.iter().map(|it| of(it).within(500)).collect();
        let least = medians.iter().copied().fold(f64::INFINITY, f64::min);
        let flat = medians.iter().copied().fold(0.0, f64::max) / least;
        let goal = format!("{word}: flat within 1.5 times");
        report.goal(&goal, &format!("{flat:.2} times"), flat <= FLAT);
        if let Some(last) = found.last() {
            let ratio = last.postgres.within(500) / of(last).within(500);
            let goal = format!("{word}: at least 100 times quicker at {} events", last.events);
            report.goal(&goal, &format!("{ratio:.1} times"), ratio >= GOAL);
        }
    }
}

fn bars(found: &Found) -> [Bar; 3] {
    let bar = |name: &str, times: &Times, ours: bool| Bar {
        label: format!("{name}, {} events", found.events),
        value: times.within(500),
        note: format!("{:.1} ms", times.within(500)),
        ours,
    };
    [
        bar("kept, asked", &found.asked, true),
        bar("kept, erased", &found.kept, true),
        bar("PostgreSQL", &found.postgres, false),
    ]
}

async fn measure(most: usize) -> Result<Vec<Found>, String> {
    let sizes = [(10, 15), ((most / 100).max(1), 9), (most, 3)];
    let Prepared { house, mut client, people, _server } = prepare(&sizes).await?;
    let mut found = Vec::new();
    for (events, people) in people {
        found.push(erase(&house.flows, &mut client, (events, people)).await?);
    }
    Ok(found)
}

/// People with events, the same on both sides.
pub(crate) struct Prepared {
    pub(crate) house: Installation,
    pub(crate) client: Client,
    /// For each size its people, with the day of their last event.
    pub(crate) people: Vec<(usize, Vec<(PersonId, Timestamp)>)>,
    /// Ends with it.
    _server: Postgres,
}

/// So many people of each size, and one more of ten events before each size, who is not counted.
pub(crate) async fn prepare(sizes: &[(usize, usize)]) -> Result<Prepared, String> {
    let house = Installation::new(1_000, 4).await?;
    let server = Postgres::start()?;
    let client = connect(&server.dsn()).await?;
    client.batch_execute(SCHEMA).await.map_err(said)?;
    let mut people = Vec::new();
    for (events, count) in sizes {
        let mut of = Vec::new();
        for number in 0..=*count {
            let events = if number == 0 { 10 } else { *events };
            let person = visitor(&house.flows).await?;
            let last = send(&house.flows, person, events).await?;
            put(&client, person, events).await?;
            of.push((person, last));
        }
        people.push((*events, of));
    }
    settle(&client).await?;
    while house.flows.sequence(START).await.map_err(said)? > 0 {}
    Ok(Prepared { house, client, people, _server: server })
}

/// Each in turn, on both sides.
async fn erase(
    flows: &Flows,
    client: &mut Client,
    (events, people): (usize, Vec<(PersonId, Timestamp)>),
) -> Result<Found, String> {
    let (mut asked, mut kept, mut swept, mut postgres) =
        (Times::default(), Times::default(), Times::default(), Times::default());
    let latest = people.iter().map(|(_, last)| *last).max().ok_or("nobody is to be erased")?;
    // The first is not counted: with it comes a sweep, and the next one comes after everybody.
    let mut people = people.iter();
    if let Some((person, _)) = people.next() {
        flows::retention::work(flows, latest).await.map_err(said)?;
        let closed = flows::account::close(flows, *person, (None, None), latest).await;
        drop(closed.map_err(said)?.into_inner());
        flows::retention::work(flows, latest).await.map_err(said)?;
    }
    for (person, _) in people {
        let last = &latest;
        let begun = now();
        let closed = flows::account::close(flows, *person, (None, None), *last).await;
        drop(closed.map_err(said)?.into_inner());
        asked.push(begun.elapsed());
        let worked = flows::retention::work(flows, *last).await.map_err(said)?;
        kept.push(begun.elapsed());
        if worked.done != 1 {
            return Err(format!("{worked:?}, and one was to be erased"));
        }
        let begun = now();
        let gone = delete(client, *person).await?;
        postgres.push(begun.elapsed());
        if gone != u64::try_from(events).unwrap_or(0) {
            return Err(format!("PostgreSQL deleted {gone} events of {events}"));
        }
        let left = flows::rights::data(flows, *person, "en", *last).await;
        if !matches!(left, Err(flows::Stop::Gone)) {
            return Err("somebody who was erased is still there".to_owned());
        }
    }
    let begun = now();
    flows::retention::work(flows, latest.plus_millis(DAY / 25)).await.map_err(said)?;
    swept.push(begun.elapsed());
    Ok(Found { events, people: kept.count(), asked, kept, swept, postgres })
}

/// A browser that agreed to being counted.
async fn visitor(flows: &Flows) -> Result<PersonId, String> {
    let book = flows.book();
    let home = book.home().ok_or("the policy has no region")?;
    let ask = Choose {
        who: Who::Nobody,
        choices: vec![("improve".to_owned(), "given".to_owned())],
        text_hash: flows::consent::text_hash(&book, home, "en"),
        language: "en".to_owned(),
        signals: Signals::default(),
        screen: "banner".to_owned(),
        idempotency: None,
    };
    match flows::consent::choose(flows, ask, START).await.map_err(said)? {
        Answered::Known(recorded) => {
            let browser = recorded.into_inner().browser.ok_or("no browser is known")?;
            let who = flows::account::who(flows, &browser, START).await.map_err(said)?;
            who.ok_or_else(|| "the browser that agreed is not known".to_owned())
        }
        Answered::Nobody(_) => Err("a browser that agreed is nobody".to_owned()),
    }
}

/// Sends that many events, over as many days as have room for them; answers the last day.
async fn send(flows: &Flows, person: PersonId, events: usize) -> Result<Timestamp, String> {
    let mut now = START;
    let (mut left, mut batches) = (events, 0_usize);
    while left > 0 {
        if batches > 0 && batches.is_multiple_of(A_DAY) {
            now = now.plus_millis(DAY);
        }
        let n = left.min(BATCH);
        let json = serde_json::json!((0..n).map(event).collect::<Vec<_>>()).to_string();
        let ask = Events {
            who: Some(person),
            batch: Batch::read(flows.book(), json.as_bytes()).map_err(said)?,
            signals: Signals::default(),
            address: None,
            browser: "",
        };
        let judged = flows::collection::events(flows, ask, now).await.map_err(said)?;
        let accepted: usize = judged.recorded.into_iter().map(|it| it.into_inner().accepted).sum();
        if accepted != n {
            return Err(format!("{accepted} of {n} events were taken in"));
        }
        left -= n;
        batches += 1;
    }
    Ok(now)
}

fn event(number: usize) -> serde_json::Value {
    let path = format!("/pages/{}", number % 97);
    serde_json::json!({ "type": "page-view", "path": path, "language": "en" })
}

const SCHEMA: &str = "
    CREATE TABLE people (id text PRIMARY KEY, state text NOT NULL);
    CREATE TABLE events (
        id bigserial PRIMARY KEY, person text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
        kind text NOT NULL, path text NOT NULL, language text NOT NULL);
    CREATE INDEX ON events (person);
    CREATE TABLE audit (
        id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
        op text NOT NULL, about text NOT NULL);
";

async fn put(client: &Client, person: PersonId, events: usize) -> Result<(), String> {
    let person = person.to_string();
    let one = "INSERT INTO people VALUES ($1, 'visitor')";
    client.execute(one, &[&person]).await.map_err(said)?;
    let all = "INSERT INTO events (person, kind, path, language) \
               SELECT $1, 'page-view', '/pages/' || n % 97, 'en' FROM generate_series(1, $2) AS n";
    let events = i32::try_from(events).unwrap_or(i32::MAX);
    client.execute(all, &[&person, &events]).await.map(drop).map_err(said)
}

async fn delete(client: &mut Client, person: PersonId) -> Result<u64, String> {
    let person = person.to_string();
    let tx = client.transaction().await.map_err(said)?;
    let gone =
        tx.execute("DELETE FROM events WHERE person = $1", &[&person]).await.map_err(said)?;
    tx.execute("DELETE FROM people WHERE id = $1", &[&person]).await.map_err(said)?;
    let audit = "INSERT INTO audit (op, about) VALUES ('erase', $1)";
    tx.execute(audit, &[&person]).await.map_err(said)?;
    tx.commit().await.map_err(said)?;
    Ok(gone)
}
