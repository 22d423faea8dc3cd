//! Sweeping: values past their time go one by one, log information a day at a time.

use decide::{Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Partition, Write};
use policy::Duration;

use super::VALUES_DUE;
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// Deletes what is due of one person, and says when to come again.
pub(super) async fn values(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(once(flows, person, now).await)
}

async fn once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "retention");
    let due = {
        let tx = flows.journal().begin(person, Set::EMPTY).await?;
        let rows = tx.values().iter().filter(|it| it.due.is_some_and(|due| due <= now));
        rows.map(|it| it.category).collect::<Set<Category>>()
    };
    let act = Act::Exercise { right: Right::Delete };
    let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, due, &asker) };
    let mut tx = flows.permit(&book, case, now).await?;
    let next = tx.values().iter().filter(|it| !due.has(it.category)).filter_map(|it| it.due).min();
    for category in due.iter() {
        tx.stage(Write::DeleteValue(category));
    }
    match next {
        Some(due) => tx.stage(Write::Job { kind: VALUES_DUE, due }),
        None => tx.stage(Write::DropJob(VALUES_DUE)),
    }
    tx.note(serde_json::json!({ "retention": book.category_ids(due) }));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// The class of a partition: how long what lies in it is kept.
pub(crate) fn class(period: Duration) -> String {
    period.to_string().replace(' ', "-")
}

/// Drops whole days of log information whose time is over.
pub(super) async fn partitions(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    for region in flows.journal().regions() {
        for partition in flows.journal().partitions(*region).await? {
            let Some(ends) = ends(&partition) else { continue };
            let Some(period) = Duration::parse(&partition.class().replacen('-', " ", 1)) else {
                continue;
            };
            let due = book.policy().due(region.as_str(), ends, period);
            if due.is_ok_and(|it| it <= now) {
                flows.journal().drop_partition(*region, &partition, now).await?;
            }
        }
    }
    Ok(())
}

/// The end of a partition's day: its youngest event is not kept a moment longer than promised, and
/// none of the others is there by then; each is refused from its own due instant.
fn ends(partition: &Partition) -> Option<Timestamp> {
    let text = partition.day();
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let date = jiff::civil::Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let next = date.ok()?.tomorrow().ok()?;
    let at = next.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}
