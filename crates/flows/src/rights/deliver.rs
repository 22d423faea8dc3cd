//! Making a delivery: a connected system is written to, again and again under the same id, until it
//! says that it is done. What is done is not sent again, also when a request was half complete.

use decide::id::DeliveryId;
use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Write};
use serde_json::json;

use super::state::{MACHINE, RequestState};
use super::tell::{DELIVERY, DONE, TELLING, Told, What, delivering};
use super::{sign, system::System};
use crate::engine::{Case, again};
use crate::limit::{DELIVERY_AGAIN_MILLIS, DELIVERY_LOOK_MILLIS, ROWS_AT_ONCE};
use crate::outbound::Bounds;
use crate::{Flows, Stop, when};

/// What came of writing to a system.
enum Heard {
    Done,
    Accepted,
    Nothing,
}

/// The job: writes once, and says when to come again. It survives the person.
pub(crate) async fn deliver(
    flows: &Flows,
    (id, attempts): (DeliveryId, u32),
    now: Timestamp,
) -> Result<(), Stop> {
    let (person, row) = flows.journal().scratch().case(id).await?.ok_or(Stop::NotFound)?;
    if !row.open {
        return settle(flows, (person, &row), now).await;
    }
    let told = Told::of(&row)?;
    let Some(system) = flows.system(&told.to) else {
        // Who cannot be called asks for it, and it stays open until then.
        return later(flows, (person, id), now.plus_millis(DELIVERY_LOOK_MILLIS)).await;
    };
    match send(flows, (person, id, &told), &system, now).await {
        Heard::Done => done(flows, (id, "system", &system.id), now).await,
        Heard::Accepted => {
            move_on(flows, (person, &row, "accept"), (AskerKind::System, "deliver"), now).await?;
            later(flows, (person, id), now.plus_millis(DELIVERY_LOOK_MILLIS)).await
        }
        Heard::Nothing => {
            let doubled = DELIVERY_AGAIN_MILLIS.saturating_mul(1_i64 << attempts.min(12));
            let wait = doubled.min(DELIVERY_LOOK_MILLIS);
            later(flows, (person, id), now.plus_millis(wait)).await
        }
    }
}

async fn later(
    flows: &Flows,
    (person, id): (PersonId, DeliveryId),
    due: Timestamp,
) -> Result<(), Stop> {
    Ok(flows.journal().scratch().job_later(person, &delivering(id), due).await?)
}

