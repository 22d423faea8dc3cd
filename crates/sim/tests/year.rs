//! A year in the life of an installation, from a seed: thousands of people in three regions, and after
//! each step an oracle that says what the policy promised and looks whether it was kept.
//!
//! `KEPT_SIM_SEEDS=17` plays one seed again, `KEPT_SIM_SEEDS=0..5000` many.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "a world has a folder of its own, and takes seeds")]

#[path = "year/act.rs"]
mod act;
#[path = "year/change.rs"]
mod change;
#[path = "year/desk.rs"]
mod desk;
#[path = "year/finale.rs"]
mod finale;
#[path = "year/hold.rs"]
mod hold;
#[path = "year/install.rs"]
mod install;
#[path = "year/known.rs"]
mod known;
#[path = "year/moved.rs"]
mod moved;
#[path = "year/oracle.rs"]
mod oracle;
#[path = "year/planted.rs"]
mod planted;
#[path = "year/play.rs"]
mod play;
#[path = "year/request.rs"]
mod request;
#[path = "year/young.rs"]
mod young;

use std::ops::Range;

use play::Scale;

/// Seeds that every run plays.
const SEEDS: Range<u64> = 0..100;

fn seeds() -> Vec<u64> {
    let Ok(given) = std::env::var("KEPT_SIM_SEEDS") else { return SEEDS.collect() };
    let number = |text: &str| text.parse::<u64>().expect("KEPT_SIM_SEEDS is `17` or `0..100`");
    match given.split_once("..") {
        Some((from, to)) => (number(from)..number(to)).collect(),
        None => vec![number(&given)],
    }
}

/// Plays seeds on as many threads as there are cores; says every one that failed.
fn play_all(seeds: Vec<u64>, scale: Scale) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = std::sync::Mutex::new(seeds.into_iter());
    let failed = std::sync::Mutex::new(Vec::new());
    let work = || {
        loop {
            let Some(seed) = next.lock().unwrap().next() else { return };
            let played = std::panic::catch_unwind(|| play::year(seed, scale));
            if played.is_err() {
                failed.lock().unwrap().push(seed);
            }
        }
    };
    std::thread::scope(|threads| {
        for _ in 0..cores {
            threads.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "play again with KEPT_SIM_SEEDS, one of: {failed:?}");
}

#[test]
fn a_hundred_years_keep_every_promise() {
    play_all(seeds(), Scale::SMALL);
}

#[test]
fn thousands_of_people_live_through_a_year() {
    play_all(vec![2_026], Scale::LARGE);
}
