//! A year, day by day.

use decide::{Account, Timestamp};
use sim::world::Dice;

use crate::install::{DAY, HOUR, Install, START};
use crate::known::Known;
use crate::{act, oracle};

/// How much happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Days between two looks of the world.
    step: i64,
    /// How many register in a step, at most.
    arrivals: usize,
    /// How many do something in a step.
    acts: usize,
}

impl Scale {
    /// Some hundred people, for many seeds.
    pub(crate) const SMALL: Self = Self { step: 3, arrivals: 3, acts: 6 };
    /// Thousands of people.
    pub(crate) const LARGE: Self = Self { step: 1, arrivals: 18, acts: 30 };
}

/// Nobody has a birthday between the first and the last of them.
const DAYS: i64 = 360;

/// Plays the year of a seed.
pub(crate) fn year(seed: u64, scale: Scale) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(async {
        let mut dice = Dice::seeded(seed);
        let mut now = Timestamp::from_millis(START);
        let mut install = Install::new(now).await;
        let mut people = Vec::new();
        let end = START + DAYS * DAY;
        while now.millis() < end {
            step((&mut install, &mut dice), &mut people, (scale, now)).await;
            let hours = scale.step * 24 * HOUR - i64::try_from(dice.below(5)).unwrap() * HOUR;
            now = now.plus_millis(hours);
        }
        ends((&mut install, &mut people), now).await;
    });
}

async fn step(
    (install, dice): (&mut Install, &mut Dice),
    people: &mut Vec<Known>,
    (scale, now): (Scale, Timestamp),
) {
    install.work(now).await;
    for known in people.iter_mut() {
        act::time_passes(known, now);
    }
    for _ in 0..=dice.among(scale.arrivals) {
        act::register((install, dice), people, now).await;
    }
    for _ in 0..scale.acts {
        let at = dice.among(people.len());
        acts((install, dice), &mut people[at], now).await;
        oracle::check(install, &people[at], now).await;
    }
    // Whoever was not touched is not touched.
    let at = dice.among(people.len());
    oracle::check(install, &people[at], now).await;
    oracle::check_values(install, &people[at], now).await;
    if dice.chance(12) {
        install.crash(now).await;
    }
}

async fn acts((install, dice): (&mut Install, &mut Dice), known: &mut Known, now: Timestamp) {
    if known.erased.is_some() {
        return act::use_values((install, dice), known, now).await;
    }
    let active = known.facts.account == Account::Active;
    match dice.below(9) {
        0 | 1 => act::choose((install, dice), known, now).await,
        2 | 3 => act::bring((install, dice), known, now).await,
        4 => act::use_values((install, dice), known, now).await,
        5 => act::change((install, dice), known, now).await,
        6 => act::claim((install, dice), known, now).await,
        7 if active && dice.chance(100) => act::close(install, known, now).await,
        _ => act::cancel(install, known, now).await,
    }
}

async fn ends((install, people): (&mut Install, &mut Vec<Known>), now: Timestamp) {
    install.crash(now).await;
    install.work(now).await;
    for known in people.iter_mut() {
        act::time_passes(known, now);
        oracle::check(install, known, now).await;
        oracle::check_values(install, known, now).await;
    }
    oracle::check_log(install, now).await;
    oracle::check_bytes(install, people);
}
