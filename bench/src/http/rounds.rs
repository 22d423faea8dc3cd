//! Rounds of several servers in turn, so that what disturbs the machine disturbs them alike.

use std::net::SocketAddr;
use std::time::Duration;

use crate::call::Call;
use crate::chart::Bar;
use crate::load::{self, Load, Traffic};

/// A server that is measured.
pub(crate) struct Side<'a> {
    pub(crate) name: &'static str,
    pub(crate) address: SocketAddr,
    pub(crate) ours: bool,
    /// Seconds of processor time that all its processes have had until now.
    pub(crate) cpu: Box<dyn Fn() -> f64 + 'a>,
}

/// How many connections, how often, for how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rounds {
    pub(crate) connections: usize,
    pub(crate) times: usize,
    pub(crate) lasting: Duration,
}

impl Rounds {
    /// Five rounds of two seconds; few and short where nobody wants figures.
    pub(crate) fn of(call: &Call, connections: usize) -> Self {
        if call.short {
            return Self { connections, times: 3, lasting: Duration::from_secs(1) };
        }
        Self { connections, times: 5, lasting: Duration::from_secs(2) }
    }
}

/// What one side did, in the median of its rounds.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) name: &'static str,
    pub(crate) ours: bool,
    /// Answers a second.
    pub(crate) rate: f64,
    /// Milliseconds.
    pub(crate) p50: f64,
    /// Milliseconds.
    pub(crate) p99: f64,
    /// Microseconds of processor time of the server, an answer.
    pub(crate) cpu: f64,
    /// The slowest and the fastest round, answers a second.
    pub(crate) between: (f64, f64),
}

/// Runs all sides once to warm up, then in turn. `make` makes what a connection asks, from the numbers
/// of the round and of the connection, so that all sides are asked the same.
///
/// # Errors
/// When a server goes away or answers what it must not.
pub(crate) fn in_turn<T: Traffic>(
    sides: &[Side<'_>],
    how: Rounds,
    make: &dyn Fn(&Side<'_>, (usize, usize)) -> T,
) -> Result<Vec<Found>, String> {
    let mut all: Vec<Vec<(Load, f64)>> = sides.iter().map(|_| Vec::new()).collect();
    for round in 0..=how.times {
        for (side, taken) in sides.iter().zip(&mut all) {
            let traffics = (0..how.connections).map(|it| make(side, (round, it))).collect();
            let before = (side.cpu)();
            let (load, _) = load::run(side.address, traffics, how.lasting)
                .map_err(|it| format!("{}: {it}", side.name))?;
            let spent = (side.cpu)() - before;
            // The first round warms up.
            if round > 0 {
                let cpu = spent * 1e6 / load.answers();
                taken.push((load, cpu));
            }
        }
    }
    Ok(sides.iter().zip(all).map(|(side, taken)| found(side, &taken)).collect())
}

fn found(side: &Side<'_>, taken: &[(Load, f64)]) -> Found {
    let rates = sorted(taken.iter().map(|(it, _)| it.rate()));
    let between =
        (rates.first().copied().unwrap_or(f64::NAN), rates.last().copied().unwrap_or(f64::NAN));
    Found {
        name: side.name,
        ours: side.ours,
        rate: median(rates),
        p50: median(sorted(taken.iter().map(|(it, _)| it.within(500)))),
        p99: median(sorted(taken.iter().map(|(it, _)| it.within(990)))),
        cpu: median(sorted(taken.iter().map(|(_, cpu)| *cpu))),
        between,
    }
}

fn sorted(all: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut all: Vec<f64> = all.collect();
    all.sort_by(f64::total_cmp);
    all
}

#[expect(clippy::needless_pass_by_value, reason = "it is made for this")]
fn median(sorted: Vec<f64>) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The columns of `rows`.
pub(crate) const COLUMNS: &[&str] =
    &["side", "a second", "slowest–fastest round", "p50 ms", "p99 ms", "CPU µs each", "ours is"];

/// A row for each side, with how many times its rate ours is. `many` is how many things each request
/// holds.
pub(crate) fn rows(found: &[Found], many: f64) -> Vec<Vec<String>> {
    let ours = found.iter().find(|it| it.ours).map_or(f64::NAN, |it| it.rate);
    let row = |it: &Found| {
        vec![
            it.name.to_owned(),
            thousands(it.rate * many),
            format!("{}–{}", thousands(it.between.0 * many), thousands(it.between.1 * many)),
            format!("{:.2}", it.p50),
            format!("{:.2}", it.p99),
            format!("{:.1}", it.cpu / many),
            if it.ours { String::new() } else { format!("{:.2}×", ours / it.rate) },
        ]
    };
    found.iter().map(row).collect()
}

/// A bar for each side.
pub(crate) fn bars(found: &[Found], many: f64, label: &str) -> Vec<Bar> {
    let ours = found.iter().find(|it| it.ours).map_or(f64::NAN, |it| it.rate);
    let bar = |it: &Found| Bar {
        label: format!("{}{label}", it.name),
        value: it.rate * many,
        note: if it.ours {
            thousands(it.rate * many)
        } else {
            format!("{} ({:.1}×)", thousands(it.rate * many), ours / it.rate)
        },
        ours: it.ours,
    };
    found.iter().map(bar).collect()
}

/// How many times the rate of the named side ours is.
pub(crate) fn times(found: &[Found], name: &str) -> f64 {
    let rate = |pick: &dyn Fn(&Found) -> bool| {
        found.iter().find(|it| pick(it)).map_or(f64::NAN, |it| it.rate)
    };
    rate(&|it| it.ours) / rate(&|it| it.name == name)
}

/// A figure with commas between the thousands.
pub(crate) fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::with_capacity(digits.len() + 4);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
