//! Requests by the watch: each connection has its turn whether the last answer was quick or slow, and
//! the time of a request counts from when it was due.

use std::net::SocketAddr;
use std::time::Duration;

use crate::load::{Connection, Traffic};
use crate::measure::{count, now};

/// What a piece showed.
pub(super) struct Paced {
    /// Microseconds from when a request was due to its answer, the quickest first.
    times: Vec<u32>,
    seconds: f64,
    /// Seconds by which the last request of the slowest connection went out too late.
    pub(super) late: f64,
}

impl Paced {
    /// Answers a second.
    pub(super) fn rate(&self) -> f64 {
        count(self.times.len()) / self.seconds
    }

    /// Milliseconds within which so many of a thousand were answered.
    pub(super) fn within(&self, of_thousand: usize) -> f64 {
        let at = self.times.len().saturating_mul(of_thousand) / 1_000;
        let at = at.min(self.times.len().saturating_sub(1));
        self.times.get(at).map_or(f64::NAN, |it| f64::from(*it) / 1e3)
    }
}

/// Runs each traffic on a connection of its own, together at a rate, for so long.
///
/// # Errors
/// When the server goes away or an answer is wrong.
pub(super) fn run<T: Traffic>(
    address: SocketAddr,
    traffics: Vec<T>,
    (rate, lasting): (f64, Duration),
) -> Result<(Paced, Vec<T>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|it| it.to_string())?.block_on(together(address, traffics, (rate, lasting)))
}

async fn together<T: Traffic>(
    address: SocketAddr,
    traffics: Vec<T>,
    (rate, lasting): (f64, Duration),
) -> Result<(Paced, Vec<T>), String> {
    let lanes = traffics.len();
    let step = Duration::from_secs_f64(count(lanes) / rate);
    let start = now();
    let mut running = tokio::task::JoinSet::new();
    for (lane, traffic) in traffics.into_iter().enumerate() {
        let connection = Connection::open(address).await.map_err(|it| it.to_string())?;
        let offset = step.mul_f64(count(lane) / count(lanes));
        running.spawn(one((connection, traffic), (start + offset, step, start + lasting)));
    }
    let (mut times, mut late, mut back) = (Vec::new(), 0.0_f64, Vec::new());
    while let Some(done) = running.join_next().await {
        let (taken, behind, traffic) = done.map_err(|it| it.to_string())??;
        times.extend(taken);
        late = late.max(behind.as_secs_f64());
        back.push(traffic);
    }
    times.sort_unstable();
    Ok((Paced { times, seconds: start.elapsed().as_secs_f64(), late }, back))
}

type When = (std::time::Instant, Duration, std::time::Instant);

async fn one<T: Traffic>(
    (mut connection, mut traffic): (Connection, T),
    (first, step, until): When,
) -> Result<(Vec<u32>, Duration, T), String> {
    let (mut times, mut out) = (Vec::with_capacity(4096), Vec::with_capacity(4096));
    let (mut due, mut behind) = (first, Duration::ZERO);
    while due < until && now() < until {
        tokio::time::sleep_until(due.into()).await;
        behind = due.elapsed();
        out.clear();
        traffic.ask(&mut out);
        let (status, body) = connection.call(&out).await.map_err(|it| it.to_string())?;
        let took = due.elapsed().as_micros();
        traffic.answered(status, &body)?;
        times.push(u32::try_from(took).unwrap_or(u32::MAX));
        due += step;
    }
    Ok((times, behind, traffic))
}
