//! What is asked of the decision.

use crate::set::Set;
use crate::vocabulary::{Category, Purpose, Recipient, Region, Source};

/// One question: may this act be done with these categories of this person, now?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// What is to be done.
    pub act: Act,
    /// With which categories. An act on a right may name none.
    pub categories: Set<Category>,
}

/// The acts of the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Take values in from a source, for a purpose.
    Collect {
        /// What the values are for.
        purpose: Purpose,
        /// Where they come from.
        source: Source,
    },
    /// Read or compute with values, for a purpose.
    Use {
        /// What for.
        purpose: Purpose,
    },
    /// Give values to a recipient.
    Share {
        /// What for.
        purpose: Purpose,
        /// To whom.
        recipient: Recipient,
        /// In what form.
        form: Form,
        /// Whether every agreement that the recipient needs is in force.
        agreed: bool,
    },
    /// Send values to a recipient in another region.
    Transfer {
        /// What for.
        purpose: Purpose,
        /// To whom.
        recipient: Recipient,
        /// Where to.
        to: Region,
    },
    /// Give values away on a ground of law, without consent.
    Disclose {
        /// On which ground.
        ground: Ground,
        /// Whether what the ground needs is at hand: authority and reference, or source and date.
        evidenced: bool,
        /// How many different people approved it.
        approvers: u8,
    },
    /// Make values public.
    Publish {
        /// What for.
        purpose: Purpose,
        /// The public, as the policy declares it.
        recipient: Recipient,
    },
    /// Exercise a right.
    Exercise {
        /// Which right.
        right: Right,
    },
}

/// The form in which values leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// Counts above a minimum group.
    Aggregate,
    /// Under a pseudonym of that recipient.
    Pseudonymous,
    /// As they are.
    Identified,
}

/// The six grounds of disclosure without consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// National security and defence.
    NationalSecurity,
    /// Public safety, public health, major public interest.
    PublicSafety,
    /// Criminal investigation, prosecution, trial, enforcement of judgments.
    Justice,
    /// Life, property or other significant rights, when consent is hard to obtain.
    VitalRights,
    /// Data that the person made public.
    MadePublic,
    /// Data from lawful public disclosure.
    LawfulPublic,
}

/// The rights of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// See what is held and who used it.
    Access,
    /// Take it away in a machine-readable form.
    Export,
    /// Put a value right.
    Correct,
    /// Have a value deleted.
    Delete,
    /// Decide about consent: give it, refuse it, withdraw it.
    Withdraw,
    /// Have use restricted.
    Restrict,
    /// Object to a purpose.
    Object,
    /// Close the account.
    CloseAccount,
}

/// Gives an enum its word in the policy language, both ways.
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// All of them, in the order of the policy language.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its word in policies and answers.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one with this word.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.word() == word)
            }
        }
    };
}
pub(crate) use words;

words!(Form { Aggregate = "aggregate", Pseudonymous = "pseudonymous", Identified = "identified" });
words!(Ground {
    NationalSecurity = "national-security",
    PublicSafety = "public-safety",
    Justice = "justice",
    VitalRights = "vital-rights",
    MadePublic = "made-public",
    LawfulPublic = "lawful-public",
});
words!(Right {
    Access = "access",
    Export = "export",
    Correct = "correct",
    Delete = "delete",
    Withdraw = "withdraw",
    Restrict = "restrict",
    Object = "object",
    CloseAccount = "close-account",
});
