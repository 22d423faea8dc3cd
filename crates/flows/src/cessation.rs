//! The end of a product or of the whole service: planned by one member of staff, approved by another,
//! told to everybody, with time to take one's data along; then everything goes, and a signed report
//! says so.
//!
//! An ending is a round of the installation. Its dates are part of the rules from its approval on, so
//! that the decision itself refuses what would be collected after the end.

mod announced;
mod approve;
mod body;
mod cancel;
mod erase;
mod letter;
mod plan;
mod report;
mod show;
mod site;
mod state;
mod step;
mod tell;
mod visit;

pub use announced::{Dates, Ending};
pub use approve::{announce, approve};
pub use cancel::cancel;
pub use plan::{Plan, plan};
pub use report::{Checked, check_report, sign_note};
pub use show::{Seen, all, one};
pub use site::{OnSite, on_site};
pub use state::MACHINE;

pub(crate) use announced::in_rules;
pub(crate) use site::is_over;
pub(crate) use step::step;

/// The kind of such a round.
pub(crate) const KIND: &str = "cessation";
