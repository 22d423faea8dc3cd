//! Endings that were announced: what the rules and every page know of them.

use std::collections::BTreeSet;

use decide::Timestamp;
use decide::spec::{Ended, EndingSpec};
use journal::Journal;
use policy::Policy;
use serde::{Deserialize, Serialize};

use super::KIND;
use super::body::{Body, number};
use super::state::{ANNOUNCED, CLOSED, ENDED, RUNNING};
use crate::Stop;
use crate::messages::SUPPORT;

/// The dates of an ending, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dates {
    /// When everybody began to be told.
    pub announced: i64,
    /// From then on nothing is collected.
    pub ends: i64,
    /// Until then people can take their data along.
    pub export_until: i64,
    /// By then everything is gone.
    pub deleted_by: i64,
}

/// An ending that was announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Its number.
    pub number: String,
    /// The product; the whole service where there is none.
    pub product: Option<String>,
    /// Its dates.
    pub dates: Dates,
    /// Whether it has come.
    pub ended: bool,
    /// Whether everything was deleted.
    pub closed: bool,
    rule: EndingSpec,
}

impl Ending {
    /// As the rules of a policy have it.
    pub(crate) fn rule(&self, policy: &Policy) -> EndingSpec {
        let mut rule = self.rule.clone();
        if let Ended::Service { answered } = &mut rule.what {
            answered.retain(|it| policy.purposes.contains_key(it));
        }
        rule
    }

    /// What ends, as people call it: the title of the product; nothing for the whole service.
    pub fn title<'a>(&'a self, policy: &'a Policy, language: &str) -> Option<&'a str> {
        let id = self.product.as_deref()?;
        let declared = policy.products.get(id);
        Some(declared.map_or(id, |it| it.title.in_language(language)))
    }

    /// When it ends.
    pub const fn ends(&self) -> Timestamp {
        Timestamp::from_millis(self.dates.ends)
    }
}

/// The endings that count, oldest first. What has ended stays so after everything was deleted.
pub(crate) async fn in_rules(journal: &Journal, now: Timestamp) -> Result<Vec<Ending>, Stop> {
    let mut rounds = journal.installation().rounds(KIND).await?;
    rounds.retain(|it| [ANNOUNCED, ENDED, RUNNING, CLOSED].contains(&it.state.as_str()));
    let mut endings = Vec::new();
    for round in rounds.iter().rev() {
        let body = Body::read(round)?;
        let Some(dates) = body.dates else { continue };
        let product = body.what().map(str::to_owned);
        let what = match body.product {
            // Who writes or complains is heard until everything is deleted.
            None if round.state == CLOSED => Ended::Service { answered: BTreeSet::new() },
            None => Ended::Service { answered: [SUPPORT.to_owned()].into() },
            Some(it) => Ended::Product { purposes: it.purposes, categories: it.categories },
        };
        endings.push(Ending {
            number: number(&round.id).to_owned(),
            product,
            dates,
            ended: dates.ends <= now.millis(),
            closed: round.state == CLOSED,
            rule: EndingSpec { from: Timestamp::from_millis(dates.ends), what },
        });
    }
    Ok(endings)
}
