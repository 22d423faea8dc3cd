//! The numbers and words of a record: never changed, only added to.

use decide::{Account, Act, Age, Form, Ground, Reason, Right};

use crate::asker::AskerKind;

/// The version of the packed form, its first byte. A record that was kept as text begins with `{`.
pub(super) const PACKED: u8 = 2;

/// Something that is kept as a number.
pub(super) trait Coded: Copy + Sized {
    fn code(self) -> u8;
    fn coded(code: u8) -> Option<Self>;
}

macro_rules! coded {
    ($($name:ident { $($variant:ident = $code:literal),+ $(,)? })+) => {$(
        impl Coded for $name {
            fn code(self) -> u8 {
                match self { $(Self::$variant => $code),+ }
            }
            fn coded(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    )+};
}

coded! {
    AskerKind { App = 0, Person = 1, Guardian = 2, Partner = 3, Staff = 4, System = 5 }
    Age { Unknown = 0, Adult = 1, Minor = 2, MinorAgreed = 3, Child = 4, ChildAgreed = 5 }
    Account {
        Visitor = 0, Unverified = 1, AwaitingGuardian = 2, Active = 3, Restricted = 4, Closing = 5,
        Closed = 6,
    }
    Form { Aggregate = 0, Pseudonymous = 1, Identified = 2 }
    Ground {
        NationalSecurity = 0, PublicSafety = 1, Justice = 2, VitalRights = 3, MadePublic = 4,
        LawfulPublic = 5,
    }
    Right {
        Access = 0, Export = 1, Correct = 2, Delete = 3, Withdraw = 4, Restrict = 5, Object = 6,
        CloseAccount = 7,
    }
    Reason {
        Undeclared = 0, NotConsented = 1, Withdrawn = 2, Objected = 3, Signalled = 4, Minor = 5,
        AgeUnknown = 6, GuardianMissing = 7, Unverified = 8, Restricted = 9, Closing = 10,
        Closed = 11, Expired = 12, NotTold = 13, SourceNotAllowed = 14, NotShared = 15,
        SeparateConsentMissing = 16, AgreementMissing = 17, CrossesRegion = 18,
        GroundIncomplete = 19, Ceased = 20, Held = 21,
    }
}

/// The number of an act, below 8.
pub(super) const fn act_code(act: Act) -> u8 {
    match act {
        Act::Collect { .. } => 0,
        Act::Use { .. } => 1,
        Act::Share { .. } => 2,
        Act::Transfer { .. } => 3,
        Act::Disclose { .. } => 4,
        Act::Publish { .. } => 5,
        Act::Exercise { .. } => 6,
    }
}

/// The word of an act.
pub(super) const fn act_word(act: Act) -> &'static str {
    match act {
        Act::Collect { .. } => "collect",
        Act::Use { .. } => "use",
        Act::Share { .. } => "share",
        Act::Transfer { .. } => "transfer",
        Act::Disclose { .. } => "disclose",
        Act::Publish { .. } => "publish",
        Act::Exercise { .. } => "exercise",
    }
}

/// Bits of the second byte, above the three of the asker's kind.
pub(super) mod flag {
    pub(in crate::compose) const KIND: u8 = 7;
    pub(in crate::compose) const GPC: u8 = 1 << 3;
    pub(in crate::compose) const DNT: u8 = 1 << 4;
    pub(in crate::compose) const NOTE: u8 = 1 << 5;
    pub(in crate::compose) const ALSO: u8 = 1 << 6;
    pub(in crate::compose) const APART: u8 = 1 << 7;
}

/// Which of the facts there are: a bit for each that is not empty.
pub(super) mod held {
    pub(in crate::compose) const GIVEN: u8 = 1;
    pub(in crate::compose) const REFUSED: u8 = 1 << 1;
    pub(in crate::compose) const OBJECTED: u8 = 1 << 2;
    pub(in crate::compose) const SHARES: u8 = 1 << 3;
    pub(in crate::compose) const TRANSFERS: u8 = 1 << 4;
    pub(in crate::compose) const DUE: u8 = 1 << 5;
    pub(in crate::compose) const HELD: u8 = 1 << 6;
}

/// Bits of a finding's first byte, above the three of the act.
pub(super) mod head {
    pub(in crate::compose) const ACT: u8 = 7;
    pub(in crate::compose) const PERMITTED: u8 = 1 << 3;
    pub(in crate::compose) const REFUSED: u8 = 1 << 4;
    /// Of a share: the agreements are in force. Of a disclosure: it is evidenced.
    pub(in crate::compose) const SHOWN: u8 = 1 << 5;
    /// Where the two bits of a share's form begin.
    pub(in crate::compose) const FORM: u32 = 6;
}

/// The region of facts that have one without a name.
pub(super) const NO_REGION: u8 = 0xff;

/// What the ids of keys begin with; 32 hexadecimal digits follow.
pub(super) const KEY: &str = "key_";
