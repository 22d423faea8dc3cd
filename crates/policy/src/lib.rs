//! Text to rules; rules to the notice that people read; rules against rules.
//!
//! A [`Folder`] of text is compiled to a [`Policy`]: the rules that decide, the prose that people read,
//! and one hash that both show. What is wrong comes back as [`Diagnostics`] that say what to write.
//!
//! This crate does not read files, clocks or databases, and does not decide: deciding is `decide`'s.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm))]

pub mod calendar;
pub mod clause;
mod compile;
pub mod coverage;
pub mod diagnostic;
pub mod diff;
pub mod duration;
pub mod explain;
mod folder;
pub mod format;
pub mod glossary;
pub mod header;
pub mod kind;
pub mod limit;
mod localized;
pub mod notice;
mod page;
mod parse;
pub mod phrase;
mod policy;
mod read;
mod rules;
mod word;

pub use calendar::Calendar;
pub use compile::{compile, compile_after};
pub use coverage::{Coverage, coverage};
pub use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use diff::{Change, diff};
pub use duration::{Anchor, Duration, Keep, Unit};
pub use explain::{Question, explain};
pub use folder::Folder;
pub use format::format;
pub use header::{Contact, Header};
pub use kind::Kind;
pub use localized::Localized;
pub use page::{Clause, Page, Part};
pub use policy::Policy;
