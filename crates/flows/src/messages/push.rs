//! Push messages: to browsers that a person let us write to, through the service that each browser
//! names. What is sent is sealed for the browser alone; the service learns that there is something.

mod list;
mod send;
mod subscribe;

pub use send::deliver;
pub use subscribe::{Subscription, key, subscribe, unsubscribe};

pub(crate) use send::{Message, put};

/// The category that the subscriptions of a person are held as.
pub(crate) const CATEGORY: &str = "push";
