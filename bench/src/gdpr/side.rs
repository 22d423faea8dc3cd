//! A side: so many connections, each takes the next operation when it has its answer.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::plan::Op;
use super::watch::Times;
use crate::measure::{count, now};
use crate::probe::said;

/// What an operation came to, where two sides can be held against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Answer {
    /// Records that were found or changed; nothing where the sides count different things.
    pub(crate) found: Option<u64>,
    /// The sum over the data that was read, in whichever order it came.
    pub(crate) sum: u64,
}

impl Answer {
    /// What was done is not counted in records here.
    pub(crate) const DONE: Self = Self { found: None, sum: 0 };

    pub(crate) fn counted(found: usize) -> Self {
        Self { found: u64::try_from(found).ok(), sum: 0 }
    }

    /// Of data that was read.
    pub(crate) fn of<'a>(data: impl Iterator<Item = &'a str>) -> Self {
        let one = |it: &str| it.bytes().fold(7_u64, mixed);
        let (found, sum) =
            data.fold((0_u64, 0_u64), |(found, sum), it| (found + 1, sum.wrapping_add(one(it))));
        Self { found: Some(found), sum }
    }

    fn add(&mut self, other: Self) {
        self.found = Some(self.found.unwrap_or(0) + other.found.unwrap_or(0));
        self.sum = self.sum.wrapping_add(other.sum);
    }
}

fn mixed(sum: u64, byte: u8) -> u64 {
    sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte)
}

/// One connection.
pub(crate) trait Worker: Send + 'static {
    /// Does one operation and waits for its end.
    fn run(&mut self, op: Op) -> impl Future<Output = Result<Answer, String>> + Send;
}

/// What a run showed.
#[derive(Debug, Default)]
pub(crate) struct Ran {
    pub(crate) seconds: f64,
    pub(crate) operations: usize,
    pub(crate) by_kind: BTreeMap<&'static str, Times>,
    /// Over everything that the sides count alike.
    pub(crate) total: Answer,
}

impl Ran {
    pub(crate) fn rate(&self) -> f64 {
        count(self.operations) / self.seconds
    }

    /// Another part of the same run.
    pub(crate) fn add(&mut self, part: Self) {
        self.seconds += part.seconds;
        self.operations += part.operations;
        for (kind, times) in part.by_kind {
            self.by_kind.entry(kind).or_default().extend(times);
        }
        self.total.add(part.total);
    }
}

/// One after the other, each answer by itself: for comparing.
pub(crate) async fn alone(worker: &mut impl Worker, ops: &[Op]) -> Result<Vec<Answer>, String> {
    let mut answers = Vec::with_capacity(ops.len());
    for op in ops {
        answers.push(worker.run(*op).await?);
    }
    Ok(answers)
}

/// All workers at once, until every operation is done.
pub(crate) async fn together<W: Worker>(workers: Vec<W>, ops: &[Op]) -> Result<Ran, String> {
    let (ops, next) = (Arc::new(ops.to_vec()), Arc::new(AtomicUsize::new(0)));
    let begun = now();
    let mut tasks = tokio::task::JoinSet::new();
    for mut worker in workers {
        let (ops, next) = (Arc::clone(&ops), Arc::clone(&next));
        tasks.spawn(async move {
            let (mut by_kind, mut total) = (BTreeMap::<_, Times>::new(), Answer::default());
            while let Some(op) = ops.get(next.fetch_add(1, Ordering::Relaxed)) {
                let asked = now();
                let answer = worker.run(*op).await?;
                by_kind.entry(op.name()).or_default().push(asked.elapsed());
                total.add(answer);
            }
            Ok::<_, String>((by_kind, total))
        });
    }
    let mut ran = Ran { operations: ops.len(), ..Ran::default() };
    while let Some(done) = tasks.join_next().await {
        let (by_kind, total) = done.map_err(said)??;
        for (kind, times) in by_kind {
            ran.by_kind.entry(kind).or_default().extend(times);
        }
        ran.total.add(total);
    }
    ran.seconds = begun.elapsed().as_secs_f64();
    Ok(ran)
}
