//! Collection: values that applications bring, and log information that browsers send.

mod batch;
mod block;
mod events;
mod kinds;
mod own;
mod put;
mod room;
mod scrub;

pub use batch::Batch;
pub use events::{Arrived, Events, Judged, RefusedEvent, events};
pub use put::{Put, PutDone, put};
pub use scrub::browser;

pub(crate) use kinds::Kinds;
pub(crate) use own::{Counted, Place, blocks, own_counts, own_events};
