//! Putting a value right, and deleting one.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded, Write};
use policy::clause::collection::SourceKind;
use serde_json::json;

use crate::account::{Given, hash_password, named, stage};
use crate::answer::Wiped;
use crate::engine::{Case, Idempotency, again, remember};
use crate::{Flows, Plain, Stop, minors, value, when};

type Done = Recorded<Wiped<serde_json::Value>>;

const OK: u16 = 200;

/// Puts a value right, or adds one that the person may give.
///
/// # Errors
/// `Invalid` for a value that does not fit, `Taken` for an address of another account.
pub async fn correct(
    flows: &Flows,
    person: PersonId,
    (id, given, idempotency): (&str, Plain, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Done, Stop> {
    let book = flows.book();
    let category = book.category(id)?;
    let Some(declared) = book.declared(category).filter(|it| !it.events) else {
        return Err(Stop::invalid("category", "log information cannot be put right, only deleted"));
    };
    let own = book.source_of(SourceKind::Person)?;
    if !book.rules().brings(own).has(category) {
        return Err(Stop::invalid(
            "category",
            "this does not come from you; delete it, or write to us to have it put right",
        ));
    }
    let region = person.region();
    let field = "value";
    let given = if id == named::PASSWORD {
        hash_password(flows, given).await?
    } else {
        value::normal(field, declared.format, given.as_str(), region.as_str())?
    };
    flows.replayed(region, idempotency, now)?;
    let work = async || {
        let asker = Asker::new(AskerKind::Person, "self");
        let act = Act::Exercise { right: Right::Correct };
        let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(category), &asker) };
        let mut tx = flows.permit(&book, case, now).await?;
        let given = Given { category, value: &given, source: own };
        let due = stage(flows, &book, &mut tx, &given, now)?;
        crate::retention::schedule(&mut tx, due.as_slice());
        if id == named::BIRTH_DATE {
            let age = minors::age(&book, region, value::date(field, given.value.as_str())?, now)?;
            tx.stage(Write::Age(age));
        }
        let answer = json!({ "category": id, "due": due.map(when) });
        remember(&mut tx, idempotency, OK, &answer);
        tx.note(json!({ "corrected": id }));
        let owed = tx.owe(Wiped(answer));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// Deletes one value.
///
/// # Errors
/// `NotNow` for a value without which there is no account, `NotFound` where none is held.
pub async fn delete(
    flows: &Flows,
    person: PersonId,
    id: &str,
    now: Timestamp,
) -> Result<Done, Stop> {
    let book = flows.book();
    let category = book.category(id)?;
    let work = async || {
        let asker = Asker::new(AskerKind::Person, "self");
        let act = Act::Exercise { right: Right::Delete };
        let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(category), &asker) };
        let mut tx = flows.permit(&book, case, now).await?;
        if !tx.values().iter().any(|it| it.category == category) {
            return Err(Stop::NotFound);
        }
        let required = book.policy().registration.iter().any(|it| it.required.contains(id));
        if required && tx.facts().account != Account::Visitor {
            let say = "there is no account without it; close the account to delete it";
            return Err(Stop::NotNow(say.to_owned()));
        }
        tx.stage(Write::DeleteValue(category));
        if id == named::BIRTH_DATE {
            tx.stage(Write::Age(decide::Age::Unknown));
        }
        tx.note(json!({ "deleted": id }));
        let owed = tx.owe(Wiped(json!({ "category": id, "deleted": true })));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
