//! What applications ask and do with their keys.

use axum::extract::State;
use flows::collection::{self, Put};
use flows::purpose::{self, Ask, Find, Use};
use flows::{Plain, Stop};
use serde::Deserialize;

use super::Answer;
use super::people::id_of;
use crate::body::{Json, Once};
use crate::credentials::AppKey;
use crate::limit::BATCH_MAX;
use crate::path::Path;
use crate::{App, Problem, Reply};

/// A question.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    person: String,
    act: String,
    purpose: String,
    categories: Vec<String>,
    recipient: Option<String>,
    form: Option<String>,
    to_region: Option<String>,
    source: Option<String>,
}

/// `POST /v1/decide`
pub(crate) async fn decide(
    State(app): State<App>,
    AppKey(caller): AppKey,
    Json(given): Json<Question>,
) -> Answer {
    let ask = Ask {
        person: id_of(&given.person)?,
        act: given.act,
        purpose: given.purpose,
        categories: given.categories,
        recipient: given.recipient,
        form: given.form,
        to_region: given.to_region,
        source: given.source,
    };
    Ok(purpose::ask(&app.flows, &caller, ask, app.now()).await?.into())
}

/// A use.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    person: String,
    purpose: String,
    categories: Vec<String>,
}

impl Wanted {
    fn read(self) -> Result<Use, Problem> {
        let person = id_of(&self.person)?;
        Ok(Use { person, purpose: self.purpose, categories: self.categories })
    }
}

/// `POST /v1/use`
pub(crate) async fn use_values(
    State(app): State<App>,
    AppKey(caller): AppKey,
    Json(given): Json<Wanted>,
) -> Answer {
    let ask = given.read()?;
    let recorded = purpose::use_values(&app.flows, &caller, &ask, app.now()).await?;
    Ok(Reply::with_record(recorded))
}

/// Uses, each decided alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Batch {
    items: Vec<Wanted>,
}

/// `POST /v1/use/batch`
pub(crate) async fn use_batch(
    State(app): State<App>,
    AppKey(caller): AppKey,
    Json(given): Json<Batch>,
) -> Answer {
    if given.items.len() > BATCH_MAX {
        return Err(Problem::invalid("items", format!("send at most {BATCH_MAX} at once")));
    }
    let mut wrong = Vec::new();
    let mut asks = Vec::new();
    for (index, item) in given.items.into_iter().enumerate() {
        match item.read() {
            Ok(ask) => asks.push(ask),
            Err(problem) => wrong.push((index, problem)),
        }
    }
    let mut done = purpose::use_many(&app.flows, &caller, asks, app.now())
        .await
        .into_iter()
        .map(|it| it.map_err(Stop::into))
        .collect::<Vec<Result<_, Problem>>>();
    // Ascending, so that each finds the place that it was taken from.
    for (index, problem) in wrong {
        done.insert(index.min(done.len()), Err(problem));
    }
    Ok(Reply::batch(done))
}

/// A value of a person.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Brought {
    value: String,
    source: String,
    purpose: Option<String>,
}

/// `PUT /v1/people/{id}/data/{category}`
pub(crate) async fn put(
    State(app): State<App>,
    Path((person, category)): Path<(String, String)>,
    AppKey(caller): AppKey,
    once: Once,
    Json(given): Json<Brought>,
) -> Answer {
    let person = id_of(&person)?;
    let once = once.of(&format!("{} put {person} {category}", caller.id()))?;
    let ask = Put {
        person,
        category,
        value: Plain::new(given.value),
        source: given.source,
        purpose: given.purpose,
        idempotency: once,
    };
    Ok(collection::put(&app.flows, &caller, ask, app.now()).await?.into())
}

/// Whom to find.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sought {
    category: String,
    value: String,
    purpose: String,
    region: Option<String>,
}

/// `POST /v1/people/find`
pub(crate) async fn find(
    State(app): State<App>,
    AppKey(caller): AppKey,
    Json(given): Json<Sought>,
) -> Answer {
    let ask = Find {
        category: given.category,
        value: Plain::new(given.value),
        purpose: given.purpose,
        region: given.region,
    };
    Ok(purpose::find(&app.flows, &caller, ask, app.now()).await?.into())
}
