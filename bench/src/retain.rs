//! Retention: values whose time is over go, beside a `DELETE` in batches in PostgreSQL.

use std::sync::Arc;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::gdpr::installation::{DAY, Installation, START, said};
use crate::gdpr::postgres::{connect, settle};
use crate::gdpr::record::{FIELDS, Slot};
use crate::gdpr::{number, runtime};
use crate::measure::{count, now};
use crate::postgres::Postgres;
use crate::report::Report;

/// Rows that PostgreSQL deletes in one transaction.
const BATCH: i64 = 10_000;
/// Values that one person has.
const EACH: usize = FIELDS;
/// Times PostgreSQL.
const GOAL: f64 = 3.0;

/// What was found, in seconds.
struct Found {
    kept: f64,
    postgres: f64,
    values: usize,
    people: usize,
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let values = number(call, "--values", if call.short { 5_000 } else { 1_000_000 })?;
    let mut report = Report::begin(call, "retain: values whose time is over")?;
    let found = runtime()?.block_on(measure((values / EACH).max(1)))?;
    report.say("");
    report.say(format!(
        "{} values of {} people, all due. {}: a table with an index on the due time, `DELETE` in \
         batches of {BATCH}, each durable, with one row of the audit a batch. Ours with SQLite: the \
         worker takes job after job, reads the person, asks the decision, deletes what is due, and \
         records that, which the person can read.",
        found.values,
        found.people,
        Postgres::version(),
    ));
    let rate = |seconds: f64| count(found.values) / seconds;
    let (ours, theirs) = (rate(found.kept), rate(found.postgres));
    let row = |name: &str, seconds: f64, rate: f64| {
        let each = seconds / count(found.people) * 1e6;
        let cells = [format!("{seconds:.2}"), format!("{rate:.0}"), format!("{each:.0}")];
        std::iter::once(name.to_owned()).chain(cells).collect::<Vec<_>>()
    };
    let rows = [row("kept", found.kept, ours), row("PostgreSQL", found.postgres, theirs)];
    report.table(&["side", "seconds", "values a second", "µs a person"], &rows);
    let ratio = ours / theirs;
    let said = format!("{ratio:.2} times");
    report.goal("at least 3 times PostgreSQL", &said, ratio >= GOAL);
    let bar = |label: &str, value: f64, ours: bool| Bar {
        label: label.to_owned(),
        value,
        note: format!("{value:.0}/s"),
        ours,
    };
    let bars = [bar("kept", ours, true), bar("PostgreSQL", theirs, false)];
    let title = "Values that are due";
    report
        .chart("retain", &Chart { title, axis: "deleted a second; more is better", bars: &bars })?;
    report.end()
}

async fn measure(people: usize) -> Result<Found, String> {
    let values = people * EACH;
    let house = Arc::new(Installation::new(people, EACH).await?);
    let server = Postgres::start()?;
    let postgres = in_postgres(&server, people).await?;
    let later = START.plus_millis(400 * DAY);
    let begun = now();
    let worked = flows::retention::work(&house.flows, later).await.map_err(said)?;
    let kept = begun.elapsed().as_secs_f64();
    if worked.done < people || worked.later > 0 {
        return Err(format!("{worked:?} of {people} people"));
    }
    for number in [0, people / 2, people - 1] {
        let person = house.person(number)?;
        let data = flows::rights::data(&house.flows, person, "en", later).await.map_err(said)?;
        if !data.into_inner().data.is_empty() {
            return Err("a value that was due is still there".to_owned());
        }
    }
    Ok(Found { kept, postgres, values, people })
}

/// Seconds for PostgreSQL to delete the same values.
async fn in_postgres(server: &Postgres, people: usize) -> Result<f64, String> {
    let mut client = connect(&server.dsn()).await?;
    let schema = "CREATE TABLE held (
            id bigserial PRIMARY KEY, person bigint NOT NULL, category text NOT NULL,
            data text NOT NULL, due timestamptz NOT NULL, UNIQUE (person, category));
        CREATE INDEX ON held (due);
        CREATE TABLE audit (id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
            op text NOT NULL, rows bigint NOT NULL);";
    client.batch_execute(schema).await.map_err(said)?;
    let mut put = 0_u64;
    for person in 0..people {
        if person % 400 != 0 {
            continue;
        }
        let upto = (person + 400).min(people);
        let slots: Vec<Slot> = (person..upto)
            .flat_map(|person| (0..EACH).map(move |place| Slot { person, place }))
            .collect();
        let of = |it: &Slot| i64::try_from(it.person).unwrap_or(0);
        let who: Vec<i64> = slots.iter().map(of).collect();
        let what: Vec<String> = slots.iter().map(|it| format!("f{:02}", it.field())).collect();
        let data: Vec<String> = slots.iter().map(|it| it.data(0)).collect();
        let insert = "INSERT INTO held (person, category, data, due) \
                      SELECT p, c, d, now() - interval '1 minute' \
                      FROM unnest($1::bigint[], $2::text[], $3::text[]) AS t (p, c, d)";
        put += client.execute(insert, &[&who, &what, &data]).await.map_err(said)?;
    }
    settle(&client).await?;
    let delete = "DELETE FROM held WHERE id IN \
                  (SELECT id FROM held WHERE due <= now() ORDER BY due, id LIMIT $1)";
    let begun = now();
    let mut gone = 0;
    loop {
        let tx = client.transaction().await.map_err(said)?;
        let rows = tx.execute(delete, &[&BATCH]).await.map_err(said)?;
        let marked = i64::try_from(rows).unwrap_or(0);
        let audit = "INSERT INTO audit (op, rows) VALUES ('retention', $1)";
        tx.execute(audit, &[&marked]).await.map_err(said)?;
        tx.commit().await.map_err(said)?;
        gone += rows;
        if rows == 0 {
            break;
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    if gone == put { Ok(seconds) } else { Err(format!("PostgreSQL deleted {gone} of {put}")) }
}
