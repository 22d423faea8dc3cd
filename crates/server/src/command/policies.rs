//! `kept check`, `diff`, `explain`, `fmt`: thin over the compiler of policies.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use decide::{Account, Age};
use policy::diff::Class;
use policy::{Folder, Policy, Question};

use super::place::{Place, read, starter};
use super::policy::{end, served};
use super::{End, complain, say};
use crate::clock::Clock;

/// Checks a policy.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The folder of the policy; the starter policy unless said otherwise.
    dir: Option<PathBuf>,
    /// Count warnings as faults.
    #[arg(long)]
    strict: bool,
    /// Make the recorded requests of the last days again under this policy, and show which answers
    /// change. Needs the data folder and its keys, and leaves a record with each person.
    #[arg(long)]
    replay: bool,
    /// How many days back the requests go.
    #[arg(long, value_name = "N", default_value_t = 30, requires = "replay")]
    days: u16,
    #[command(flatten)]
    place: Place,
}

fn compiled(dir: &Path) -> Result<Policy, End> {
    policy::compile(&read(dir)?).map_err(|faults| End::No(faults.render(false)))
}

impl Check {
    pub(crate) async fn run(&self) -> Result<(), End> {
        let folder = self.dir.as_deref().map_or_else(|| Ok(starter()), read)?;
        let policy = policy::compile(&folder).map_err(|faults| End::No(faults.render(false)))?;
        if self.replay {
            return self.replay(&folder).await;
        }
        let warnings = policy.warnings.render(false);
        if !warnings.trim().is_empty() {
            say(&warnings);
        }
        say(&policy::coverage(&policy, &flows::notice::enforced()).render());
        say(&format!("\nversion {} · rules sha256:{}", policy.spec.version, policy.hash()));
        // A policy that was good yesterday is not refused because of the date.
        for it in &policy.calendars_ahead(Clock::wall().now()) {
            complain(&it.to_string());
        }
        if self.strict && !warnings.trim().is_empty() {
            return Err(End::No("there are warnings".to_owned()));
        }
        Ok(())
    }

    async fn replay(&self, folder: &Folder) -> Result<(), End> {
        const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;
        let clock = Clock::wall();
        let opened = self.place.open_as_it_is(folder, &clock).await;
        let instead = "stop the server for as long as this takes, or replay on a restored backup";
        let flows = opened.map_err(|it| served(it, instead))?;
        let now = clock.now();
        let since = now.plus_millis(i64::from(self.days).saturating_mul(-DAY_MILLIS));
        let done = flows::change::replay(&flows, folder, since, now).await.map_err(end)?;
        say(&done.render());
        flows.close(clock.now()).await.map_err(end)
    }
}

/// Compares two policies.
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// The folder of the policy as it was.
    old: PathBuf,
    /// The folder of the policy as it would be.
    new: PathBuf,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<(), End> {
        let changes = policy::diff(&compiled(&self.old)?, &compiled(&self.new)?);
        say(&policy::diff::render(&changes));
        // Somebody has to be told or asked: that is a no to publishing it just so.
        if changes.iter().any(|it| it.class == Class::Widening) {
            return Err(End::No(String::new()));
        }
        Ok(())
    }
}

