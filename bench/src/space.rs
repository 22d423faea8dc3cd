//! Space: bytes on the disk for each byte of personal data, with keys, records and log, beside
//! PostgreSQL with its indexes and Redis with its sets.

use std::path::Path;
use std::sync::Arc;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::gdpr::installation::{Installation, START, said};
use crate::gdpr::record::{HELD, personal_bytes};
use crate::gdpr::redis::Redis;
use crate::gdpr::{kept, number, postgres, redis, runtime};
use crate::postgres::Postgres;
use crate::report::Report;

/// Bytes on the disk for each byte of personal data, at most.
const GOAL: f64 = 3.2;

/// Bytes of each side, and what they are for.
struct Found {
    /// A line for each part: whose, what, bytes.
    parts: Vec<(&'static str, String, u64)>,
    personal: u64,
    records: usize,
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let records = number(call, "--records", if call.short { 2_000 } else { 100_000 })?;
    let mut report =
        Report::begin(call, "space: bytes on the disk for each byte of personal data")?;
    let found = runtime()?.block_on(measure((records / HELD).max(25)))?;
    report.say("");
    report.say(format!(
        "{} records of GDPRbench; {} bytes of personal data, counted as it writes them: key, data and \
         each field of the metadata, {:.0} bytes a record. {}, {}. Every side holds one row or entry of \
         its audit for each record put in.",
        found.records,
        found.personal,
        ratio(found.personal, u64::try_from(found.records).unwrap_or(1)),
        Postgres::version(),
        Redis::version(),
    ));
    let rows = found.parts.iter().map(|(side, what, bytes)| {
        let times = format!("{:.2}", ratio(*bytes, found.personal));
        vec![format!("{side}: {what}"), bytes.to_string(), times]
    });
    report.table(&["side", "bytes", "for each personal byte"], &rows.collect::<Vec<_>>());
    let bars: Vec<Bar> =
        ["kept, put in one by one", "kept, ten in one outcome", "PostgreSQL", "Redis"]
            .iter()
            .map(|side| {
                let times = found.times(side);
                let ours = side.starts_with("kept");
                Bar { label: (*side).to_owned(), value: times, note: format!("{times:.2}×"), ours }
            })
            .collect();
    let ours = found.times("kept, put in one by one");
    let together = found.times("kept, ten in one outcome");
    report.goal("at most 3.2, each record put in by itself", &format!("{ours:.2}"), ours <= GOAL);
    let goal = "at most 3.2, ten records of a person in one outcome";
    report.goal(goal, &format!("{together:.2}"), together <= GOAL);
    let axis = "bytes on the disk for each byte of personal data; less is better";
    report.chart("space", &Chart { title: "Space", axis, bars: &bars })?;
    report.end()
}

fn ratio(bytes: u64, of: u64) -> f64 {
    let float = |it: u64| u32::try_from(it / 16).map_or(f64::NAN, f64::from);
    float(bytes * 16) / float(of * 16)
}

impl Found {
    fn times(&self, side: &str) -> f64 {
        let all = self.parts.iter().find(|(it, what, _)| *it == side && what == ALL);
        all.map_or(f64::NAN, |(_, _, bytes)| ratio(*bytes, self.personal))
    }
}

/// The line that says all of a side.
const ALL: &str = "all";

async fn measure(people: usize) -> Result<Found, String> {
    let mut parts = Vec::new();
    let house = Arc::new(Installation::new(people, 0).await?);
    kept::load(&kept::Asker::new(Arc::clone(&house), 0).await?, &[]).await?;
    ours(&mut parts, "kept, put in one by one", house).await?;
    let house = Arc::new(Installation::new(people, HELD).await?);
    ours(&mut parts, "kept, ten in one outcome", house).await?;
    let server = Postgres::start()?;
    postgres::load(&server.dsn(), people, &[]).await?;
    let client = postgres::connect(&server.dsn()).await?;
    let size = |what: &'static str, sql: &'static str| (what, sql);
    for (what, sql) in [
        size("records", "SELECT pg_table_size('records')"),
        size("indexes", "SELECT pg_indexes_size('records')"),
        size("audit", "SELECT pg_total_relation_size('audit')"),
        size(ALL, "SELECT pg_total_relation_size('records') + pg_total_relation_size('audit')"),
    ] {
        let bytes: i64 = client.query_one(sql, &[]).await.map_err(said)?.get(0);
        parts.push(("PostgreSQL", what.to_owned(), bytes.unsigned_abs()));
    }
    let server = Redis::start()?;
    redis::load(server.port, people, &[]).await?;
    parts.push(("Redis", ALL.to_owned(), bytes_of(&server.data())?));
    Ok(Found { parts, personal: personal_bytes(people), records: people * HELD })
}

/// What an installation needs on the disk once it was closed.
async fn ours(
    parts: &mut Vec<(&'static str, String, u64)>,
    side: &'static str,
    house: Arc<Installation>,
) -> Done {
    let house = Arc::try_unwrap(house).map_err(|_| "somebody still holds the installation")?;
    let Installation { flows, place, .. } = house;
    flows.close(START).await.map_err(said)?;
    drop(flows);
    let data = place.data();
    let home = data.join("cn");
    for (what, path) in [
        ("people, keys and values", home.join("people.db")),
        ("records", home.join("records.db")),
        ("the log", data.join("log")),
        ("checkpoints outside", place.root().join("checkpoints")),
    ] {
        parts.push((side, what.to_owned(), bytes_of(&path)?));
    }
    let outside = bytes_of(&place.root().join("checkpoints"))?;
    parts.push((side, ALL.to_owned(), bytes_of(&data)? + outside));
    Ok(())
}

/// Bytes of a file, or of all files below a folder, as the disk gives them out.
pub(crate) fn bytes_of(path: &Path) -> Result<u64, String> {
    use std::os::unix::fs::MetadataExt as _;
    let Ok(found) = std::fs::symlink_metadata(path) else { return Ok(0) };
    if !found.is_dir() {
        return Ok(found.blocks() * 512);
    }
    let mut sum = 0;
    for entry in std::fs::read_dir(path).map_err(said)? {
        sum += bytes_of(&entry.map_err(said)?.path())?;
    }
    Ok(sum)
}
