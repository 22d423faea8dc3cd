//! What the person sees of a hold: that it is there, on what ground, and until when.

use std::collections::BTreeMap;

use decide::id::CaseId;
use journal::{Permit, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use super::{HELD, Texts};
use crate::{Flows, Stop, when};

/// Why a value cannot be used, changed or deleted now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct OnHold {
    /// On what ground.
    pub ground: String,
    /// When it ends at the latest.
    pub until: String,
    /// The clause that says so.
    pub clause: String,
}

/// The holds that stand over values of the person.
pub(crate) async fn on_hold(
    flows: &Flows,
    tx: &Tx<Permit>,
) -> Result<BTreeMap<CaseId, OnHold>, Stop> {
    let mut all = BTreeMap::new();
    for id in tx.values().iter().filter_map(|it| it.hold) {
        if all.contains_key(&id) {
            continue;
        }
        let Some(row) = tx.case(id).await?.filter(|it| it.state == HELD) else { continue };
        let texts = Texts::open(flows, tx.person(), &row)?;
        let book = flows.book();
        let clause = book.policy().retention.as_ref().map(|it| it.clause.clone());
        let (ground, until) = (texts.ground.clone(), when(row.due));
        all.insert(id, OnHold { ground, until, clause: clause.unwrap_or_default() });
    }
    Ok(all)
}
