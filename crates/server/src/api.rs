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

use crate::{Problem, Reply};

/// What a handler answers.
pub(crate) type Answer = Result<Reply, Problem>;
