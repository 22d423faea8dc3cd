//! `GDPRbench` (Shastri, Banakar, Wasserman, Kumar, Chidambaram; VLDB 2020): the operations of four
//! roles on personal records, ours beside PostgreSQL and Redis. README.md says how each is mapped.

pub(crate) mod beside;
pub(crate) mod installation;
pub(crate) mod kept;
pub(crate) mod plan;
pub(crate) mod postgres;
pub(crate) mod record;
pub(crate) mod redis;
mod resp;
mod side;
mod table;
pub(crate) mod watch;

use std::sync::Arc;

use crate::call::{Call, Done};
use crate::measure::now;
use crate::postgres::Postgres;
use crate::probe::said;
use crate::report::Report;
use installation::Installation;
use plan::{Op, Plan, Workload};
use record::HELD;
use redis::Redis;
use side::{Answer, Ran, alone, together};

/// Who asks at the same time.
const CONNECTIONS: usize = 16;
/// Parts of a run; the sides take turns, part by part.
const PARTS: usize = 5;
/// Operations that are done one by one before, each answer compared.
const COMPARED: usize = 200;

/// How large it is.
#[derive(Debug, Clone, Copy)]
struct Size {
    people: usize,
    operations: usize,
    page: usize,
}

/// A number behind a word: `--records 1000`.
pub(crate) fn number(call: &Call, word: &str, usual: usize) -> Result<usize, String> {
    let rest = call.rest();
    let Some(at) = rest.iter().position(|it| *it == word) else { return Ok(usual) };
    let given = rest.get(at + 1).and_then(|it| it.parse().ok());
    given.ok_or_else(|| format!("write a number behind `{word}`"))
}

/// A runtime like the server's.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Runtime::new().map_err(said)
}

/// One role, or all four in turn.
pub(crate) fn bench(call: &Call) -> Done {
    let rest = call.rest();
    if let Some(word) = rest.first().filter(|it| !it.starts_with("--")) {
        let say = "write `gdpr controller`, `gdpr customer`, `gdpr processor` or `gdpr regulator`";
        return one(call, Workload::of(word).ok_or(say)?);
    }
    let ended: Vec<String> = Workload::ALL.iter().filter_map(|it| one(call, *it).err()).collect();
    if ended.is_empty() { Ok(()) } else { Err(ended.join("\n")) }
}

fn one(call: &Call, workload: Workload) -> Done {
    let records = number(call, "--records", if call.short { 2_000 } else { 100_000 })?;
    // One read by purpose in the processor's role is 4,000 records: a tenth of the operations shows it.
    let usual = match workload {
        Workload::Processor => 1_000,
        Workload::Controller | Workload::Customer | Workload::Regulator => 10_000,
    };
    let operations = number(call, "--operations", if call.short { 400 } else { usual })?;
    let page = number(call, "--page", 0)?;
    let size = Size { people: (records / HELD).max(25), operations, page };
    let title = format!("gdpr {}", workload.word());
    let mut report = Report::begin(call, &title)?;
    runtime()?.block_on(run(&mut report, workload, size))?;
    report.end()
}

/// The three sides, with what they need to live.
struct Sides {
    house: Arc<Installation>,
    postgres: Postgres,
    redis: Redis,
    page: usize,
}

/// What each side showed.
pub(crate) struct Shown {
    pub(crate) kept: Ran,
    pub(crate) postgres: Ran,
    pub(crate) redis: Ran,
}

async fn run(report: &mut Report, workload: Workload, size: Size) -> Done {
    let plan = Plan::new(workload, size.people, size.operations + COMPARED);
    let (sides, loaded) = Sides::load(&plan, size.page).await?;
    table::heading(report, &loaded, (size.people * HELD, size.operations));
    let (first, rest) = plan.ops.split_at(COMPARED.min(plan.ops.len()));
    sides.compare(first).await?;
    let mut shown = sides.turns(workload, rest).await?;
    sides.same_end(&plan).await?;
    let Sides { house, .. } = sides;
    let beside = beside::measure(house, workload, rest).await?;
    // What the run put off is part of it.
    shown.kept.seconds += beside.put_off();
    table::say(report, workload, &shown, &beside)
}

/// Seconds that each side took to put the records in.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) kept: f64,
    pub(crate) postgres: f64,
    pub(crate) redis: f64,
}

