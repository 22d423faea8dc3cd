//! Plays years of the simulated world, seed after seed, for as long as was asked.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::run::{Stop, cargo, finish, now, say};

/// Seeds of one round.
const ROUND: u64 = 100;

/// Plays from a seed that the clock gives, so that no two evenings play the same years.
#[expect(clippy::disallowed_methods, reason = "a chore may look at the clock")]
pub(crate) fn run(root: &Path, hours: &str) -> Result<(), Stop> {
    let hours: f64 =
        hours.parse().map_err(|_| Stop::because("give hours as a number: `--hours 2`"))?;
    let lasts = Duration::try_from_secs_f64(hours * 3_600.0)
        .map_err(|_| Stop::because("give hours as a number above zero: `--hours 2`"))?;
    let (began, since) = (now(), SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
    let mut seed = since.as_secs().saturating_mul(ROUND);
    loop {
        let until = seed.saturating_add(ROUND);
        say(&format!("==> seeds {seed}..{until}"));
        let mut command = cargo(root);
        command.args(["nextest", "run", "--locked", "-p", "sim", "--test", "year", "a_hundred"]);
        finish(command.env("KEPT_SIM_SEEDS", format!("{seed}..{until}")))?;
        if began.elapsed() >= lasts {
            return Ok(());
        }
        seed = until;
    }
}
