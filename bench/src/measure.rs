//! The watch: rounds of several sides in turn, and the median of each.

use std::time::Instant;

/// A side that is measured: its name, how many decisions a round has, and a round.
pub(crate) struct Side<'a> {
    pub(crate) name: &'static str,
    pub(crate) decisions: usize,
    pub(crate) round: Box<dyn FnMut() -> usize + 'a>,
}

/// What one side took: nanoseconds a decision, in the median round, the fastest and the slowest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    pub(crate) name: &'static str,
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
}

/// Runs all sides once to warm up, then `rounds` times in turn, so that what disturbs the machine
/// disturbs them alike. Each side must count the same permits in every round.
pub(crate) fn interleaved(sides: &mut [Side<'_>], rounds: usize) -> Result<Vec<Taken>, String> {
    let counted: Vec<usize> = sides.iter_mut().map(|it| (it.round)()).collect();
    let mut times: Vec<Vec<f64>> = sides.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for ((side, times), permits) in sides.iter_mut().zip(&mut times).zip(&counted) {
            let (found, nanos) = timed(&mut side.round);
            if found != *permits {
                return Err(format!("{} counted {found} permits, then {permits}", side.name));
            }
            times.push(nanos / count(side.decisions));
        }
    }
    Ok(sides.iter().zip(times).map(|(side, times)| taken(side.name, times)).collect())
}

#[expect(clippy::disallowed_methods, reason = "a bench looks at the watch")]
fn timed(round: &mut dyn FnMut() -> usize) -> (usize, f64) {
    let start = Instant::now();
    let found = std::hint::black_box(round());
    (found, start.elapsed().as_secs_f64() * 1e9)
}

fn taken(name: &'static str, mut times: Vec<f64>) -> Taken {
    times.sort_by(f64::total_cmp);
    let at = |it: usize| times.get(it).copied().unwrap_or(f64::NAN);
    let last = times.len().saturating_sub(1);
    Taken { name, median: at(times.len() / 2), least: at(0), most: at(last) }
}

/// A count as a number to divide by; counts here are far below 2^32.
pub(crate) fn count(it: usize) -> f64 {
    u32::try_from(it).map_or(f64::MAX, f64::from)
}
