//! A use over HTTP (ask, open, record durably, reply) beside PostgreSQL doing the same by hand behind
//! an axum handler: in five steps, and tuned to one statement.

mod by_hand;
mod traffic;

use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use self::traffic::{Uses, change, question};
use super::forms;
use super::rounds::{COLUMNS, Found, Rounds, Side, bars, in_turn, rows, times};
use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::kept::Kept;
use crate::load::Connection;
use crate::peer::Peer;
use crate::postgres::Postgres;
use crate::probe::said;
use crate::process;
use crate::report::Report;
use crate::seed::{Seeded, Wanted, seed};

pub(crate) use by_hand::{steps, tuned};

const PEOPLE: usize = 10_000;
const SHORT: usize = 2_000;
const PURPOSE: &str = "survey";
const STEPS: &str = "PostgreSQL, five steps";
const TUNED: &str = "PostgreSQL, one statement";
/// Connections of ours, and how many of the peers' handlers to the database serve them.
const SIZES: [(usize, usize); 2] = [(16, 16), (256, 64)];
/// People whose answers are compared, of whom the first so many take their consent back.
const COMPARED: usize = 200;
const REFUSED: usize = 50;

/// The servers.
struct World {
    kept: Kept,
    steps: Peer,
    tuned: Peer,
    postgres: [Postgres; 2],
}

/// Measures.
///
/// # Errors
/// When two sides give different answers, or a goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "use: ask, open, record durably, reply, over HTTP")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let people = if call.short { SHORT } else { PEOPLE };
    let seeded = seed(folder.path(), Wanted { people, purposes: &[PURPOSE], yes: &[PURPOSE] })?;
    let seeded = Arc::new(seeded);
    report.say(format!(
        "{people} people; two values and one consent each. Peer: {}, `fsync` on.",
        Postgres::version()
    ));
    let mut drawn = Vec::new();
    // Withdrawals last: what they leave refused stays so.
    for (withdrawals, (connections, pool)) in
        [false, true].into_iter().flat_map(|it| SIZES.map(|size| (it, size)))
    {
        let world = World::start(folder.path(), &seeded, pool)?;
        let compared = compare(&world, &seeded)?;
        report.say(format!(
            "\n{compared} answers compared at all three: values, and refusals after a withdrawal."
        ));
        let how = Rounds::of(call, connections);
        let make = |_: &Side<'_>, place| Uses::new(&seeded, withdrawals, place);
        let found = in_turn(&world.sides(), how, &make)?;
        let also = if withdrawals { ", 1 % withdrawals and consents" } else { "" };
        report.say(format!(
            "\n{connections} connections{also}; {pool} to the database behind each handler; {} \
             rounds in turn:",
            how.times
        ));
        report.table(COLUMNS, &rows(&found, 1.0));
        goals(&mut report, &found, (connections, also));
        if !withdrawals {
            drawn.extend(bars(&found, 1.0, &format!(", {connections}")));
        }
    }
    let chart = Chart {
        title: "A use over HTTP, durably recorded",
        axis: "answers a second by number of connections; more is better",
        bars: &drawn,
    };
    report.chart("use", &chart)?;
    report.end()
}

fn goals(report: &mut Report, found: &[Found], (connections, also): (usize, &str)) {
    let least = if connections == 16 { (5.0, 3.0) } else { (7.0, 4.0) };
    for (name, least) in [(STEPS, least.0), (TUNED, least.1)] {
        let ratio = times(found, name);
        let goal = format!("at least {least}× {name} at {connections}{also}");
        report.goal(&goal, &format!("{ratio:.2}×"), ratio >= least);
    }
    let p99 = |pick: &dyn Fn(&Found) -> bool| {
        found.iter().find(|it| pick(it)).map_or(f64::NAN, |it| it.p99)
    };
    let (ours, theirs) = (p99(&|it| it.ours), p99(&|it| it.name == TUNED));
    let goal = format!("p99 no worse than tuned at {connections}{also}");
    report.goal(&goal, &format!("{ours:.2} ms beside {theirs:.2} ms"), ours <= theirs);
}

impl World {
    fn start(folder: &Path, seeded: &Seeded, pool: usize) -> Result<Self, String> {
        let kept = Kept::serve(folder, &[])?;
        let postgres = [Postgres::start()?, Postgres::start()?];
        let [first, second] = &postgres;
        let start = |name: &str, server: &Postgres| {
            by_hand::fill(&server.dsn(), seeded, PURPOSE)?;
            Peer::start(&[name, &server.dsn(), &pool.to_string()], folder)
        };
        let steps = start("use-steps", first)?;
        let tuned = start("use-tuned", second)?;
        Ok(Self { kept, steps, tuned, postgres })
    }

    fn sides(&self) -> [Side<'_>; 3] {
        let [first, second] = &self.postgres;
        [
            Side {
                name: "kept",
                address: self.kept.address,
                ours: true,
                cpu: Box::new(|| process::cpu(self.kept.id())),
            },
            Side {
                name: STEPS,
                address: self.steps.address,
                ours: false,
                cpu: Box::new(|| process::cpu(self.steps.id()) + first.cpu()),
            },
            Side {
                name: TUNED,
                address: self.tuned.address,
                ours: false,
                cpu: Box::new(|| process::cpu(self.tuned.id()) + second.cpu()),
            },
        ]
    }
}

/// Asks all three about the same people, takes consent back for some of them, asks again, and gives it
/// back. Answers how many answers were compared.
fn compare(world: &World, seeded: &Seeded) -> Result<usize, String> {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        let mut all = Vec::new();
        for side in world.sides() {
            let mut to = Connection::open(side.address).await.map_err(said)?;
            let mut answers = Vec::new();
            for (word, many) in [("given", COMPARED), ("refused", REFUSED), ("given", REFUSED)] {
                for person in seeded.people.iter().take(many) {
                    let mut bytes = Vec::new();
                    change(seeded, person, (word, "10.1.2.3"), &mut bytes);
                    let (status, said) = forms::ask(&mut to, &bytes).await?;
                    if status != 200 {
                        return Err(format!("{} does not take `{word}`: {said}", side.name));
                    }
                }
                for person in seeded.people.iter().take(COMPARED) {
                    let mut bytes = Vec::new();
                    question(seeded, person, &mut bytes);
                    let (status, said) = forms::ask(&mut to, &bytes).await?;
                    answers.push((status, said.get("values").cloned().unwrap_or(Value::Null)));
                }
            }
            all.push((side.name, answers));
        }
        let Some((_, ours)) = all.first() else { return Ok(0) };
        for (name, theirs) in &all {
            if let Some((a, b)) = ours.iter().zip(theirs).find(|(a, b)| a != b) {
                return Err(format!("ours answers {a:?}, {name} {b:?}"));
            }
        }
        let refused = ours.iter().filter(|(status, _)| *status == 403).count();
        let expected = REFUSED.min(seeded.people.len());
        if refused == expected {
            Ok(ours.len())
        } else {
            Err(format!("{refused} refused, not {expected}"))
        }
    })
}
