//! May this be done, with whose data, for what, now?
//!
//! The vocabulary of the product, the rules compiled into tables, the decision, and the two values
//! that only the decision can make: a [`Permit`] and a [`Refusal`].
//!
//! This crate does not read files, clocks or databases, draws no random numbers, parses no text and
//! waits for nothing: the same rules, facts, request and instant give the same answer everywhere.
#![warn(clippy::arithmetic_side_effects)]
#![deny(clippy::wildcard_enum_match_arm)]

pub mod fact;
pub mod id;
pub mod limit;
pub mod request;
mod rule;
pub mod ruleset;
pub mod set;
pub mod spec;
pub mod time;
mod verdict;
pub mod vocabulary;

pub use fact::{Account, Age, Dues, Facts, Signals};
pub use id::{PersonId, RegionCode};
pub use request::{Act, Form, Ground, Request, Right};
pub use rule::decide;
pub use ruleset::Ruleset;
pub use set::Set;
pub use time::Timestamp;
pub use verdict::{Permit, Reason, Refusal, Refused};
pub use vocabulary::{
    Category, Clause, Purpose, Recipient, Region, Share, Source, Transfer, Vocabulary,
};
