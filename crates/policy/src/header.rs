//! Who publishes the policy, which version it is, and when it counts.

use jiff::civil::Date;

use crate::localized::Localized;

/// The front matter of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Header {
    /// Who is responsible.
    pub controller: Localized,
    /// The version, from 1.
    pub version: u32,
    /// The day on which it was last changed.
    pub updated: Date,
    /// The day from which it counts.
    pub effective: Date,
    /// Where to write to.
    pub contact: Contact,
    /// Codes of the regions; the first is the home region.
    pub regions: Vec<String>,
    /// Languages; the first is that of `policy.md`.
    pub languages: Vec<String>,
}

impl Header {
    /// The language of `policy.md`.
    pub fn main_language(&self) -> &str {
        self.languages.first().map_or("en", String::as_str)
    }

    /// The region where the service is at home.
    pub fn home(&self) -> &str {
        self.regions.first().map_or("", String::as_str)
    }
}

/// How to reach the controller.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contact {
    /// Email address.
    pub email: String,
    /// Postal address.
    pub post: Option<Localized>,
    /// Telephone number.
    pub phone: Option<String>,
}
