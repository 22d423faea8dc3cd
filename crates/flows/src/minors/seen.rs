//! Where a guardian stands, as the person below age sees it.

use decide::Age;
use journal::{Permit, Tx};
use zeroize::Zeroize;

use super::guardian_id;
use super::state::{agreed_case, open_case};
use crate::{Stop, when};

/// A guardian who is asked, or agreed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct GuardianSeen {
    /// The case; nothing where none was asked yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// `none`, `asked`, `invited`, `reached`, `agreed`.
    pub state: String,
    /// Until when an answer is waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

/// Where the guardian of somebody below age stands; nothing for an adult.
pub(crate) async fn seen(tx: &Tx<Permit>) -> Result<Option<GuardianSeen>, Stop> {
    let found = match tx.facts().age {
        Age::Unknown | Age::Adult => return Ok(None),
        Age::Minor | Age::Child => open_case(tx).await?,
        Age::MinorAgreed | Age::ChildAgreed => agreed_case(tx).await?,
    };
    let none = GuardianSeen { case: None, state: "none".to_owned(), until: None };
    Ok(Some(found.map_or(none, |row| GuardianSeen {
        case: Some(guardian_id(row.id)),
        until: row.open.then(|| when(row.due)),
        state: row.state,
    })))
}
