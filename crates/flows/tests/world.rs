//! The story of a person against the real journal, the real vault and the starter policy.
#![cfg(test)]

#[cfg(test)]
#[path = "it/support.rs"]
mod support;

#[cfg(test)]
#[path = "it/accounts.rs"]
mod accounts;
#[cfg(test)]
#[path = "it/addresses.rs"]
mod addresses;
#[cfg(test)]
#[path = "it/ages.rs"]
mod ages;
#[cfg(test)]
#[path = "it/anonymous.rs"]
mod anonymous;
#[cfg(test)]
#[path = "it/backups.rs"]
mod backups;
#[cfg(test)]
#[path = "it/bounds.rs"]
mod bounds;
#[cfg(test)]
#[path = "it/browsers.rs"]
mod browsers;
#[cfg(test)]
#[path = "it/by_address.rs"]
mod by_address;
#[cfg(test)]
#[path = "it/changing.rs"]
mod changing;
#[cfg(test)]
#[path = "it/complaints.rs"]
mod complaints;
#[cfg(test)]
#[path = "it/desk.rs"]
mod desk;
#[cfg(test)]
#[path = "it/elsewhere.rs"]
mod elsewhere;
#[cfg(test)]
#[path = "it/ending.rs"]
mod ending;
#[cfg(test)]
#[path = "it/gateway.rs"]
mod gateway;
#[cfg(test)]
#[path = "it/guardians.rs"]
mod guardians;
#[cfg(test)]
#[path = "it/guarding.rs"]
mod guarding;
#[cfg(test)]
#[path = "it/holds.rs"]
mod holds;
#[cfg(test)]
#[path = "it/incoming.rs"]
mod incoming;
#[cfg(test)]
#[path = "it/logs.rs"]
mod logs;
#[cfg(test)]
#[path = "it/mail.rs"]
mod mail;
#[cfg(test)]
#[path = "it/messages.rs"]
mod messages;
#[cfg(test)]
#[path = "it/mistakes.rs"]
mod mistakes;
#[cfg(test)]
#[path = "it/of_age.rs"]
mod of_age;
#[cfg(test)]
#[path = "it/phones.rs"]
mod phones;
#[cfg(test)]
#[path = "it/plenty.rs"]
mod plenty;
#[cfg(test)]
#[path = "it/publishing.rs"]
mod publishing;
#[cfg(test)]
#[path = "it/pushes.rs"]
mod pushes;
#[cfg(test)]
#[path = "it/registering.rs"]
mod registering;
#[cfg(test)]
#[path = "it/requests.rs"]
mod requests;
#[cfg(test)]
#[path = "it/residence.rs"]
mod residence;
#[cfg(test)]
#[path = "it/retention.rs"]
mod retention;
#[cfg(test)]
#[path = "it/staff.rs"]
mod staff;
#[cfg(test)]
#[path = "it/story.rs"]
mod story;
#[cfg(test)]
#[path = "it/strangers.rs"]
mod strangers;
#[cfg(test)]
#[path = "it/telling.rs"]
mod telling;
#[cfg(test)]
#[path = "it/transfers.rs"]
mod transfers;
#[cfg(test)]
#[path = "it/younger.rs"]
mod younger;
