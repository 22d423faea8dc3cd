//! How many may write in a day: to the installation, and one person.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use decide::{PersonId, Timestamp};
use journal::{Permit, Tx, Write};

use crate::limit::{
    ACKNOWLEDGED_DAY_MAX, DAY_MILLIS, MESSAGES_DAY_MAX, MESSAGES_OF_ONE_DAY_MAX, SENDERS_MAX,
};
use crate::{Flows, Plain, Stop, secret};

/// The counter of what came in by the form.
pub(super) const FORM: &str = "messages-received";
/// The counter of what came in by mail: a flood of one leaves the other open.
pub(super) const MAILS: &str = "mails-received";
/// The tally of one person.
const OF_ONE: &str = "messages";

impl Flows {
    pub(super) fn senders(&self) -> &Senders {
        &self.inner.senders
    }
}

/// Whether there is room for one more today.
pub(crate) async fn room(flows: &Flows, by: &'static str, now: Timestamp) -> Result<(), Stop> {
    let left = DAY_MILLIS.saturating_sub(now.millis().rem_euclid(DAY_MILLIS));
    let ends = now.plus_millis(left);
    let begins = ends.plus_millis(DAY_MILLIS.saturating_neg());
    let received = flows.journal().scratch().counted(by, begins, ends).await?;
    if received < MESSAGES_DAY_MAX { Ok(()) } else { Err(full(left)) }
}

/// Whether this person may write once more today.
pub(super) async fn of_person(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let written = flows.journal().tally(person, OF_ONE, now).await?;
    if written < MESSAGES_OF_ONE_DAY_MAX { Ok(()) } else { Err(full(DAY_MILLIS)) }
}

fn full(millis: i64) -> Stop {
    Stop::Full { seconds: u64::try_from(millis).unwrap_or(0).div_ceil(1_000).max(1) }
}

/// Stages one more of a person.
pub(super) fn one_more(tx: &mut Tx<Permit>) {
    let ends = tx.permit().now().plus_millis(DAY_MILLIS);
    tx.stage(Write::Tally { kind: OF_ONE, most: MESSAGES_OF_ONE_DAY_MAX, ends });
}

/// One more came in.
pub(crate) fn count(flows: &Flows, by: &'static str, now: Timestamp) {
    flows.journal().scratch().count(by, now);
}

/// Who began conversations by mail today, and how often: hashes in memory alone, for what it keeps two
/// machines from needs to hold no longer than they go on.
#[derive(Debug, Default)]
pub(crate) struct Senders(Mutex<(i64, BTreeMap<[u8; 32], u32>)>);

impl Senders {
    /// Counts one more of an address; whether a mail acknowledges it. A few in a day are, and where very
    /// many write, none that is not known yet.
    pub(super) fn acknowledges(&self, address: &Plain, now: Timestamp) -> bool {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = now.millis().div_euclid(DAY_MILLIS);
        if kept.0 != today {
            *kept = (today, BTreeMap::new());
        }
        let sender = secret::digest(address.as_str().as_bytes());
        if kept.1.len() >= SENDERS_MAX && !kept.1.contains_key(&sender) {
            return false;
        }
        let count = kept.1.entry(sender).or_default();
        *count = count.saturating_add(1);
        *count <= ACKNOWLEDGED_DAY_MAX
    }
}
