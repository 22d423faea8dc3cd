//! `kept journal`: the public log, verified and proved.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use flows::RecordId;
use flows::security::{Key, prove_record, verify_log};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// The public log.
#[derive(Debug, Args)]
pub(crate) struct Journal {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Hold the log against its key and against checkpoints that were kept elsewhere.
    Verify(Verify),
    /// Prove that a record's entry stands in the log.
    Prove(Prove),
}

#[derive(Debug, Args)]
struct Verify {
    #[command(flatten)]
    place: Place,
    /// The public key of the log, in place of the key file.
    #[arg(long, value_name = "KEY")]
    vkey: Option<String>,
}

#[derive(Debug, Args)]
struct Prove {
    /// The record: `rec_cn_…`.
    record: String,
    #[command(flatten)]
    place: Place,
}

impl Journal {
    pub(crate) async fn run(self) -> Result<(), End> {
        match self.verb {
            Verb::Verify(it) => it.run(),
            Verb::Prove(it) => it.run().await,
        }
    }
}

impl Verify {
    fn run(&self) -> Result<(), End> {
        let file = self.place.key_file();
        let key = self.vkey.as_deref().map_or(Key::File(&file), Key::Public);
        let outside: &[PathBuf] = &self.place.checkpoints;
        let report = verify_log(&self.place.data, &key, outside).map_err(End::No)?;
        say(&format!(
            "verified: {} entries, {} checkpoints from outside agree\nroot {}",
            report.checkpoint.size,
            report.outside,
            report.checkpoint.root.to_base64()
        ));
        Ok(())
    }
}

impl Prove {
    async fn run(&self) -> Result<(), End> {
        let wrong = || End::Wrong(format!("`{}` is no record: write `rec_cn_…`", self.record));
        let record = RecordId::parse(&self.record).ok_or_else(wrong)?;
        let clock = Clock::wall();
        let flows = self.place.open_there(&clock).await?;
        flows.sequence(clock.now()).await.map_err(super::people::end)?;
        let bundle = prove_record(&flows, record).map_err(super::people::end)?;
        say(&serde_json::to_string_pretty(&bundle).unwrap_or_default());
        Ok(())
    }
}
