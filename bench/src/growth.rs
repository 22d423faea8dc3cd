//! Growth: what a use costs with ten thousand people, and with a hundred times as many.

use std::sync::Arc;

use flows::purpose::Use;

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::dice::Dice;
use crate::gdpr::installation::{Installation, START, said};
use crate::gdpr::record::{Slot, category, purpose};
use crate::gdpr::{number, runtime, watch::Times};
use crate::measure::{count, now};
use crate::report::Report;
use crate::space::bytes_of;

/// Uses of a round.
const USES: usize = 10_000;
/// Who asks at the same time.
const CONNECTIONS: usize = 16;
/// Rounds of each size, in turn.
const ROUNDS: usize = 3;
/// Between the last and the first, at most.
const GOAL: f64 = 1.5;

/// One size.
struct Found {
    people: usize,
    times: Times,
    alone: Times,
    seconds: f64,
    seeding: f64,
    bytes: u64,
}

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let most = number(call, "--people", if call.short { 20_000 } else { 1_000_000 })?;
    let uses = if call.short { 500 } else { USES };
    let mut report = Report::begin(call, "growth: a use, with more and more people")?;
    let found = runtime()?.block_on(measure(most, uses))?;
    report.say("");
    report.say(format!(
        "In this process through `flows`, with SQLite. Each person has one value, put in straight \
         through the journal. A use of a value of somebody at random: asked, opened, recorded durably. \
         {ROUNDS} rounds of {uses} with 16 at a time, the sizes in turn, and 500 one by one."
    ));
    let rows = found.iter().map(|it| {
        let rate = count(it.times.count()) / it.seconds;
        let [p50, p99] = [500, 990].map(|share| format!("{:.2}", it.times.within(share)));
        let gib = u32::try_from(it.bytes >> 20).map_or(f64::NAN, f64::from);
        let alone = format!("{:.2}", it.alone.within(500));
        let rest = [format!("{rate:.0}"), alone, format!("{:.0}", it.seeding), format!("{gib:.0}")];
        [it.people.to_string(), p50, p99].into_iter().chain(rest).collect::<Vec<_>>()
    });
    let columns =
        ["people", "p50, ms", "p99, ms", "a second", "one by one, p50 ms", "put in, s", "MiB"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    let first = found.first().map_or(f64::NAN, |it| it.times.within(500));
    let last = found.last().map_or(f64::NAN, |it| it.times.within(500));
    let ratio = last / first;
    let goal = format!("p50 within 1.5 times from first to last, up to {most} people");
    report.goal(&goal, &format!("{ratio:.2} times"), ratio <= GOAL);
    let bars: Vec<Bar> = found
        .iter()
        .map(|it| Bar {
            label: format!("{} people", it.people),
            value: it.times.within(500),
            note: format!("{:.2} ms", it.times.within(500)),
            ours: true,
        })
        .collect();
    let axis = "p50 of a use in milliseconds, 16 at a time; less is better";
    report.chart("growth", &Chart { title: "Growth", axis, bars: &bars })?;
    report.end()
}

async fn measure(most: usize, uses: usize) -> Result<Vec<Found>, String> {
    let mut sizes = vec![(most / 100).max(25)];
    if most > 1_000_000 {
        sizes.insert(0, 10_000);
        sizes.push(1_000_000);
        sizes.retain(|it| *it != most / 100);
    }
    sizes.push(most);
    let (mut houses, mut found) = (Vec::new(), Vec::new());
    for people in sizes {
        let begun = now();
        let house = Arc::new(Installation::new(people, 1).await?);
        let seeding = begun.elapsed().as_secs_f64();
        let bytes = bytes_of(&house.place.data())?;
        houses.push(house);
        let (times, alone) = (Times::default(), Times::default());
        found.push(Found { people, times, alone, seconds: 0.0, seeding, bytes });
    }
    for round in 0..ROUNDS {
        for (house, found) in houses.iter().zip(&mut found) {
            let begun = now();
            let seed = u64::try_from(round).unwrap_or(0);
            found.times.extend(together(house, (uses, seed)).await?);
            found.seconds += begun.elapsed().as_secs_f64();
        }
    }
    for (house, found) in houses.iter().zip(&mut found) {
        found.alone = ask(house, 500, &mut Dice::new(99)).await?;
    }
    Ok(found)
}

async fn together(house: &Arc<Installation>, (uses, seed): (usize, u64)) -> Result<Times, String> {
    let mut tasks = tokio::task::JoinSet::new();
    for lane in 0..CONNECTIONS {
        let house = Arc::clone(house);
        let lane = u64::try_from(lane).unwrap_or(0);
        let mut dice = Dice::new(seed * 1_000 + lane);
        tasks.spawn(async move { ask(&house, uses / CONNECTIONS, &mut dice).await });
    }
    let mut all = Times::default();
    while let Some(done) = tasks.join_next().await {
        all.extend(done.map_err(said)??);
    }
    Ok(all)
}

async fn ask(house: &Installation, uses: usize, dice: &mut Dice) -> Result<Times, String> {
    let mut times = Times::default();
    for _ in 0..uses {
        let slot = Slot { person: dice.below(house.people.len()), place: 0 };
        let ask = Use {
            person: house.person(slot.person)?,
            purpose: purpose(slot.field()),
            categories: vec![category(slot.field())],
        };
        let begun = now();
        let done = flows::purpose::use_values(&house.flows, &house.app, &ask, START).await;
        let given = done.map_err(said)?.into_inner();
        times.push(begun.elapsed());
        if given.values.get(&category(slot.field())) != Some(slot.data(0).as_str()) {
            return Err("a use gave another value than was put in".to_owned());
        }
    }
    Ok(times)
}
