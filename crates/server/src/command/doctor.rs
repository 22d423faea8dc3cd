//! `kept doctor`: whether everything is as it should be, and what to do where it is not.

use clap::Args;
use flows::security::{Elsewhere, Key, verify_log};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Looks at memory, keys, policy, data folder and log.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<(), End> {
        if !super::process::leaves_no_dump() {
            return Err(End::No(
                "memory: this system dumps it when a program fails, and keys are in it: allow \
                 `prctl(PR_SET_DUMPABLE)` and `setrlimit(RLIMIT_CORE)`"
                    .to_owned(),
            ));
        }
        say("memory: no program of ours leaves a dump of it");
        let clock = Clock::wall();
        let flows = self.place.open_there(&clock).await?;
        say("keys: they open, and nobody else may read them");
        let book = flows.book();
        say(&format!("policy: version {} is in force, rules {}", book.version(), book.hash()));
        flows.sequence(clock.now()).await.map_err(super::people::end)?;
        drop(flows);
        let file = self.place.key_file();
        let outside = Elsewhere::read(&self.place.checkpoints);
        let outside = outside.map_err(|fault| End::No(format!("checkpoints: {fault}")))?;
        let report = verify_log(&self.place.data.join("log"), &Key::File(&file), &outside);
        let report = report.map_err(|why| End::No(format!("log: {why}")))?;
        say(&format!("log: {} entries, all of them verified", report.checkpoint.size));
        if self.place.checkpoints.is_empty() {
            return Err(End::No(
                "checkpoints: none is kept outside the data folder, so a rewritten log would go \
                 unnoticed: add `--checkpoints DIR`"
                    .to_owned(),
            ));
        }
        say(&format!("checkpoints: {} from outside agree", report.outside));
        Ok(())
    }
}