impl Sides {
    async fn load(plan: &Plan, page: usize) -> Result<(Self, Loaded), String> {
        let postgres = Postgres::start()?;
        let redis = Redis::start()?;
        let house = Arc::new(Installation::new(plan.people, 0).await?);
        let begun = now();
        kept::load(&kept::Asker::new(Arc::clone(&house), page).await?, &plan.gone).await?;
        let kept = begun.elapsed().as_secs_f64();
        let begun = now();
        postgres::load(&postgres.dsn(), plan.people, &plan.gone).await?;
        let in_postgres = begun.elapsed().as_secs_f64();
        let begun = now();
        redis::load(redis.port, plan.people, &plan.gone).await?;
        let loaded = Loaded { kept, postgres: in_postgres, redis: begun.elapsed().as_secs_f64() };
        Ok((Self { house, postgres, redis, page }, loaded))
    }

    async fn kept(&self) -> Result<kept::Asker, String> {
        kept::Asker::new(Arc::clone(&self.house), self.page).await
    }

    async fn in_postgres(&self) -> Result<postgres::Connection, String> {
        postgres::Connection::open(&self.postgres.dsn(), self.page).await
    }

    async fn in_redis(&self) -> Result<redis::Connection, String> {
        redis::Connection::open(self.redis.port, self.page).await
    }

    /// One by one: every answer that two sides count alike must be the same.
    async fn compare(&self, ops: &[Op]) -> Done {
        let ours = alone(&mut self.kept().await?, ops).await?;
        let peers = [
            ("PostgreSQL", alone(&mut self.in_postgres().await?, ops).await?),
            ("Redis", alone(&mut self.in_redis().await?, ops).await?),
        ];
        for (name, theirs) in &peers {
            for (op, (ours, theirs)) in ops.iter().zip(ours.iter().zip(theirs)) {
                let alike = ours.found.is_none() || theirs.found.is_none() || ours == theirs;
                let own_choice = self.page > 0 && is_page(*op);
                if !alike && !own_choice {
                    return Err(format!("{op:?}: kept says {ours:?}, {name} {theirs:?}"));
                }
            }
        }
        Ok(())
    }

    /// Part after part, each side in its turn.
    async fn turns(&self, workload: Workload, ops: &[Op]) -> Result<Shown, String> {
        let mut shown =
            Shown { kept: Ran::default(), postgres: Ran::default(), redis: Ran::default() };
        for part in ops.chunks(ops.len().div_ceil(PARTS).max(1)) {
            let (mut ours, mut theirs, mut others) = (Vec::new(), Vec::new(), Vec::new());
            for _ in 0..CONNECTIONS {
                ours.push(self.kept().await?);
                theirs.push(self.in_postgres().await?);
                others.push(self.in_redis().await?);
            }
            shown.kept.add(together(ours, part).await?);
            while self.house.flows.sequence(installation::START).await.map_err(said_of)? > 0 {}
            shown.postgres.add(together(theirs, part).await?);
            shown.redis.add(together(others, part).await?);
        }
        let steady = matches!(workload, Workload::Processor | Workload::Regulator);
        let (ours, theirs) = (shown.kept.total, shown.postgres.total);
        if steady && self.page == 0 && (ours != theirs || ours != shown.redis.total) {
            return Err(format!("in all: {ours:?}, {theirs:?}, {:?}", shown.redis.total));
        }
        Ok(shown)
    }

    /// At the end each side holds as many records of everybody who was asked about.
    async fn same_end(&self, plan: &Plan) -> Done {
        let stay = plan.people * 8 / 10;
        let ops: Vec<Op> = (0..stay).step_by((stay / 200).max(1)).map(Op::Inspect).collect();
        let found = |answers: Vec<Answer>| answers.iter().map(|it| it.found).collect::<Vec<_>>();
        let ours = found(alone(&mut self.kept().await?, &ops).await?);
        let theirs = found(alone(&mut self.in_postgres().await?, &ops).await?);
        let others = found(alone(&mut self.in_redis().await?, &ops).await?);
        if ours == theirs && ours == others {
            return Ok(());
        }
        let differ = ours.iter().zip(&theirs).filter(|(ours, theirs)| ours != theirs).count();
        Err(format!("at the end {differ} of {} people differ", ops.len()))
    }
}

/// Which records a page of a read by purpose holds is each side's own choice.
const fn is_page(op: Op) -> bool {
    matches!(op, Op::ReadPurpose(_) | Op::ReadUnobjected(_))
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` hands it over")]
fn said_of(stop: flows::Stop) -> String {
    format!("{stop:?}")
}
