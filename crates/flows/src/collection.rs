//! Collection: values that applications bring, and log information that browsers send.

mod events;
mod own;
mod put;
mod room;
mod scrub;

pub use events::{Arrived, Event, Events, Judged, RefusedEvent, events};
pub use put::{Put, PutDone, put};
pub use scrub::browser;

pub(crate) use own::{Place, Seen, own_events};
