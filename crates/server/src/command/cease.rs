//! `kept cease`: the end of a product or of the whole service, step by step.

use std::path::PathBuf;

use clap::Args;
use flows::Flows;
use flows::cessation::{self, Plan, Seen};
use jiff::civil::Date;

use super::people::end;
use super::place::Place;
use super::policy::served;
use super::{End, say};
use crate::clock::Clock;

/// What can be done, and what is said of it where it is not known.
const VERBS: &str = "`plan`, `announce`, `run`, `report` or `cancel`";
const INSTEAD: &str =
    "do it through `/v1/cessation` as a member of staff, or stop the server first";

/// Ends a product, or the whole service: a dated plan, notices, time to export, deletion, a report.
///
/// `plan` says what it would be and tells nobody. `announce` takes two members of staff, one of them an
/// officer: from then on everybody is told. `run` carries the deletion out once the time to export is
/// over; a server does so by itself. `report` gives the signed report. `cancel` calls it off until then.
#[derive(Debug, Args)]
pub(crate) struct Cease {
    /// A product that the policy declares, where not the whole service ends, and what to do: `plan`,
    /// `announce`, `run`, `report`, `cancel`.
    #[arg(value_name = "[PRODUCT] VERB", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// The member of staff who does it: `stf_…`.
    #[arg(long, value_name = "STAFF")]
    by: Option<String>,
    /// Another member of staff, who approves the announcement.
    #[arg(long, value_name = "STAFF")]
    approved_by: Option<String>,
    /// The day on which it is to end, where that is later than the policy's notice asks: `2027-03-01`.
    #[arg(long, value_name = "DATE")]
    ends: Option<Date>,
    /// Write the report to a file.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

impl Cease {
    pub(crate) async fn run(self) -> Result<(), End> {
        let (product, verb) = match self.words.as_slice() {
            [verb] => (None, verb.as_str()),
            [product, verb] => (Some(product.as_str()), verb.as_str()),
            _ => return Err(End::Wrong(format!("say what to do: {VERBS}"))),
        };
        if !["plan", "announce", "run", "report", "cancel"].contains(&verb) {
            return Err(End::Wrong(format!("`{verb}` is none of {VERBS}")));
        }
        let clock = Clock::wall();
        let flows = self.place.open_there(&clock).await.map_err(|it| served(it, INSTEAD))?;
        let done = match verb {
            "plan" => self.plan(&flows, product, &clock).await,
            "announce" => self.announce(&flows, product, &clock).await,
            "run" => carry_out(&flows, product, &clock).await,
            "cancel" => self.cancel(&flows, product, &clock).await,
            _ => self.report(&flows, product).await,
        };
        flows.close(clock.now()).await.map_err(end)?;
        done
    }

    fn by(&self) -> Result<&str, End> {
        let missing = || End::Wrong("say who does it: `--by STAFF`, as in `stf_…`".to_owned());
        self.by.as_deref().ok_or_else(missing)
    }

    async fn plan(&self, flows: &Flows, product: Option<&str>, clock: &Clock) -> Result<(), End> {
        let ends = self.ends.map(|day| instant(flows, day)).transpose()?;
        let ask = Plan { product: product.map(str::to_owned), ends };
        let planned = cessation::plan(flows, ask, self.by()?, clock.now()).await.map_err(end)?;
        let seen = counted(flows, &planned.id, clock).await?;
        say(&shown(&seen));
        say("nobody was told: `kept cease announce --by STAFF --approved-by STAFF`");
        Ok(())
    }

    async fn announce(
        &self,
        flows: &Flows,
        product: Option<&str>,
        clock: &Clock,
    ) -> Result<(), End> {
        let missing =
            || End::Wrong("a second member of staff approves it: `--approved-by STAFF`".to_owned());
        let second = self.approved_by.as_deref().ok_or_else(missing)?;
        let found = current(flows, product).await?;
        let seen = counted(flows, &found.id, clock).await?;
        // Where the first step was done already, the second is left.
        if seen.state == "planned" {
            cessation::announce(flows, &seen.id, self.by()?).await.map_err(end)?;
        }
        let seen = cessation::approve(flows, &seen.id, second, clock.now()).await.map_err(end)?;
        say(&shown(&seen));
        say("announced; everybody is told as soon as the server runs");
        Ok(())
    }

