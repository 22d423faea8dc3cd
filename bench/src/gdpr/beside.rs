//! What stands beside a run: what it put off, what a line of the policy costs, and what the way row by
//! row would have cost here.

use std::sync::Arc;

use super::installation::{DAY, Installation, START, said};
use super::kept::Asker;
use super::plan::{Op, Workload};
use super::record::{HELD, Slot};
use super::side::Worker as _;
use super::watch::Times;
use crate::measure::{count, now};

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Seconds for the worker to erase who had closed an account, and to sweep.
    pub(crate) erasing: f64,
    /// How many those were.
    pub(crate) erased: usize,
    /// Seconds for a new version of the policy: compiled, stored, opened again.
    pub(crate) publishing: f64,
    /// Operations of the run that a line of the policy does.
    pub(crate) lines: usize,
    /// The way row by row: what, and seconds for one operation.
    pub(crate) by_row: Vec<(&'static str, String, f64)>,
}

impl Beside {
    /// Seconds that belong to the run and were not in it.
    pub(crate) fn put_off(&self) -> f64 {
        self.erasing + self.publishing * count(self.lines)
    }
}

/// Versions that are published to see what one takes.
const PUBLISHED: u32 = 3;

/// Measures what belongs to a workload.
pub(crate) async fn measure(
    house: Arc<Installation>,
    workload: Workload,
    ops: &[Op],
) -> Result<Beside, String> {
    let mut beside = Beside::default();
    match workload {
        Workload::Controller => controller(&mut beside, house, ops).await?,
        Workload::Customer | Workload::Processor => {}
        Workload::Regulator => regulator(&mut beside, &house).await?,
    }
    Ok(beside)
}

async fn controller(
    beside: &mut Beside,
    house: Arc<Installation>,
    ops: &[Op],
) -> Result<(), String> {
    let line = |it: &&Op| matches!(it, Op::MetaOfPurpose(_) | Op::MetaOfRecipient(_));
    beside.lines = ops.iter().filter(line).count();
    row_by_row(beside, &house).await?;
    let begun = now();
    let later = START.plus_millis(8 * DAY);
    let worked = flows::retention::work(&house.flows, later).await.map_err(said)?;
    beside.erasing = begun.elapsed().as_secs_f64();
    beside.erased = worked.done;
    if worked.later > 0 {
        return Err(format!("{} erasures were put off", worked.later));
    }
    let house = Arc::try_unwrap(house).map_err(|_| "somebody still holds the installation")?;
    let Installation { flows, place, .. } = house;
    flows.close(later).await.map_err(said)?;
    drop(flows);
    let mut times = Times::default();
    for version in 2..2 + PUBLISHED {
        let begun = now();
        let flows = place.open(version, later).await?;
        times.push(begun.elapsed());
        flows.close(later).await.map_err(said)?;
    }
    beside.publishing = times.within(500) / 1e3;
    Ok(())
}

/// An objection by everybody who has a record of the purpose, and deleting value by value.
async fn row_by_row(beside: &mut Beside, house: &Arc<Installation>) -> Result<(), String> {
    let stay = house.people.len() * 8 / 10;
    let slots = (0..stay).flat_map(|person| (0..HELD).map(move |place| Slot { person, place }));
    let of: Vec<usize> = slots.filter(|it| it.field() == 0).map(|it| it.person).collect();
    let asker = Asker::new(Arc::clone(house), 0).await?;
    let begun = now();
    let mut tasks = tokio::task::JoinSet::new();
    for lane in of.chunks(of.len().div_ceil(16).max(1)) {
        let (mut asker, lane) = (asker.clone(), lane.to_vec());
        tasks.spawn(async move {
            for person in lane {
                asker.run(Op::MetaOfPerson { person, purpose: 0, lift: false }).await?;
            }
            Ok::<(), String>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(said)??;
    }
    let what = format!("an objection on behalf of each of {} people", of.len());
    beside.by_row.push(("metadata by purpose", what, begun.elapsed().as_secs_f64()));
    let begun = now();
    let mut asker = asker;
    let people = 50.min(stay);
    for person in 0..people {
        for place in 0..HELD {
            asker.run(Op::DeleteKey(Slot { person, place })).await?;
        }
    }
    let each = begun.elapsed().as_secs_f64() / count(people.max(1));
    beside.by_row.push(("delete by person", "value by value, one by one".to_owned(), each));
    Ok(())
}

/// The log of a period is hashes; the records behind it are opened person by person.
async fn regulator(beside: &mut Beside, house: &Arc<Installation>) -> Result<(), String> {
    let page = flows::rights::Page { cursor: None, proof: true };
    let people = 200.min(house.people.len());
    let begun = now();
    for number in 0..people {
        let person = house.person(number)?;
        let done = flows::rights::uses(&house.flows, person, &page, START).await.map_err(said)?;
        std::hint::black_box(done.into_inner());
    }
    let each = begun.elapsed().as_secs_f64() / count(people.max(1));
    let what = "the newest 50 records of one person, opened, each with its proof".to_owned();
    beside.by_row.push(("log of a period", what, each));
    Ok(())
}
