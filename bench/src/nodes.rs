//! More nodes: one, two and four `kept serve` on one PostgreSQL, each asked for uses at the same time.

use std::sync::Arc;
use std::time::Duration;

use flows::messages::Post;
use flows::{Database, Databases, Flows, Reach, Settings};

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::dice::Dice;
use crate::gdpr::installation::said;
use crate::gdpr::runtime;
use crate::kept::Kept;
use crate::load::{self, Load, Traffic, request};
use crate::measure::{count, wall};
use crate::postgres::Postgres;
use crate::process::cpu;
use crate::report::Report;
use crate::seed::{Seeded, Wanted, seed_into, starter};

/// Nodes of each size.
const SIZES: [usize; 3] = [1, 2, 4];
/// Connections of each node.
const CONNECTIONS: usize = 16;
/// Rounds of each size, in turn.
const ROUNDS: usize = 3;
const PURPOSE: &str = "survey";
/// Of what so many nodes would do, if each did as much as one alone: at least.
const GOAL: f64 = 0.8;

/// What one size showed, over its rounds.
#[derive(Debug, Default)]
struct Found {
    nodes: usize,
    rates: Vec<f64>,
    p99: f64,
    /// Seconds of processor time a second: of the nodes, of the database.
    busy: (f64, f64),
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "nodes: one, two and four on one PostgreSQL")?;
    let people = if call.short { 50 } else { 2_000 };
    let lasting = Duration::from_millis(if call.short { 500 } else { 5_000 });
    let folder = tempfile::tempdir().map_err(said)?;
    let server = Postgres::start()?;
    let seeded = Arc::new(runtime()?.block_on(seed(&server, folder.path(), people))?);
    let mut found: Vec<Found> =
        SIZES.iter().map(|nodes| Found { nodes: *nodes, ..Found::default() }).collect();
    for round in 0..ROUNDS {
        for found in &mut found {
            let nodes: Vec<Kept> = (0..found.nodes)
                .map(|_| Kept::serve(folder.path(), &["--database", &server.dsn()]))
                .collect::<Result<_, _>>()?;
            measure(found, (&nodes, &server), (&seeded, lasting, round))?;
            for node in nodes {
                node.stop()?;
            }
        }
    }
    tell(&mut report, &found, people);
    let bars: Vec<Bar> = found
        .iter()
        .map(|it| Bar {
            label: format!("{} nodes", it.nodes),
            value: it.rate(),
            note: format!("{:.0}/s", it.rate()),
            ours: true,
        })
        .collect();
    let axis = "uses a second, durably recorded; more is better";
    let title = "Nodes on one PostgreSQL";
    report.chart("nodes", &Chart { title, axis, bars: &bars })?;
    report.end()
}

