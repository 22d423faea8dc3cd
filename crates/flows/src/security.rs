//! Keys of applications, partners and staff: shown once, stored as a hash, bound to purposes.

mod durable;
mod key;
mod log;
mod role;
mod staff;
mod totp;

pub use durable::{failed_commits, probe, trust_commits};
pub use key::{AddKey, Caller, KeyAdded, KeySeen, add_key, caller, keys};
pub use log::{Key, is_tile, prove_record, verify_log};
pub use role::Role;
pub use staff::{
    AddStaff, Member, StaffAdded, StaffSeen, StaffSignIn, add_staff, end_staff, member,
    sign_in_staff, sign_out_staff, staff,
};
