//! Endings, as members of staff see them: figures, dates and ids.

use std::collections::BTreeMap;

use decide::Timestamp;
use journal::RoundRow;

use super::KIND;
use super::body::{Body, Held, Reach, find, number};
use super::report::{Hold, holds};
use crate::time::when;
use crate::{Flows, Stop};

/// An ending.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Seen {
    /// Its number.
    pub id: String,
    /// Where it stands.
    pub state: String,
    /// The product; the whole service where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// What goes with the product.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Who planned it.
    pub planned_by: String,
    /// Who announced it, then who approved it.
    pub approved_by: Vec<String>,
    /// The dates: those that are fixed, or what they would be if it were approved now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DatesSeen>,
    /// Whether everybody was counted.
    pub counted: bool,
    /// How people can be told, by region.
    pub reach: BTreeMap<String, Reach>,
    /// Who was told so far, by notice and region.
    pub told: BTreeMap<String, BTreeMap<String, Reach>>,
    /// What was held when the deletion began, by region.
    pub held: BTreeMap<String, Held>,
    /// Holds that stay.
    pub holds: Vec<Hold>,
    /// The signed report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// The dates of an ending.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DatesSeen {
    /// Whether they are fixed.
    pub fixed: bool,
    /// When everybody begins to be told.
    pub announced: String,
    /// From then on nothing is collected.
    pub ends: String,
    /// Until then people can take their data along.
    pub export_until: String,
    /// By then everything is gone.
    pub deleted_by: String,
}

/// One ending.
///
/// # Errors
/// `NotFound` where there is none with this number.
pub async fn one(flows: &Flows, number: &str) -> Result<Seen, Stop> {
    let (round, body) = find(flows, number).await?;
    seen(flows, round, body).await
}

/// All of them, newest first.
///
/// # Errors
/// When they cannot be read.
pub async fn all(flows: &Flows) -> Result<Vec<Seen>, Stop> {
    let mut list = Vec::new();
    for round in flows.journal().installation().rounds(KIND).await? {
        let body = Body::read(&round)?;
        list.push(seen(flows, round, body).await?);
    }
    Ok(list)
}

async fn seen(flows: &Flows, round: RoundRow, body: Body) -> Result<Seen, Stop> {
    // Nothing is promised yet: what it would come to.
    let planned = || super::approve::dates(flows, &body, round.made).ok();
    let dates = body.dates.or_else(planned).map(|it| {
        let text = |millis| when(Timestamp::from_millis(millis));
        DatesSeen {
            fixed: body.dates.is_some(),
            announced: text(it.announced),
            ends: text(it.ends),
            export_until: text(it.export_until),
            deleted_by: text(it.deleted_by),
        }
    });
    let categories = body.product.as_ref().map(|it| it.categories.iter().cloned().collect());
    Ok(Seen {
        id: number(&round.id).to_owned(),
        state: round.state,
        product: body.what().map(str::to_owned),
        categories: categories.unwrap_or_default(),
        planned_by: body.planned_by,
        approved_by: body.approved_by,
        dates,
        counted: body.counted,
        reach: body.reach,
        told: body.told,
        held: body.held,
        holds: holds(flows).await?,
        report: body.report,
    })
}
