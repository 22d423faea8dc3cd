//! Accounts: registering, proving who one is, closing, and changing one's mind.

mod address;
mod bound;
mod cancel;
mod close;
mod code;
mod collect;
mod exists;
mod form;
mod hashing;
mod me;
mod password;
mod phone;
mod prove;
mod register;
mod session;
mod sign_in;
mod verify;

pub use cancel::{Cancel, cancel, cancel_for};
pub use close::{Closing, close};
pub use form::Register;
pub use me::{Me, SessionSeen, me};
pub use phone::{PHONE, PhoneCode, PhoneProved, send_phone_code, verify_phone};
pub use register::{Registered, register};
pub use session::{end_session, sign_out, who};
pub use sign_in::{SignIn, check_address, send_code, sign_in};
pub use verify::{SignedIn, Verify, verify};

pub(crate) use address::{NEW_ADDRESS, invite, opened as open_waiting, wait};
pub(crate) use bound::{GUARDIAN_CODES, GUARDIAN_LINKS, GUARDIAN_MAILS};
pub(crate) use close::{reach, reached, stage_closing, stage_end};
pub(crate) use code::{fresh as fresh_code, right as code_fits, stage as stage_code};
pub(crate) use collect::{Given, stage};
pub(crate) use hashing::Hashing;
pub(crate) use password::{
    PASSWORD_CHANGED, hash as hash_password, tell as tell_password, verify as verify_password,
};
pub(crate) use phone::{
    PHONE_CODE, came_in as phone_came_in, first as first_phone_code, is_proved as phone_is_proved,
    is_proved_here as phone_is_proved_here,
};
pub(crate) use prove::{By, act as proving};

/// Ids of declarations that the interface has fields for.
pub(crate) mod named {
    /// The address that a person is reached at, and found by.
    pub(crate) const EMAIL: &str = "email";
    /// A telephone number.
    pub(crate) const PHONE: &str = "phone";
    /// The day of birth.
    pub(crate) const BIRTH_DATE: &str = "birth-date";
    /// The address of a child's guardian.
    pub(crate) const GUARDIAN: &str = "guardian-contact";
    /// The hash of a password.
    pub(crate) const PASSWORD: &str = "password";
    /// The language that a person is written to in.
    pub(crate) const LANGUAGE: &str = "language";
    /// Providing the service.
    pub(crate) const SERVICE: &str = "service";
    /// Knowing that it is you.
    pub(crate) const AUTHENTICATE: &str = "authenticate";
}

/// Who signs a mail, and where to look.
pub(crate) fn sender(flows: &crate::Flows, language: &str) -> (String, String) {
    let signed = code::signature(flows, language);
    let (who, address) = signed.as_ref();
    (who.to_owned(), address.to_owned())
}
