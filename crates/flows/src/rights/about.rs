//! What stands in clear with a request: words, figures and ids, never a personal value.

use decide::{Right, Timestamp};
use journal::{CaseRow, Permit, Tx};
use serde::{Deserialize, Serialize};

use super::state::RequestState;
use crate::Stop;
use crate::limit::ROWS_AT_ONCE;
use crate::security::BY_ADDRESS;

/// What stands in clear with a request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each says one thing of a request by itself")]
pub(crate) struct About {
    /// The purpose that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) purpose: Option<String>,
    /// Whether a restriction or an objection is taken back.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) lift: bool,
    /// The categories that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<String>,
    /// Those of them that could not be done at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) left: Vec<String>,
    /// The member of staff who opened it; nobody where the person asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) opened_by: Option<String>,
    /// How it is known who asks; nothing while that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) identity: Option<Known>,
    /// The code that was sent to find that out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) code: Option<Sent>,
    /// That it takes longer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) extended: Option<Extended>,
    /// An open request of the same person for the same right, which came before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) duplicate_of: Option<String>,
    /// Whether the account is being closed: from then on it is the person's alone to take back.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) closing: bool,
    /// Whether the guardian of somebody below the legal age had it closed: then the guardian takes it
    /// back.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) by_guardian: bool,
    /// Whether the desk was reminded.
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) reminded: bool,
    /// What the log attests of an erasure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) attested: Option<Attested>,
}

/// How it is known who asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Known {
    /// `session`, `browser`, `guardian`, `code`, `documents`.
    pub(crate) how: String,
    /// When, in milliseconds.
    pub(crate) at: i64,
    /// The member of staff who saw it, by id; empty for nobody.
    pub(crate) by: String,
}

impl Known {
    pub(crate) fn new(how: &str, by: &str, now: Timestamp) -> Self {
        Self { how: how.to_owned(), at: now.millis(), by: by.to_owned() }
    }
}

/// A code that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// The keyed hash of the code, in hex.
    pub(crate) hash: String,
    /// Until when it is good, in milliseconds.
    pub(crate) until: i64,
    /// How often it was tried in vain.
    pub(crate) tries: u32,
    /// Which one it is, so that each has a mail of its own.
    pub(crate) number: u32,
}

/// That an answer takes longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Extended {
    /// When that was said, in milliseconds.
    pub(crate) at: i64,
    /// The deadline before, in milliseconds.
    pub(crate) first: i64,
    /// Who said it.
    pub(crate) by: String,
}

/// What the log attests of an erasure: its entry is made of both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attested {
    /// The statement, byte for byte.
    pub(crate) statement: String,
    /// The blind, in base64.
    pub(crate) blind: String,
}

const fn is_false(it: &bool) -> bool {
    !*it
}

/// Whether an account is being closed with this request. One that was opened by staff becomes that
/// only when it is known who asks.
pub(crate) fn is_closing(row: &CaseRow) -> Result<bool, Stop> {
    let about = About::of(row)?;
    let closes = row.kind == Right::CloseAccount.word() && about.opened_by.is_none();
    Ok(row.state == RequestState::Waiting.word() && (about.closing || closes))
}

/// The request as the one with which the account is being closed.
pub(crate) fn as_closing(row: CaseRow, by_guardian: bool) -> Result<CaseRow, Stop> {
    About { closing: true, by_guardian, ..About::of(&row)? }.put(row)
}

/// Whether the account is being closed by a guardian.
pub(crate) fn is_by_guardian(row: &CaseRow) -> Result<bool, Stop> {
    Ok(About::of(row)?.by_guardian)
}

/// The request with which the account is being closed.
pub(crate) async fn closing_of(tx: &Tx<Permit>) -> Result<Option<CaseRow>, Stop> {
    for row in tx.cases(None, ROWS_AT_ONCE).await? {
        if is_closing(&row)? {
            return Ok(Some(row));
        }
    }
    // Behind very many others: then it is the newest of its kind.
    let kind = (Right::CloseAccount.word(), RequestState::Waiting.word());
    Ok(tx.newest_case(kind.0, kind.1).await?)
}

impl About {
    /// Whether somebody asked by an address that they gave in a form.
    pub(crate) fn is_by_address(&self) -> bool {
        self.opened_by.as_deref() == Some(BY_ADDRESS)
    }

    /// What stands with a request.
    pub(crate) fn of(row: &CaseRow) -> Result<Self, Stop> {
        let broken = |_| Stop::Broken("what stands with a request cannot be read".to_owned());
        serde_json::from_str(&row.about).map_err(broken)
    }

    /// The request with this.
    pub(crate) fn put(&self, row: CaseRow) -> Result<CaseRow, Stop> {
        let about = serde_json::to_string(self).map_err(|it| Stop::Broken(it.to_string()))?;
        Ok(CaseRow { about, ..row })
    }
}
