//! What an ending is about and how far it has come: ids, words and figures alone.

use std::collections::{BTreeMap, BTreeSet};

use decide::Timestamp;
use journal::RoundRow;
use serde::{Deserialize, Serialize};

use super::KIND;
use super::announced::Dates;
use crate::{Flows, Stop};

/// The version of this shape.
const VERSION: u8 = 1;

/// An ending as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Body {
    v: u8,
    /// The product; the whole service where there is none.
    pub(super) product: Option<Product>,
    /// When it is wanted to end, where that is later than the policy's notice asks.
    pub(super) wanted: Option<i64>,
    /// From the approval on.
    pub(super) dates: Option<Dates>,
    /// Who planned it.
    pub(super) planned_by: String,
    /// Who announced it, then who approved it.
    pub(super) approved_by: Vec<String>,
    /// Whether everybody was counted.
    pub(super) counted: bool,
    /// How people can be told, by region.
    pub(super) reach: BTreeMap<String, Reach>,
    /// The notice that is on its way or comes next.
    pub(super) notice: usize,
    /// Who was told, by notice and region.
    pub(super) told: BTreeMap<String, BTreeMap<String, Reach>>,
    /// What the deletion is at.
    pub(super) stage: Stage,
    /// What was held when the deletion began, by region.
    pub(super) held: BTreeMap<String, Held>,
    /// When the deletion began.
    pub(super) begun: Option<i64>,
    /// When everything was gone.
    pub(super) finished: Option<i64>,
    /// The signed report.
    pub(super) report: Option<String>,
}

/// A product that ends, as the policy declared it when the end was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Product {
    /// Its id.
    pub(super) id: String,
    /// Purposes that are its own.
    pub(super) purposes: BTreeSet<String>,
    /// Categories that are held for it.
    pub(super) categories: BTreeSet<String>,
}

/// How many people are reached in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// All of them.
    pub people: u64,
    /// By mail.
    pub mail: u64,
    /// By push message.
    pub push: u64,
    /// In neither way: the announcement on the site tells them.
    pub site_only: u64,
}

impl Reach {
    /// One more person.
    pub(super) const fn add(&mut self, mail: bool, push: bool) {
        self.people = self.people.saturating_add(1);
        self.mail = self.mail.saturating_add(mail as u64);
        self.push = self.push.saturating_add(push as u64);
        self.site_only = self.site_only.saturating_add(!(mail || push) as u64);
    }
}

/// What was held in a region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// People.
    pub people: u64,
    /// Values, by category.
    pub values: BTreeMap<String, u64>,
    /// Days of log information.
    pub days: u64,
}

/// What the deletion is at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Stage {
    /// Counts what is held.
    #[default]
    Counting,
    /// Deletes.
    Deleting,
    /// Waits for erasures that are under way.
    Waiting,
}

impl Body {
    pub(super) fn new(product: Option<Product>, wanted: Option<Timestamp>, by: &str) -> Self {
        Self {
            v: VERSION,
            product,
            wanted: wanted.map(Timestamp::millis),
            dates: None,
            planned_by: by.to_owned(),
            approved_by: Vec::new(),
            counted: false,
            reach: BTreeMap::new(),
            notice: 0,
            told: BTreeMap::new(),
            stage: Stage::default(),
            held: BTreeMap::new(),
            begun: None,
            finished: None,
            report: None,
        }
    }

    pub(super) fn read(round: &RoundRow) -> Result<Self, Stop> {
        let broken = || Stop::Broken(format!("the round `{}` cannot be read", round.id));
        let body: Self = serde_json::from_str(&round.body).map_err(|_| broken())?;
        if body.v == VERSION { Ok(body) } else { Err(broken()) }
    }

    pub(super) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string(self).map_err(|error| Stop::Broken(error.to_string()))
    }

    /// What ends, as it is compared: a product's id, or nothing for the service.
    pub(super) fn what(&self) -> Option<&str> {
        self.product.as_ref().map(|it| it.id.as_str())
    }
}

/// The number of an ending, which people write.
pub(super) fn number(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The ending with a number.
pub(super) async fn find(flows: &Flows, number: &str) -> Result<(RoundRow, Body), Stop> {
    let id = format!("{KIND}/{number}");
    let round = flows.journal().installation().round(&id).await?.ok_or(Stop::NotFound)?;
    let body = Body::read(&round)?;
    Ok((round, body))
}

/// Writes an ending as it stands now.
pub(super) async fn put(flows: &Flows, mut round: RoundRow, body: &Body) -> Result<(), Stop> {
    round.body = body.text()?;
    Ok(flows.journal().installation().put_round(&round).await?)
}
