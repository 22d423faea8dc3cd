//! Benches over HTTP: the product as a process beside peers as processes, asked by the same client.

pub(crate) mod ask;
pub(crate) mod consent;
pub(crate) mod events;
mod forms;
mod rounds;
pub(crate) mod tax;
pub(crate) mod uses;
