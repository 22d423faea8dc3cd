//! The interface as outside programs meet it: over a port, on a folder that goes away.
#![cfg(test)]

#[path = "it/support.rs"]
mod support;

#[path = "it/addresses.rs"]
mod addresses;
#[path = "it/approving.rs"]
mod approving;
#[path = "it/asking.rs"]
mod asking;
#[path = "it/backups.rs"]
mod backups;
#[path = "it/changing.rs"]
mod changing;
#[path = "it/connections.rs"]
mod connections;
#[path = "it/console.rs"]
mod console;
#[path = "it/cookies.rs"]
mod cookies;
#[path = "it/courier.rs"]
mod courier;
#[path = "it/described.rs"]
mod described;
#[path = "it/ending.rs"]
mod ending;
#[path = "it/erratic.rs"]
mod erratic;
#[path = "it/guardians.rs"]
mod guardians;
#[path = "it/holds.rs"]
mod holds;
#[path = "it/limits.rs"]
mod limits;
#[path = "it/messages.rs"]
mod messages;
#[path = "it/mistakes.rs"]
mod mistakes;
#[path = "it/naming.rs"]
mod naming;
#[path = "it/pages.rs"]
mod pages;
#[path = "it/parting.rs"]
mod parting;
#[path = "it/phones.rs"]
mod phones;
#[path = "it/refusals.rs"]
mod refusals;
#[path = "it/requests.rs"]
mod requests;
#[path = "it/sites.rs"]
mod sites;
#[path = "it/staff.rs"]
mod staff;
#[path = "it/story.rs"]
mod story;
#[path = "it/transfers.rs"]
mod transfers;