    async fn cancel(&self, flows: &Flows, product: Option<&str>, clock: &Clock) -> Result<(), End> {
        let found = current(flows, product).await?;
        let by = self.by()?;
        let seen = cessation::cancel(flows, &found.id, by, clock.now()).await.map_err(end)?;
        say(&format!("number {} is called off; whoever was told of it is told", seen.id));
        Ok(())
    }

    async fn report(&self, flows: &Flows, product: Option<&str>) -> Result<(), End> {
        let seen = current(flows, product).await?;
        let Some(report) = &seen.report else {
            say(&shown(&seen));
            return Err(End::No(format!(
                "number {} is `{}`: there is a report when everything was deleted",
                seen.id, seen.state
            )));
        };
        match &self.out {
            None => say(report),
            Some(path) => {
                write(path, report)?;
                say(&format!("`{}`: check it with `kept journal verify --report`", path.display()));
            }
        }
        Ok(())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a report that was asked for, for somebody else to keep"
)]
fn write(path: &std::path::Path, report: &str) -> Result<(), End> {
    std::fs::write(path, report)
        .map_err(|error| End::Wrong(format!("`{}` cannot be written: {error}", path.display())))
}

/// The beginning of a day in the home region.
fn instant(flows: &Flows, day: Date) -> Result<decide::Timestamp, End> {
    let book = flows.book();
    let zone = book.policy().zone(book.policy().header.home()).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = day.to_zoned(zone).map_err(|error| End::Wrong(format!("`--ends {day}`: {error}")))?;
    Ok(decide::Timestamp::from_millis(at.timestamp().as_millisecond()))
}

/// The newest one of the product, or of the service.
async fn current(flows: &Flows, product: Option<&str>) -> Result<Seen, End> {
    let all = cessation::all(flows).await.map_err(end)?;
    let found = all.into_iter().find(|it| it.product.as_deref() == product);
    found.ok_or_else(|| End::No("nothing is planned: `kept cease plan --by STAFF`".to_owned()))
}

/// Waits until everybody was counted.
async fn counted(flows: &Flows, id: &str, clock: &Clock) -> Result<Seen, End> {
    loop {
        let seen = cessation::one(flows, id).await.map_err(end)?;
        if seen.counted {
            return Ok(seen);
        }
        flows::retention::work(flows, clock.now()).await.map_err(end)?;
    }
}

/// Does what is due, until everything is deleted.
async fn carry_out(flows: &Flows, product: Option<&str>, clock: &Clock) -> Result<(), End> {
    let mut last = String::new();
    loop {
        flows::retention::work(flows, clock.now()).await.map_err(end)?;
        let seen = current(flows, product).await?;
        match seen.state.as_str() {
            "closed" => {
                say("everything is deleted: `kept cease report`");
                return Ok(());
            }
            "running" => {
                let line = format!("number {}: {} regions counted", seen.id, seen.held.len());
                if line != last {
                    say(&line);
                    last = line;
                }
                // Erasures that are under way have a moment.
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
            _ => {
                say(&shown(&seen));
                let until = seen.dates.filter(|it| it.fixed).map(|it| it.export_until);
                return Err(match until {
                    Some(until) => End::No(format!(
                        "people can take their data along until {until}: nothing is deleted before"
                    )),
                    None => End::No(format!("number {} is `{}`", seen.id, seen.state)),
                });
            }
        }
    }
}

/// An ending for a terminal.
fn shown(seen: &Seen) -> String {
    let what = seen.product.as_deref().unwrap_or("the whole service");
    let mut lines = vec![format!("number {}: {what}, {}", seen.id, seen.state)];
    if let Some(dates) = &seen.dates {
        if !dates.fixed {
            lines.push("if it were approved now:".to_owned());
        }
        lines.extend([
            format!("  {}  people are told", dates.announced),
            format!("  {}  the end: nothing more is collected", dates.ends),
            format!("  {}  the last moment to export", dates.export_until),
            format!("  {}  everything is deleted by then", dates.deleted_by),
        ]);
    }
    if !seen.categories.is_empty() {
        lines.push(format!("deleted with it: {}", seen.categories.join(", ")));
    }
    lines.push(format!(
        "{:<8}{:>10}{:>10}{:>10}{:>12}",
        "region", "people", "mail", "push", "site only"
    ));
    for (region, it) in &seen.reach {
        lines.push(format!(
            "{region:<8}{:>10}{:>10}{:>10}{:>12}",
            it.people, it.mail, it.push, it.site_only
        ));
    }
    for hold in &seen.holds {
        lines.push(format!("a hold stays: {} in {}, until {}", hold.id, hold.region, hold.until));
    }
    lines.join("\n")
}
