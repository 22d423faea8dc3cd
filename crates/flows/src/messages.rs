//! Mail: written into the outbox with its cause, delivered by one courier, under one id.

mod courier;
mod letter;
mod outbox;

pub use courier::{Courier, Post, deliver};
pub(crate) use letter::{Letter, Words};
pub(crate) use outbox::{Cause, put, put_last};
