//! The link of a guardian: the id of the case and a secret, of which only the hash is kept.

use decide::PersonId;
use decide::id::GuardianId;
use journal::{CaseRow, Permit, Tx};

use super::state::{About, KIND, is_open};
use crate::{Flows, Secret, Stop, secret};

/// A link, as it came back.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) case: GuardianId,
    pub(super) child: PersonId,
    secret: Secret,
}

/// A fresh link of a case: what stands in it, and the hash that is kept.
pub(super) fn fresh(flows: &Flows, case: GuardianId) -> Result<(Secret, String), Stop> {
    let secret = Secret::fresh(flows.vault(), "")?;
    let hash = secret::hex(&secret.hash());
    Ok((Secret::given(format!("{case}.{}", secret.as_str())), hash))
}

/// Where a link leads.
pub(super) fn address(flows: &Flows, token: &Secret, language: &str) -> String {
    let base = &flows.settings().address;
    format!("{base}/privacy/guardian/{}?language={language}", token.as_str())
}

impl Link {
    /// Reads what stands in a link, and finds whose it is.
    ///
    /// # Errors
    /// `NotFound` for what is none. Whether there is such a case is told to nobody without its secret.
    pub(super) async fn find(flows: &Flows, token: &Secret) -> Result<Self, Stop> {
        let (case, secret) = token.as_str().split_once('.').ok_or(Stop::NotFound)?;
        let case = GuardianId::parse(case).ok_or(Stop::NotFound)?;
        let owner = flows.journal().scratch().case_owner(case).await?;
        let child = owner.ok_or(Stop::NotFound)?;
        Ok(Self { case, child, secret: Secret::given(secret) })
    }

    /// The case of the link, where this is its secret.
    pub(super) async fn row(&self, tx: &Tx<Permit>) -> Result<(CaseRow, About), Stop> {
        let row = tx.case(self.case).await?.filter(|it| it.kind == KIND).ok_or(Stop::NotFound)?;
        let about = About::of(&row)?;
        if about.link.is_empty() || about.link != secret::hex(&self.secret.hash()) {
            return Err(Stop::NotFound);
        }
        Ok((row, about))
    }
}

/// Whether a link can still be answered.
///
/// # Errors
/// `NotNow`, with why not.
pub(super) fn answerable(tx: &Tx<Permit>, row: &CaseRow) -> Result<(), Stop> {
    if !is_open(&row.state) {
        return Err(Stop::NotNow(format!("this link was used: the answer is `{}`", row.state)));
    }
    if row.due <= tx.permit().now() {
        return Err(Stop::NotNow("the time of this link is over; ask for a new one".to_owned()));
    }
    Ok(())
}

/// Who is erased is as if they had never been: a link says no more of them.
pub(super) fn hide(stop: Stop) -> Stop {
    match stop {
        Stop::Gone => Stop::NotFound,
        other => other,
    }
}
