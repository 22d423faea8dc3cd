//! The watch: rounds of several sides in turn, and the median of each.

use std::time::Instant;

/// A side that is measured: its name, how many decisions a round has, and a round.
pub(crate) struct Side<'a> {
    pub(crate) name: &'static str,
    pub(crate) decisions: usize,
    pub(crate) round: Box<dyn FnMut() -> usize + 'a>,
}

/// What one side took: nanoseconds a decision, in the median round, the fastest and the slowest; and in
/// the median round without the time for which the thread waited for a core, where the system says so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) name: &'static str,
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) on_core: f64,
}

/// Runs all sides once to warm up, then `rounds` times in turn, so that what disturbs the machine
/// disturbs them alike. Each side must count the same permits in every round.
pub(crate) fn interleaved(sides: &mut [Side<'_>], rounds: usize) -> Result<Vec<Taken>, String> {
    let counted: Vec<usize> = sides.iter_mut().map(|it| (it.round)()).collect();
    let mut times: Vec<Vec<Nanos>> = sides.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((side, times), permits) in sides.iter_mut().zip(&mut times).zip(&counted) {
            let (found, nanos) = timed(&mut side.round);
            if found != *permits {
                return Err(format!("{} counted {found} permits, then {permits}", side.name));
            }
            times.push(nanos.shared(count(side.decisions)));
        }
    }
    Ok(sides.iter().zip(times).map(|(side, times)| taken(side.name, times)).collect())
}

/// What a round took by the watch, and of that on a core.
struct Nanos {
    watch: f64,
    on_core: f64,
}

impl Nanos {
    fn shared(&self, among: f64) -> Self {
        Self { watch: self.watch / among, on_core: self.on_core / among }
    }
}

/// The watch.
#[expect(clippy::disallowed_methods, reason = "a bench looks at the watch")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The clock on the wall, as the product takes it.
#[expect(clippy::disallowed_methods, reason = "a bench stands for the server, which looks at it")]
pub(crate) fn wall() -> decide::Timestamp {
    decide::Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}

/// The day and the minute, for a report.
pub(crate) fn date() -> String {
    let now = jiff::Timestamp::from_millisecond(wall().millis()).unwrap_or_default();
    now.strftime("%Y-%m-%d, %H:%M UTC").to_string()
}

fn timed(round: &mut dyn FnMut() -> usize) -> (usize, Nanos) {
    let (start, before) = (now(), on_core());
    let found = std::hint::black_box(round());
    let (after, watch) = (on_core(), start.elapsed().as_secs_f64() * 1e9);
    (found, Nanos { watch, on_core: after - before })
}

/// For how many nanoseconds this thread has run: the first word that Linux says in `schedstat`.
fn on_core() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    said.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or(f64::NAN)
}

fn taken(name: &'static str, times: Vec<Nanos>) -> Taken {
    let (watch, on_core): (Vec<_>, Vec<_>) =
        times.into_iter().map(|it| (it.watch, it.on_core)).unzip();
    let (watch, on_core) = (sorted(watch), sorted(on_core));
    let at = |of: &[f64], it: usize| of.get(it).copied().unwrap_or(f64::NAN);
    let (middle, last) = (watch.len() / 2, watch.len().saturating_sub(1));
    Taken {
        name,
        median: at(&watch, middle),
        least: at(&watch, 0),
        most: at(&watch, last),
        on_core: at(&on_core, middle),
    }
}

fn sorted(mut times: Vec<f64>) -> Vec<f64> {
    times.sort_by(f64::total_cmp);
    times
}

/// A count as a number to divide by; counts here are far below 2^32.
pub(crate) fn count(it: usize) -> f64 {
    u32::try_from(it).map_or(f64::MAX, f64::from)
}
