//! A year, day by day.

use decide::{Account, Timestamp};
use sim::world::Dice;

use crate::change::Published;
use crate::desk::Wrote;
use crate::install::{DAY, HOUR, Install, START};
use crate::known::Known;
use crate::request::Case;
use crate::{act, change, desk, finale, hold, moved, oracle, request, young};

/// How much happens.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scale {
    /// Days between two looks of the world.
    step: i64,
    /// How many register in a step, at most.
    arrivals: usize,
    /// How many do something in a step.
    acts: usize,
    /// How many of 256 below age, or their guardians, do something in a step.
    guardians: u8,
}

impl Scale {
    /// Some hundred people, for many seeds.
    pub(crate) const SMALL: Self = Self { step: 10, arrivals: 5, acts: 6, guardians: 70 };
    /// Thousands of people.
    pub(crate) const LARGE: Self = Self { step: 1, arrivals: 18, acts: 30, guardians: 1 };
}

/// How long it lasts.
const DAYS: i64 = 360;
/// The day of the backup.
const BACKED_UP: i64 = 200;
/// The day of the second version.
const PUBLISHED: i64 = 120;

/// The world, and what the oracle knows of it.
struct World {
    install: Install,
    dice: Dice,
    now: Timestamp,
    people: Vec<Known>,
    wrote: Vec<Wrote>,
    cases: Vec<Case>,
    published: Option<Published>,
}

/// Plays the year of a seed.
pub(crate) fn year(seed: u64, scale: Scale) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(async {
        let now = Timestamp::from_millis(START);
        let install = Install::new(now).await;
        let dice = Dice::seeded(seed);
        let mut world = World {
            install,
            dice,
            now,
            people: Vec::new(),
            wrote: Vec::new(),
            cases: Vec::new(),
            published: None,
        };
        while world.now.millis() < START + DAYS * DAY {
            world.step(scale).await;
            let hours = scale.step * 24 - 23 - i64::try_from(world.dice.below(5)).unwrap();
            world.later(hours.max(1)).await;
        }
        world.ends().await;
        match seed % 4 {
            1 => finale::restored(&mut world.install, &world.people, world.now).await,
            2 => finale::ended(&mut world.install, &world.people, world.now).await,
            _ => return,
        }
        oracle::check_log(&world.install, world.now).await;
        oracle::check_bytes(&world.install);
    });
}

impl World {
    /// Time passes, and whatever is due is done.
    async fn later(&mut self, hours: i64) {
        self.now = self.now.plus_millis(hours * HOUR);
        self.install.work(self.now).await;
        for known in &mut self.people {
            if act::time_passes(known, self.now) {
                young::settle(&self.install, known, self.now).await;
            }
        }
    }

    #[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
    async fn step(&mut self, scale: Scale) {
        for _ in 0..=self.dice.among(scale.arrivals) {
            let (install, dice) = (&mut self.install, &mut self.dice);
            act::register((install, dice), &mut self.people, self.now).await;
        }
        for _ in 0..scale.acts {
            let at = self.dice.among(self.people.len());
            self.acts(at).await;
            oracle::check(&self.install, (&self.people[at], self.published), self.now).await;
        }
        self.young(scale).await;
        self.moves().await;
        // Whoever was not touched is not touched.
        let at = self.dice.among(self.people.len());
        oracle::check(&self.install, (&self.people[at], self.published), self.now).await;
        oracle::check_values(&self.install, &self.people[at], self.now).await;
        self.desk().await;
        if self.published.is_none() && self.now.millis() > START + PUBLISHED * DAY {
            self.published = Some(change::publish(&mut self.install, self.now).await);
        }
        if self.install.backed_up.is_none() && self.now.millis() > START + BACKED_UP * DAY {
            self.install.back_up(self.now).await;
        }
        if self.dice.chance(12) {
            self.crash().await;
        }
    }

    /// Some of those below age, and their guardians.
    async fn young(&mut self, scale: Scale) {
        let now = self.now;
        for at in 0..self.people.len() {
            let known = &self.people[at];
            let stays = known.erased.is_none() && known.held.is_none();
            if !(stays && known.young.is_below_age(now) && self.dice.chance(scale.guardians)) {
                continue;
            }
            let (install, dice) = (&mut self.install, &mut self.dice);
            young::act((install, dice), &mut self.people[at], now).await;
            oracle::check(&self.install, (&self.people[at], self.published), now).await;
            oracle::check_values(&self.install, &self.people[at], now).await;
        }
    }

