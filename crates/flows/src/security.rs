//! Keys of applications, partners and staff: shown once, stored as a hash, bound to purposes.

mod archive;
mod backup;
mod by;
mod changes;
mod durable;
mod key;
mod log;
mod restore;
mod role;
mod schedule;
mod staff;
mod totp;

pub use archive::{Archived, Archiving, archive, archived};
pub use backup::{About, Made, NotBackedUp, back_up, backups};
pub(crate) use by::BY_ADDRESS;
pub use by::By;
pub use changes::ship_changes;
pub use durable::{failed_commits, probe, trust_commits};
pub use key::{AddKey, Caller, KeyAdded, KeySeen, add_key, caller, keys};
pub use log::{Elsewhere, Key, is_tile, prove_record, verify_log};
pub use restore::{GoBack, NotRestored, reach_of_changes, restore};
pub use role::Role;
pub use schedule::{
    BackupSeen, Plan, back_up_now, backup_seen, backups_settled, lacks_backups, plan_backups,
};
pub use staff::{
    AddStaff, Member, StaffAdded, StaffSeen, StaffSignIn, add_staff, change_staff_password,
    end_staff, member, sign_in_staff, sign_out_staff, staff,
};

pub(crate) use restore::{RESTORED, restored};
pub(crate) use schedule::{Backups, KIND as BACKUP, look as look_at_backups, step as backup_step};
