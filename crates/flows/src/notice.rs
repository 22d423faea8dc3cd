//! The notice: which version of the policy is in force, and what people are shown of it.

mod enforced;
pub mod evidence;
mod install;
mod show;

pub(crate) use enforced::by;
pub use enforced::enforced;
pub use install::{Version, newest, refresh, versions};
pub(crate) use install::{as_stored, bytes, compile, install, stored};
pub use show::twin;
