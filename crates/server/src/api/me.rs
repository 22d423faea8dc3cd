//! What a person sees and does about their own.

use axum::extract::State;
use axum::http::header::CONTENT_DISPOSITION;
use flows::rights::{self, Page, Piece};
use flows::{Acting, Plain, account};
use serde::Deserialize;

use super::Answer;
use crate::archive::{ZIP, archive};
use crate::body::{Json, Once};
use crate::credentials::Person;
use crate::page::Words;
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply, cookie};

/// `GET /v1/me`
pub(crate) async fn show(State(app): State<App>, person: Person) -> Answer {
    Ok(account::me(&app.flows, person.id, person.session.as_ref(), app.now()).await?.into())
}

/// `GET /v1/me/data`
pub(crate) async fn data(State(app): State<App>, query: Query, person: Person) -> Answer {
    Ok(match query.get("cursor") {
        Some(cursor) => rights::older_events(&app.flows, person.id, cursor, app.now()).await?,
        None => rights::data(&app.flows, person.id, &query.language, app.now()).await?,
    }
    .into())
}

/// A value as it should be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Correction {
    value: String,
}

/// `PUT /v1/me/data/{category}`
pub(crate) async fn correct(
    State(app): State<App>,
    Path(category): Path<String>,
    person: Person,
    once: Once,
    Json(given): Json<Correction>,
) -> Answer {
    let once = once.of(&format!("{} correct {category}", person.id))?;
    let what = (category.as_str(), Plain::new(given.value), once.as_ref());
    let recorded = rights::correct(&app.flows, person.id, what, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `DELETE /v1/me/data/{category}`
pub(crate) async fn delete(
    State(app): State<App>,
    Path(category): Path<String>,
    person: Person,
) -> Answer {
    Ok(rights::delete(&app.flows, person.id, &category, app.now()).await?.into())
}

/// `GET /v1/me/uses`
pub(crate) async fn uses(State(app): State<App>, query: Query, person: Person) -> Answer {
    let cursor = query.get("cursor").map(str::to_owned);
    let page = Page { cursor, proof: query.says("proof") };
    Ok(rights::uses(&app.flows, person.id, &page, app.now()).await?.into())
}

/// `GET /v1/me/disclosures`
pub(crate) async fn disclosures(State(app): State<App>, person: Person) -> Answer {
    Ok(rights::disclosures(&app.flows, person.id, app.now()).await?.into())
}

/// `GET /v1/me/consents`
pub(crate) async fn consents(State(app): State<App>, query: Query, person: Person) -> Answer {
    Ok(rights::consents(&app.flows, person.id, query.get("cursor"), app.now()).await?.into())
}

/// `GET /v1/me/export`
pub(crate) async fn export(State(app): State<App>, query: Query, person: Person) -> Answer {
    exported(&app, person.id, &query).await
}

/// The file, for the person or for a guardian.
pub(crate) async fn exported(app: &App, who: impl Into<Acting>, query: &Query) -> Answer {
    let packed = match query.get("format") {
        None | Some("json") => false,
        Some("zip") => true,
        Some(_) => return Err(Problem::invalid("format", "use `json` or `zip`")),
    };
    let cursor = query.get("cursor").map(str::to_owned);
    let piece = Piece { cursor, ..Piece::first(&query.language) };
    let recorded = rights::export_piece(&app.flows, who, &piece, app.now()).await?;
    if !packed {
        let named = "attachment; filename=\"my-data.json\"";
        return Ok(Reply::from(recorded).with_header(CONTENT_DISPOSITION, named));
    }
    let words = Words::of(app.flows.book().language(&query.language));
    let reply = Reply::file(recorded, ZIP, |export| archive(export, words));
    Ok(reply.with_header(CONTENT_DISPOSITION, "attachment; filename=\"my-data.zip\""))
}

/// `DELETE /v1/me`
pub(crate) async fn close(State(app): State<App>, person: Person, once: Once) -> Answer {
    let once = once.of(&format!("{} close", person.id))?;
    let keeps = (person.session.as_ref(), once.as_ref());
    let recorded = account::close(&app.flows, person.id, keeps, app.now()).await?;
    app.wake();
    let reply = Reply::from(recorded).with_status(202);
    // A browser has no way back to wait for.
    Ok(if person.session.is_none() { reply.with_cookie(cookie::no_browser(&app)) } else { reply })
}
