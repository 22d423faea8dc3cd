//! Consent: asked once, given and taken back by the same act, with a receipt to keep.

mod carry;
mod choose;
mod lasting;
mod receipt;
mod show;

pub use carry::carry;
pub use choose::{Answered, Choose, Receipted, Who, choose};
pub use lasting::Token;
pub use show::{Shown, Texts, show, text_hash};

pub(crate) use carry::{carried, carrying};
