//! The handlers: each reads what came in, calls one verb, and replies.
//!
//! They decide nothing and store nothing.

pub(crate) mod app;
pub(crate) mod backup;
pub(crate) mod browser;
pub(crate) mod cessation;
pub(crate) mod change;
pub(crate) mod clock;
pub(crate) mod evidence;
pub(crate) mod guardian;
pub(crate) mod holds;
pub(crate) mod mail;
pub(crate) mod me;
pub(crate) mod messages;
pub(crate) mod partner;
pub(crate) mod people;
pub(crate) mod public;
pub(crate) mod push;
pub(crate) mod requests;
pub(crate) mod retention;
pub(crate) mod session;
pub(crate) mod staff;
pub(crate) mod transfer;

use flows::queue::Asked;

use crate::query::Query;
use crate::{App, Problem, Reply};

/// What a handler answers.
pub(crate) type Answer = Result<Reply, Problem>;

/// The language that a body names: what is written to somebody, or what they agree to, is in that one.
/// A page that is asked for in a language falls back to another; a body does not.
fn spoken(app: &App, named: &str) -> Result<String, Problem> {
    Ok(app.flows.book().spoken("language", named)?.to_owned())
}

/// Which cases a list is asked for: of a region, that are over, from where.
fn cases(app: &App, query: &Query) -> Result<Asked, Problem> {
    let region = query.get("region").map(|it| app.flows.book().region(it)).transpose()?;
    Ok(Asked {
        region: region.map(|(code, _)| code),
        done: query.says("done"),
        cursor: query.get("cursor").map(str::to_owned),
    })
}