    /// Some leave for another region.
    async fn moves(&mut self) {
        let at = self.dice.among(self.people.len());
        if self.dice.chance(80) && moved::may(&self.people[at]) {
            let (install, dice) = (&mut self.install, &mut self.dice);
            moved::moves((install, dice), (&mut self.people, at), self.now).await;
            for known in [at, self.people.len() - 1] {
                let known = &self.people[known];
                oracle::check(&self.install, (known, self.published), self.now).await;
                oracle::check_values(&self.install, known, self.now).await;
            }
        }
    }

    /// A day at the desk: some answers in time, some after a manager was called, some late.
    async fn desk(&mut self) {
        self.writes().await;
        for (hours, share) in [(10, 160), (11, 128), (2, 128)] {
            self.later(hours).await;
            let now = self.now;
            desk::check(&self.install, (&self.wrote, &self.people), now).await;
            let dice = &mut self.dice;
            desk::answer((&self.install, dice), (&mut self.wrote, &self.people, share), now).await;
        }
        request::time_passes(&mut self.cases, &self.people);
        request::check(&self.install, &self.cases, self.now).await;
        let (people, now) = (&mut self.people, self.now);
        let desk = (&mut self.install, &mut self.dice);
        request::work(desk, (people, 40), (&mut self.cases, now)).await;
        request::time_passes(&mut self.cases, &self.people);
    }

    /// Somebody writes in: with a question, a complaint, or to exercise a right.
    async fn writes(&mut self) {
        let now = self.now;
        let at = self.dice.among(self.people.len());
        let known = &self.people[at];
        let known = (known.facts.account == Account::Active).then_some((at, known));
        if self.dice.chance(150) {
            let from = known.filter(|_| self.dice.chance(128));
            let desk = (&self.install, &mut self.dice);
            desk::leave(desk, (&mut self.wrote, from), now).await;
        }
        if let Some((at, known)) = known.filter(|(_, it)| it.held.is_none()) {
            let (desk, all) = ((&self.install, &mut self.dice), (&mut self.cases, now));
            request::ask(desk, (at, known), all).await;
        }
        let at = known.filter(|(_, it)| it.held.is_none()).map(|(at, _)| at);
        if self.dice.chance(150) {
            let at = at.filter(|_| self.dice.chance(190));
            let (desk, all) = ((&self.install, &mut self.dice), (&mut self.cases, now));
            request::write_in(desk, (at, &self.people), all).await;
        }
    }

    #[expect(clippy::cognitive_complexity, reason = "one line for each thing that somebody may do")]
    async fn acts(&mut self, at: usize) {
        let now = self.now;
        let (install, dice, known) = (&self.install, &mut self.dice, &mut self.people[at]);
        if known.erased.is_some() {
            return act::use_values((install, dice), known, now).await;
        }
        let active = known.facts.account == Account::Active;
        if let Some(held) = &known.held {
            // What lies under a hold is put right by nobody.
            let early = held.until > now && dice.chance(60);
            if early {
                hold::lift(install, known, now).await;
            }
            return;
        }
        match dice.below(10) {
            0 | 1 => act::choose((install, dice), known, now).await,
            2 | 3 => act::bring((install, dice), known, now).await,
            4 => act::use_values((install, dice), known, now).await,
            5 => act::change((install, dice), known, now).await,
            6 => act::claim((install, dice), known, now).await,
            7 if active && dice.chance(60) && known.values.contains_key("name") => {
                hold::place((install, dice), known, now).await;
            }
            8 if active && dice.chance(100) => act::close(install, known, now).await,
            _ => act::cancel(install, known, now).await,
        }
    }

    async fn crash(&mut self) {
        desk::crashes(&mut self.wrote, self.now);
        self.install.crash(self.now).await;
    }

    async fn ends(&mut self) {
        self.crash().await;
        self.later(1).await;
        for known in &self.people {
            oracle::check(&self.install, (known, self.published), self.now).await;
            oracle::check_values(&self.install, known, self.now).await;
        }
        let (wrote, people) = (&self.wrote, &self.people);
        desk::check(&self.install, (wrote, people), self.now).await;
        desk::check_figures(&self.install, (wrote, people), self.now).await;
        request::time_passes(&mut self.cases, &self.people);
        request::check(&self.install, &self.cases, self.now).await;
        request::check_strangers(&self.install, &self.cases, self.now).await;
        desk::check_closed(&self.install, &self.wrote, self.now).await;
        oracle::check_log(&self.install, self.now).await;
        oracle::check_bytes(&self.install);
    }
}