/// Writes to a system: what it is about, under an id that stays the same, and signed.
async fn send(
    flows: &Flows,
    (person, id, told): (PersonId, DeliveryId, &Told),
    system: &System,
    now: Timestamp,
) -> Heard {
    let body = message(person, id, told).to_string();
    let id = id.to_string();
    let stamp = now.millis().div_euclid(1_000).to_string();
    let signature = sign::signature(&system.secret, (&id, &stamp), body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", stamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let sent = flows.indoors().post(&system.url, &headers, body.into_bytes(), Bounds::default());
    let why = match sent.await {
        Ok(reply) if (200..300).contains(&reply.status) => {
            let said: Option<serde_json::Value> = serde_json::from_slice(&reply.body).ok();
            let done =
                said.as_ref().and_then(|it| it.get("done")).and_then(serde_json::Value::as_bool);
            return if done == Some(true) { Heard::Done } else { Heard::Accepted };
        }
        Ok(reply) => format!("it answered {}", reply.status),
        Err(fault) => fault.to_string(),
    };
    tracing::warn!(system = system.id, delivery = id, why, "a connected system was not told");
    Heard::Nothing
}

/// What is told, in the words of the interface.
pub(super) fn message(person: PersonId, id: DeliveryId, told: &Told) -> serde_json::Value {
    let mut message = json!({
        "delivery": id.to_string(),
        "person": person.to_string(),
        "what": told.what,
        "erase": told.what == What::Erase,
        "categories": told.categories,
    });
    if let (Some(fields), Some(request)) = (message.as_object_mut(), &told.request) {
        fields.insert("request".to_owned(), request.as_str().into());
    }
    message
}

/// A delivery is done, by whoever was told: said once or again, it is done once.
pub(crate) async fn done(
    flows: &Flows,
    (id, kind, by): (DeliveryId, &str, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let (person, row) = flows.journal().scratch().case(id).await?.ok_or(Stop::NotFound)?;
    if row.kind != DELIVERY {
        return Err(Stop::NotFound);
    }
    let asker = if kind == "partner" { AskerKind::Partner } else { AskerKind::System };
    if row.open {
        move_on(flows, (person, &row, "done"), (asker, by), now).await?;
    }
    settle(flows, (person, &row), now).await
}

/// Moves a delivery on: on the record, unless nobody is left whose record it could be.
async fn move_on(
    flows: &Flows,
    (person, row, event): (PersonId, &CaseRow, &str),
    asker: (AskerKind, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    match again!(recorded(flows, (person, row, event), asker, now).await) {
        Err(Stop::Gone) => {
            let state = TELLING.step(&row.state, event, "recipient")?;
            let scratch = flows.journal().scratch();
            Ok(scratch.settle_case(person, row.id, (state, state != DONE)).await?)
        }
        done => done,
    }
}

async fn recorded(
    flows: &Flows,
    (person, row, event): (PersonId, &CaseRow, &str),
    (kind, by): (AskerKind, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(kind, by);
    let act = Act::Exercise { right: Right::Delete };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let fresh = tx.case(row.id).await?.ok_or(Stop::NotFound)?;
    // Another was quicker: then there is nothing to move.
    if fresh.open {
        let state = TELLING.step(&fresh.state, event, "recipient")?;
        let id = DeliveryId::from(fresh.id).to_string();
        let open = state != DONE;
        tx.stage(Write::Case(CaseRow { state: state.to_owned(), open, ..fresh }));
        tx.note(json!({ "delivery": id, "state": state }));
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// What follows when a delivery is done: the request that waited for it is complete when nothing else
/// is outstanding, and only then the job goes. Done again after a crash, it comes to the same.
async fn settle(
    flows: &Flows,
    (person, row): (PersonId, &CaseRow),
    now: Timestamp,
) -> Result<(), Stop> {
    let scratch = flows.journal().scratch();
    if let Some(request) = Told::of(row)?.request() {
        complete(flows, (person, request), now).await?;
    }
    Ok(scratch.job_done(person, &delivering(DeliveryId::from(row.id))).await?)
}

async fn complete(
    flows: &Flows,
    (person, request): (PersonId, decide::id::RequestId),
    now: Timestamp,
) -> Result<(), Stop> {
    let scratch = flows.journal().scratch();
    let Some((_, row)) = scratch.case(request).await? else { return Ok(()) };
    // While somebody is left whose record it would be, nobody waits for others.
    let erased = row.open && row.state == RequestState::Working.word();
    if !erased || flows.journal().begin(person, Set::EMPTY).await.is_ok() {
        return Ok(());
    }
    if outstanding(flows, (person, request)).await?.is_empty() {
        let state = MACHINE.step(&row.state, "told", "system")?;
        scratch.settle_case(person, request, (state, false)).await?;
        scratch.count("erasures-complete", now);
    }
    Ok(())
}

/// Deliveries of a request that nobody has answered as done.
pub(super) async fn outstanding(
    flows: &Flows,
    (person, request): (PersonId, decide::id::RequestId),
) -> Result<Vec<Outstanding>, Stop> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let of = (DELIVERY, after);
        let rows = flows.journal().scratch().cases_of_kind(person, of, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = Some(last.id);
        for row in rows.iter().filter(|it| it.open) {
            let told = Told::of(row)?;
            if told.request() == Some(request) {
                found.push(Outstanding::of(row, &told));
            }
        }
    }
}

/// Somebody who was told and has not answered that it is done.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, zeroize::Zeroize)]
pub struct Outstanding {
    /// The delivery.
    pub delivery: String,
    /// Who was told.
    pub to: String,
    /// Where it stands.
    pub state: String,
    /// Since when.
    pub since: String,
    /// Until when it has to be done.
    pub due: String,
}

impl Outstanding {
    fn of(row: &CaseRow, told: &Told) -> Self {
        Self {
            delivery: DeliveryId::from(row.id).to_string(),
            to: told.to.clone(),
            state: row.state.clone(),
            since: when(row.received),
            due: when(row.due),
        }
    }
}