/// Answers one request about an imagined person.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// `collect`, `use`, `share`, `transfer`, `disclose`, `publish` or `exercise`.
    act: String,
    /// The purpose; for `exercise` the right, for `disclose` the ground.
    purpose: String,
    /// The categories.
    categories: Vec<String>,
    /// The folder of the policy; the starter policy unless said otherwise.
    #[arg(long, value_name = "DIR")]
    policy: Option<PathBuf>,
    /// The source that collects.
    #[arg(long)]
    source: Option<String>,
    /// The recipient.
    #[arg(long)]
    recipient: Option<String>,
    /// The region that a transfer goes to.
    #[arg(long)]
    to_region: Option<String>,
    /// The person's region.
    #[arg(long)]
    region: Option<String>,
    /// Purposes that the person said yes to.
    #[arg(long, value_delimiter = ',')]
    given: Vec<String>,
    /// Purposes that the person said no to.
    #[arg(long, value_delimiter = ',')]
    refused: Vec<String>,
    /// Shares and transfers that the person agreed to.
    #[arg(long, value_delimiter = ',')]
    agreed: Vec<String>,
    /// `adult`, `minor`, `minor-agreed`, `child`, `child-agreed` or `unknown`.
    #[arg(long, default_value = "adult")]
    age: String,
    /// `visitor`, `unverified`, `active`, `restricted`, `closing`…
    #[arg(long, default_value = "active")]
    account: String,
    /// The browser sends Global Privacy Control.
    #[arg(long)]
    gpc: bool,
    /// `en` or `zh`.
    #[arg(long, default_value = "en")]
    language: String,
}

impl Explain {
    pub(crate) fn run(self) -> Result<(), End> {
        let folder = self.policy.as_deref().map_or_else(|| Ok(starter()), read)?;
        let policy = policy::compile(&folder).map_err(|faults| End::No(faults.render(false)))?;
        let words = |all: &[(&str, &str)], given: &str| {
            let names: Vec<&str> = all.iter().map(|it| it.0).collect();
            End::Wrong(format!("`{given}` is none of `{}`", names.join("`, `")))
        };
        let ages: Vec<_> = Age::ALL.iter().map(|it| (it.word(), "")).collect();
        let accounts: Vec<_> = Account::ALL.iter().map(|it| (it.word(), "")).collect();
        let set = |all: Vec<String>| all.into_iter().collect::<BTreeSet<_>>();
        let question = Question {
            act: self.act,
            purpose: self.purpose,
            categories: set(self.categories),
            source: self.source,
            recipient: self.recipient,
            to_region: self.to_region,
            region: self.region,
            age: Age::from_word(&self.age).ok_or_else(|| words(&ages, &self.age))?,
            account: Account::from_word(&self.account)
                .ok_or_else(|| words(&accounts, &self.account))?,
            given: set(self.given),
            refused: set(self.refused),
            agreed: set(self.agreed),
            gpc: self.gpc,
            ..Question::default()
        };
        let now = Clock::wall().now();
        let wrong = |unknown: policy::explain::Unknown| End::Wrong(unknown.to_string());
        say(&policy::explain(&policy, &question, now, &self.language).map_err(wrong)?);
        if !policy::explain::permits(&policy, &question, now).map_err(wrong)? {
            // The text has said it.
            return Err(End::No(String::new()));
        }
        Ok(())
    }
}

/// Formats the declarations of a policy in place.
#[derive(Debug, Args)]
pub(crate) struct Fmt {
    /// The folder of the policy.
    dir: PathBuf,
    /// Change nothing; say what would be changed.
    #[arg(long)]
    check: bool,
}

impl Fmt {
    pub(crate) fn run(&self) -> Result<(), End> {
        let mut unformatted = Vec::new();
        for (name, text) in read(&self.dir)?.files {
            if Path::new(&name).extension().is_none_or(|it| it != "md") {
                continue;
            }
            let formatted = policy::format(&text);
            if formatted != text {
                if !self.check {
                    overwrite(&self.dir.join(&name), &formatted)?;
                }
                unformatted.push(name);
            }
        }
        match (self.check, unformatted.is_empty()) {
            (_, true) => Ok(()),
            (true, false) => Err(End::No(format!("not formatted: {}", unformatted.join(", ")))),
            (false, false) => {
                say(&format!("formatted: {}", unformatted.join(", ")));
                Ok(())
            }
        }
    }
}

/// Whoever reads the file at this moment finds the old text or the new one.
fn overwrite(path: &Path, text: &str) -> Result<(), End> {
    use std::io::Write as _;
    let half = path.with_extension("half");
    let mut file = fs::File::create(&half)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fs::rename(half, path)?)
}