fn tell(report: &mut Report, found: &[Found], people: usize) {
    report.say("");
    report.say(format!(
        "{}, `fsync` on. {people} people; `POST /v1/use` of one value, 16 connections to each node, \
         {ROUNDS} rounds in turn, medians. Nodes, database and client share the cores of this one \
         machine, so a second node has cores of its own only while the first leaves some.",
        Postgres::version()
    ));
    let one = found.first().map_or(f64::NAN, Found::rate);
    let rows = found.iter().map(|it| {
        let linear = it.rate() / (one * count(it.nodes));
        let busy = [it.busy.0, it.busy.1].map(|it| format!("{it:.2}"));
        let cells = [format!("{:.0}", it.rate()), format!("{linear:.2}"), format!("{:.1}", it.p99)];
        std::iter::once(it.nodes.to_string()).chain(cells).chain(busy).collect::<Vec<_>>()
    });
    let columns =
        ["nodes", "uses a second", "of linear", "p99, ms", "cores, nodes", "cores, database"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    for it in found.iter().skip(1) {
        let linear = it.rate() / (one * count(it.nodes));
        let goal = format!("at least 0.8 of linear with {} nodes", it.nodes);
        report.goal(&goal, &format!("{linear:.2}"), linear >= GOAL);
    }
}

impl Found {
    fn rate(&self) -> f64 {
        let mut rates = self.rates.clone();
        rates.sort_by(f64::total_cmp);
        rates.get(rates.len() / 2).copied().unwrap_or(f64::NAN)
    }
}

/// One round: all nodes are asked at once, each from a thread of its own.
fn measure(
    found: &mut Found,
    (nodes, server): (&[Kept], &Postgres),
    (seeded, lasting, round): (&Arc<Seeded>, Duration, usize),
) -> Done {
    let spent = || nodes.iter().map(|it| cpu(it.id())).sum::<f64>();
    let (before, database) = (spent(), server.cpu());
    let threads: Vec<_> = nodes
        .iter()
        .enumerate()
        .map(|(node, it)| {
            let address = it.address;
            let asks: Vec<Uses> = (0..CONNECTIONS)
                .map(|lane| Uses::new(seeded, (round * 100 + node) * 100 + lane))
                .collect();
            std::thread::spawn(move || load::run(address, asks, lasting).map(|(load, _)| load))
        })
        .collect();
    let mut loads: Vec<Load> = Vec::new();
    for thread in threads {
        loads.push(thread.join().map_err(|_| "a client ended in the middle")??);
    }
    let seconds = loads.iter().map(|it| it.seconds).fold(0.0, f64::max);
    found.rates.push(loads.iter().map(Load::rate).sum());
    found.p99 = loads.iter().map(|it| it.within(990)).fold(found.p99, f64::max);
    found.busy = ((spent() - before) / seconds, (server.cpu() - database) / seconds);
    Ok(())
}

/// Asks for one value of somebody at random.
struct Uses {
    seeded: Arc<Seeded>,
    dice: Dice,
}

impl Uses {
    fn new(seeded: &Arc<Seeded>, place: usize) -> Self {
        let seed = u64::try_from(place).unwrap_or(0);
        Self { seeded: Arc::clone(seeded), dice: Dice::new(seed) }
    }
}

impl Traffic for Uses {
    fn ask(&mut self, into: &mut Vec<u8>) {
        let at = self.dice.below(self.seeded.people.len());
        let person = self.seeded.people.get(at).map(|it| it.id.to_string()).unwrap_or_default();
        let body = format!(
            "{{\"person\":\"{person}\",\"purpose\":\"{PURPOSE}\",\"categories\":[\"email\"]}}"
        );
        let key = format!("Bearer {}", self.seeded.key);
        request(("POST", "/v1/use"), &[("authorization", &key)], &body, into);
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        let has = body.windows(7).any(|it| it == b"\"email\"");
        if status == 200 && has {
            return Ok(());
        }
        Err(format!("a use answers {status}: {}", String::from_utf8_lossy(body)))
    }
}

/// People in the shared database, registered the way everybody is.
async fn seed(
    server: &Postgres,
    folder: &std::path::Path,
    people: usize,
) -> Result<Seeded, String> {
    std::fs::create_dir_all(folder.join("mail")).map_err(said)?;
    let reach = Reach { url: server.dsn(), authorities: None, connections: 16 };
    let settings = Settings {
        database: Database::Shared(Box::new(Databases::of(reach, "kept".to_owned()))),
        keys: folder.join("root.key"),
        checkpoints: Vec::new(),
        origin: "kept.local".to_owned(),
        address: "http://127.0.0.1".to_owned(),
        post: Post::Folder(folder.join("mail")),
    };
    let flows = Flows::open(settings, &starter()?, wall()).await.map_err(said)?;
    let wanted = Wanted { people, purposes: &[PURPOSE], yes: &[PURPOSE] };
    let seeded = seed_into(&flows, folder, wanted).await?;
    flows.close(wall()).await.map_err(said)?;
    Ok(seeded)
}
