//! The HTTP interface, the pages, the clock and the command line: how the world reaches the flows.
//!
//! Handlers are thin: they read what came in, call one verb, and turn what was recorded into a
//! [`Reply`]. Which address does what is one table, [`router`].
//!
//! It writes no SQL, holds no key, decides nothing and knows no rule: it has nothing to answer with
//! but what the flows recorded or what is public.

mod api;
mod app;
mod archive;
mod asset;
mod body;
pub mod clock;
mod codes;
pub mod command;
mod console;
mod cookie;
mod credentials;
mod csv;
pub mod demo;
mod guard;
mod headers;
pub mod limit;
mod openapi;
mod origin;
mod page;
mod path;
mod problem;
mod query;
pub mod rate;
mod reply;
mod router;
mod serve;
mod task;

pub use app::{App, Settings};
pub use problem::Problem;
pub use reply::Reply;
pub use serve::{Limits, Running, listen, start};
