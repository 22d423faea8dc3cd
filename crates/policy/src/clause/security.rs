//! How data is stored and protected, and what happens when that fails.

use std::collections::BTreeSet;

use crate::duration::Duration;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// How data is sealed at rest.
    AtRest { #[doc = "Under a key of the person."] PerPersonKey = "per-person-key" }
);
words!(
    /// What our script keeps on a device.
    DeviceHolds {
        /// The choice made.
        Choice = "choice",
        /// The session.
        Session = "session",
    }
);
words!(
    /// When that is purged.
    Purged {
        /// On signing out.
        SignOut = "sign-out",
        /// On erasure.
        Erasure = "erasure",
    }
);
words!(
    /// How data is protected on its way.
    Transit { #[doc = "By TLS 1.3."] Tls13 = "tls-1.3" }
);
words!(
    /// How staff sign in.
    Staff { #[doc = "With a second factor."] SecondFactor = "second-factor" }
);
words!(
    /// What becomes of a read of personal data.
    Reads { #[doc = "It is on the record."] Recorded = "recorded" }
);

/// Storing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Storage {
    /// The clause that declares it.
    pub clause: String,
    /// What our script keeps on a device.
    pub device_holds: BTreeSet<DeviceHolds>,
    /// When that is purged.
    pub device_purged: BTreeSet<Purged>,
    /// How long the server's own logs are kept.
    pub server_logs: Duration,
}

/// Protecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Security {
    /// The clause that declares it.
    pub clause: String,
    /// Keys are rotated at least this often.
    pub rotate: Option<Duration>,
}

/// Backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The clause that declares it.
    pub clause: String,
    /// How often.
    pub every: Duration,
    /// How long one is kept.
    pub keep: Duration,
}

/// Incidents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// The clause that declares it.
    pub clause: String,
    /// The authority is told within this time of becoming aware.
    pub authority: Duration,
    /// The people affected are told within this time of becoming aware.
    pub people: Duration,
}

pub(crate) fn storage(policy: &mut Policy, fields: &mut Fields<'_>) {
    fields.need_word::<AtRest>("at_rest");
    policy.storage = Some(Storage {
        clause: fields.clause(),
        device_holds: fields.need_words("device_holds"),
        device_purged: fields.need_words("device_purged"),
        server_logs: fields.need_duration("server_logs"),
    });
}

pub(crate) fn security(policy: &mut Policy, fields: &mut Fields<'_>) {
    fields.need_word::<Transit>("transit");
    fields.need_word::<Staff>("staff");
    fields.need_word::<Reads>("reads");
    policy.security = Some(Security { clause: fields.clause(), rotate: fields.duration("rotate") });
}

pub(crate) fn backup(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.backup = Some(Backup {
        clause: fields.clause(),
        every: fields.need_duration("every"),
        keep: fields.need_duration("keep"),
    });
}

pub(crate) fn incident(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.incident = Some(Incident {
        clause: fields.clause(),
        authority: fields.need_duration("authority"),
        people: fields.need_duration("people"),
    });
}

/// There is always a backup.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(backup) = policy.backup.as_ref().filter(|it| it.every.outlasts(it.keep)) else {
        return;
    };
    let at = reading.spot(Kind::Backup, "", "keep");
    let message = format!("a backup is made every {} and kept for {}", backup.every, backup.keep);
    let fault = reading.faults.error("backup-gap", at, message);
    fault
        .label("between both there is none")
        .help(format!("write `keep = \"{}\"` or more", backup.every));
}
