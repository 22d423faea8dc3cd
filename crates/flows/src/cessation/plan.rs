//! Planning an end: what it would be, and how many people can be told in which way. Nobody is told.

use decide::Timestamp;
use journal::RoundRow;

use super::KIND;
use super::body::{Body, Product, number};
use super::show::{Seen, one};
use super::state::{CANCELLED, MACHINE};
use crate::book::Book;
use crate::security::Role;
use crate::{Flows, Stop};

/// What is to end.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// The product; the whole service where there is none.
    pub product: Option<String>,
    /// When, where that is to be later than the policy's notice asks.
    pub ends: Option<Timestamp>,
}

/// Plans an end. Whoever plans is a member of staff, named by their id.
///
/// # Errors
/// `Invalid` for a product that the policy does not declare, `NotNow` where an end of the same is
/// under way, or the policy has no clause about one.
pub async fn plan(flows: &Flows, ask: Plan, by: &str, now: Timestamp) -> Result<Seen, Stop> {
    let book = flows.book();
    if book.policy().cessation.is_none() {
        return Err(Stop::NotNow(
            "the policy does not say how a service ends: declare `[cessation]`".to_owned(),
        ));
    }
    staff(flows, by).await?;
    let product = ask.product.as_deref().map(|id| product(&book, id)).transpose()?;
    let state = MACHINE.step("", "plan", "staff")?;
    let door = flows.journal().installation();
    let rounds = door.rounds(KIND).await?;
    let body = Body::new(product, ask.ends, by);
    for round in rounds.iter().filter(|it| it.state != CANCELLED) {
        let other = Body::read(round)?;
        if other.what() == body.what() || other.what().is_none() {
            return Err(Stop::NotNow(format!(
                "an end is under way already: number {}, which is `{}`",
                number(&round.id),
                round.state
            )));
        }
    }
    let next = rounds.len().saturating_add(1);
    let round = RoundRow {
        id: format!("{KIND}/{next}"),
        kind: KIND.to_owned(),
        state: state.to_owned(),
        body: body.text()?,
        cursor: String::new(),
        wake: Some(now),
        made: now,
        version: 0,
    };
    door.add_round(round).await?;
    one(flows, &next.to_string()).await
}

fn product(book: &Book, id: &str) -> Result<Product, Stop> {
    let products = &book.policy().products;
    let declared = products.get(id).ok_or_else(|| {
        let names: Vec<_> = products.keys().map(|it| format!("`{it}`")).collect();
        let say = if names.is_empty() {
            "the policy declares no `[product.ID]`: leave it out to end the whole service"
                .to_owned()
        } else {
            format!("use a product that the policy declares: {}", names.join(", "))
        };
        Stop::invalid("product", say)
    })?;
    Ok(Product {
        id: id.to_owned(),
        purposes: declared.purposes.clone(),
        categories: declared.categories.clone(),
    })
}

/// Whether somebody is a member of staff, and an officer.
pub(super) async fn staff(flows: &Flows, id: &str) -> Result<bool, Stop> {
    let all = crate::security::staff(flows).await?;
    let found = all.into_iter().find(|it| it.id == id && !it.ended);
    let found = found.ok_or_else(|| {
        Stop::invalid("by", format!("`{id}` is no member of staff: give the id, `stf_…`"))
    })?;
    Ok(found.roles.contains(&Role::Officer.word()))
}
