//! Events in: batches of 100 over HTTP beside a bare axum handler that parses and inserts the same
//! rows into SQLite in the clear, in one transaction a request and with a shared commit.

mod bare;
mod traffic;

pub(crate) use traffic::agree;

use std::sync::Arc;

use serde_json::json;

use self::traffic::{BATCH, Batches, Visitors};
use super::forms;
use super::rounds::{COLUMNS, Found, Rounds, Side, bars, in_turn, rows, times};
use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::kept::Kept;
use crate::load::Connection;
use crate::peer::Peer;
use crate::probe::said;
use crate::process;
use crate::report::Report;

pub(crate) use bare::bare;

/// Browsers that agreed. So many that none sends more than the product takes of one.
const VISITORS: usize = 30_000;
const SHORT: usize = 3_000;
const EACH: &str = "bare, a transaction a request";
const SHARED: &str = "bare, a shared commit";

/// Measures.
///
/// # Errors
/// When a side does not take all events, or a goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "events: batches of 100 over HTTP, durable")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let visitors = if call.short { SHORT } else { VISITORS };
    let visitors = Arc::new(Visitors::agree(folder.path(), visitors)?);
    let kept = Kept::serve(folder.path(), &[])?;
    let start = |word: &str| {
        let path = folder.path().join(format!("{word}.db")).display().to_string();
        Peer::start(&["events", word, &path], folder.path())
    };
    let (each, shared) = (start("each")?, start("shared")?);
    let side = |name, address, id, ours| Side {
        name,
        address,
        ours,
        cpu: Box::new(move || process::cpu(id)),
    };
    let sides = [
        side("kept", kept.address, kept.id(), true),
        side(EACH, each.address, each.id(), false),
        side(SHARED, shared.address, shared.id(), false),
    ];
    same(&sides, &visitors)?;
    report.say(format!(
        "{} browsers that agreed; a batch is {} bytes. All sides accept every event.",
        visitors.len(),
        visitors.bytes()
    ));
    let mut drawn = Vec::new();
    for connections in [16, 64] {
        let how = Rounds::of(call, connections);
        let make = |_: &Side<'_>, place| Batches::new(&visitors, place);
        let found = in_turn(&sides, how, &make)?;
        report.say(format!("\nEvents, {connections} connections, {} rounds in turn:", how.times));
        report.table(COLUMNS, &rows(&found, BATCH));
        goals(&mut report, &found, connections);
        drawn.extend(bars(&found, BATCH, &format!(", {connections}")));
    }
    let chart = Chart {
        title: "Events in batches of 100 over HTTP, durable",
        axis: "events a second by number of connections; more is better",
        bars: &drawn,
    };
    report.chart("events", &chart)?;
    report.end()
}

fn goals(report: &mut Report, found: &[Found], connections: usize) {
    for (name, least) in [(EACH, 2.0), (SHARED, 0.9)] {
        let ratio = times(found, name);
        let goal = format!("at least {least}× {name} at {connections}");
        report.goal(&goal, &format!("{ratio:.2}×"), ratio >= least);
    }
    let p99 = |pick: &dyn Fn(&Found) -> bool| {
        found.iter().find(|it| pick(it)).map_or(f64::NAN, |it| it.p99)
    };
    let (ours, theirs) = (p99(&|it| it.ours), p99(&|it| it.name == SHARED));
    let goal = format!("p99 no worse than the shared commit at {connections}");
    report.goal(&goal, &format!("{ours:.2} ms beside {theirs:.2} ms"), ours <= theirs);
}

/// Whether every side takes a batch whole, of a hundred browsers.
fn same(sides: &[Side<'_>], visitors: &Arc<Visitors>) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        for side in sides {
            let mut to = Connection::open(side.address).await.map_err(said)?;
            for visitor in 0..100 {
                let mut bytes = Vec::new();
                visitors.batch((visitor, visitor, "10.3.2.1"), &mut bytes);
                let (status, answer) = forms::ask(&mut to, &bytes).await?;
                if (status, &answer) != (200, &json!({ "accepted": 100, "refused": [] })) {
                    return Err(format!("{}: {status} {answer}", side.name));
                }
            }
        }
        Ok(())
    })
}
