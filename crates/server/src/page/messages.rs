//! The pages about messages: the form, the figures, and one's own conversations.

mod contact;
mod mine;
mod service;
mod view;
mod words;

pub(super) use contact::{Filled, filled, send, show};
pub(super) use mine::{add, list, one};
pub(super) use service::service;
pub(super) use words::Words;
