//! `kept journal`: the public log, verified and proved.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use flows::cessation::check_report;
use flows::rights::verify_certificate;
use flows::security::{Elsewhere, Key, prove_record, verify_log};
use flows::{RecordId, Stop};

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
    /// Check a certificate of erasure instead: nothing else is needed but the public key, and
    /// checkpoints that were kept elsewhere, where there are any.
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Check the closing report of an ending instead, in the same way.
    #[arg(long, value_name = "FILE", conflicts_with = "certificate")]
    report: Option<PathBuf>,
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
            Verb::Verify(it) => it.run().await,
            Verb::Prove(it) => it.run().await,
        }
    }
}

impl Verify {
    async fn run(&self) -> Result<(), End> {
        if let Some(path) = &self.certificate {
            return self.certified(path);
        }
        if let Some(path) = &self.report {
            return self.reported(path);
        }
        let file = self.place.key_file();
        let key = self.vkey.as_deref().map_or(Key::File(&file), Key::Public);
        self.is_there(&key)?;
        let outside = self.elsewhere()?;
        let report = if self.place.database.is_some() {
            // A copy is verified, with the tools and the independence of any auditor.
            let copy = copied(&self.place).await?;
            let report = verify_log(&copy, &key, &outside);
            std::fs::remove_dir_all(&copy).ok();
            report.map_err(End::No)?
        } else {
            verify_log(&self.place.data.join("log"), &key, &outside).map_err(End::No)?
        };
        say(&format!(
            "verified: {} entries, {} checkpoints from outside agree\nroot {}",
            report.checkpoint.size,
            report.outside,
            report.checkpoint.root.to_base64()
        ));
        Ok(())
    }
}

impl Verify {
    /// The checkpoints that were kept elsewhere.
    fn elsewhere(&self) -> Result<Elsewhere, End> {
        Elsewhere::read(&self.place.checkpoints).map_err(|fault| End::Wrong(fault.to_string()))
    }

    /// Whether there is a key and a log: that there is none is no answer about the log.
    fn is_there(&self, key: &Key<'_>) -> Result<(), End> {
        key.fits().map_err(End::Wrong)?;
        let log = self.place.data.join("log");
        if self.place.database.is_none() && !log.is_dir() {
            return Err(End::Wrong(format!(
                "there is no log in `{}`: name the data folder, or a copy of it",
                self.place.data.display()
            )));
        }
        Ok(())
    }
}

const NAMED_ITSELF: &str = "with the key that it names itself: hold it against the one that you \
                            know, or give it with `--vkey`";

impl Verify {
    /// Offline, and without an installation.
    fn certified(&self, path: &Path) -> Result<(), End> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| End::Wrong(format!("`{}`: {error}", path.display())))?;
        let outside = self.elsewhere()?;
        let found = verify_certificate(&text, self.vkey.as_deref(), &outside).map_err(End::No)?;
        let said = &found.statement;
        say(&format!(
            "verified: {} was erased at {}\nby {}, under version {} of the policy ({})\n\
             log {}, {} entries, root {}",
            said.person,
            said.erased,
            said.controller,
            said.policy.version,
            said.policy.hash,
            said.log,
            found.checkpoint.size,
            found.checkpoint.root.to_base64()
        ));
        if self.vkey.is_none() {
            say(NAMED_ITSELF);
        }
        Ok(())
    }
}

impl Verify {
    /// A closing report, offline.
    fn reported(&self, path: &Path) -> Result<(), End> {
        let bytes = std::fs::read(path)
            .map_err(|error| End::Wrong(format!("`{}`: {error}", path.display())))?;
        let found = check_report(&bytes, self.vkey.as_deref()).map_err(End::No)?;
        say(&format!("verified, beside a log of {} entries:\n{}", found.size, found.text));
        if self.vkey.is_none() {
            say(NAMED_ITSELF);
        }
        Ok(())
    }
}

/// A copy of the log of a database, in a temporary folder.
async fn copied(place: &Place) -> Result<PathBuf, End> {
    let flows = place.open_there(&Clock::wall()).await?;
    let dir = std::env::temp_dir().join(format!("kept-log-{}", std::process::id()));
    flows.copy_log(&dir).await.map_err(super::people::end)?;
    Ok(dir)
}

impl Prove {
    async fn run(&self) -> Result<(), End> {
        let wrong = || End::Wrong(format!("`{}` is no record: write `rec_cn_…`", self.record));
        let record = RecordId::parse(&self.record).ok_or_else(wrong)?;
        let clock = Clock::wall();
        let flows = self.place.open_there(&clock).await?;
        flows.sequence(clock.now()).await.map_err(super::people::end)?;
        let bundle = prove_record(&flows, record).await.map_err(|stop| match stop {
            Stop::NotFound => End::No(format!(
                "there is no record `{}`: it was never made, or went with the person",
                self.record
            )),
            other => super::people::end(other),
        })?;
        say(&serde_json::to_string_pretty(&bundle).unwrap_or_default());
        Ok(())
    }
}
