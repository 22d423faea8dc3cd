//! Legal holds: two of staff, one value, and an end that comes by itself.

use decide::Timestamp;
use decide::id::HoldId;
use flows::Stop;
use flows::retention::hold::{self, Place};
use sim::world::Dice;

use crate::install::{DAY, Install};
use crate::known::{Held, Known};

/// The category that is held.
const CATEGORY: &str = "name";

/// A court wants somebody's name kept.
pub(crate) async fn place(
    (install, dice): (&Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    let flows = install.flows();
    let until = now.plus_millis((10 + i64::try_from(dice.below(60)).unwrap()) * DAY);
    let ask = Place {
        person: known.id,
        categories: vec![CATEGORY.to_owned()],
        ground: "a claim before a court".to_owned(),
        reference: "planted reference 17".to_owned(),
        authority: "District Court".to_owned(),
        until,
        idempotency: None,
    };
    let asked = hold::place(flows, "stf_one", &ask, now).await.unwrap().into_inner();
    let id = HoldId::parse(&asked.id).unwrap();
    let alone = hold::approve(flows, "stf_one", id, now).await;
    assert!(matches!(alone, Err(Stop::NotNow(_))), "one of staff alone holds nothing");
    drop(hold::approve(flows, "stf_two", id, now).await.unwrap().into_inner());
    known.held = Some(Held { id, category: CATEGORY.to_owned(), until });
}

/// It is lifted before its day.
pub(crate) async fn lift(install: &Install, known: &mut Known, now: Timestamp) {
    let Some(held) = known.held.take() else { return };
    hold::lift(install.flows(), "stf_two", held.id, now).await.unwrap();
}
