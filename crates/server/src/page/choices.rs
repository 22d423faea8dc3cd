//! The choices, without a script: one radio button each, or all at once.

use axum::extract::State;
use flows::consent::{self, Answered, Choose, Receipted, Shown, Who};
use flows::{Recorded, Stop};

use super::shared::{Ask, Fields, Passed, field, html};
use super::view;
use crate::{App, Reply, cookie};

/// What is asked, and how it was answered.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let book = app.flows.book();
    let as_shown = (book.language(ask.language()), ask.signals);
    if let Some(person) = known(&ask) {
        return match Shown::to(&app.flows, person, as_shown, app.clock.now()).await {
            Ok(said) => Reply::said_page(said, |shown| page(&app, &ask, shown, None)),
            Err(stop) => ask.stopped(&app, stop),
        };
    }
    match consent::show(&book, as_shown, ask.refused, app.now()) {
        Ok(shown) => Reply::public_page(200, page(&app, &ask, shown, None)),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// The person who is signed in, or the browser that agreed to something.
fn known(ask: &Ask) -> Option<flows::PersonId> {
    ask.person().or(ask.own())
}

fn page(app: &App, ask: &Ask, shown: Shown, receipt: Option<String>) -> String {
    let f = ask.frame(app, ("choices", "/choices"));
    let given = |id: &str| shown.choices.get(id).is_some_and(|it| it == "given");
    let purposes = shown.purposes.iter().map(|it| view::PurposeChoice {
        id: it.id.clone(),
        title: it.title.clone(),
        text: it.text.clone(),
        clause: it.clause.clone(),
        given: given(&it.id),
    });
    let purposes = purposes.collect();
    let signalled = shown.signals.gpc || shown.signals.dnt;
    html(&view::Choices { f, purposes, text_hash: shown.text_hash, signalled, receipt })
}

/// An answer, or a change of mind.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let who = known(&ask).map_or(Who::Nobody, Who::Known);
    let book = app.flows.book();
    let choices = match picked(&book, &fields, who) {
        Ok(choices) => choices,
        Err(stop) => return ask.stopped(&app, stop),
    };
    let choose = Choose {
        who,
        choices,
        text_hash: field(&fields, "text_hash").to_owned(),
        language: book.language(ask.language()).to_owned(),
        signals: ask.signals,
        screen: "choices-page".to_owned(),
        idempotency: None,
    };
    match consent::choose(&app.flows, choose, app.now()).await {
        Ok(Answered::Known(recorded)) => answered(&app, &ask, recorded).await,
        Ok(Answered::Nobody(_)) => {
            let back = format!("/choices{}&done=saved", ask.query());
            Reply::see_other(&back).with_cookie(cookie::refusal(&app))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// The choices as they are now, with the receipt to keep.
async fn answered(app: &App, ask: &Ask, recorded: Recorded<Receipted>) -> Reply {
    let receipted = recorded.into_inner();
    let receipt = serde_json::to_string_pretty(&receipted).unwrap_or_default();
    let cookie = receipted.browser.as_ref().map(|it| cookie::browser(app, it));
    let person = match &receipted.browser {
        Some(secret) if ask.person().is_none() => {
            flows::account::who(&app.flows, secret, app.now()).await.ok().flatten()
        }
        Some(_) | None => known(ask),
    };
    let Some(person) = person else {
        return Reply::see_other(&format!("/choices{}&done=saved", ask.query()))
            .with_cookie(cookie.unwrap_or_default());
    };
    let book = app.flows.book();
    let as_shown = (book.language(ask.language()), ask.signals);
    match Shown::to(&app.flows, person, as_shown, app.now()).await {
        Ok(said) => Reply::said_page(said, |shown| page(app, ask, shown, Some(receipt)))
            .with_cookie(cookie.unwrap_or_default()),
        Err(stop) => ask.stopped(app, stop),
    }
}

/// The answer to each purpose that was asked about.
fn picked(book: &flows::Book, fields: &Fields, who: Who) -> Result<Vec<(String, String)>, Stop> {
    let region = match who {
        Who::Known(person) => Some(person.region()),
        Who::Guardian(who) => Some(who.person().region()),
        Who::Nobody => book.home(),
    };
    let region = region.ok_or_else(|| Stop::Broken("no home region".to_owned()))?;
    let asked = book.choices(region);
    let all = field(fields, "all");
    let answer = |id: &String| {
        let said = if all.is_empty() { field(fields, id) } else { all };
        (!said.is_empty()).then(|| (id.clone(), said.to_owned()))
    };
    Ok(asked.iter().filter_map(|(id, _)| answer(id)).collect())
}
