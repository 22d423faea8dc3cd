//! The link by which a request is followed without an account, also when nobody is left to sign in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use decide::id::RequestId;

use crate::{Flows, Secret, Stop, secret};

/// What its secret is a mark of.
const LABEL: &str = "request-link";

/// The secret of a request: a mark under a key of the region, so that it need not be kept, and
/// nobody else can make it.
pub(crate) fn secret_of(flows: &Flows, id: RequestId) -> Result<Secret, Stop> {
    let mark = flows.vault().mark(id.region(), LABEL, &id.bits().to_be_bytes())?;
    Ok(Secret::given(URL_SAFE_NO_PAD.encode(mark)))
}

/// Where it is followed.
///
/// # Errors
/// When the region is not served.
pub fn link(flows: &Flows, id: RequestId) -> Result<String, Stop> {
    let token = secret_of(flows, id)?;
    let address = &flows.settings().address;
    Ok(format!("{address}/privacy/request?request={id}&token={}", token.as_str()))
}

/// Whether a secret is the one of a request. `Wrong` also where there can be no such request.
pub(super) fn check(flows: &Flows, id: RequestId, given: &Secret) -> Result<(), Stop> {
    if !flows.regions().contains(&id.region()) {
        return Err(Stop::Wrong);
    }
    let right = secret_of(flows, id)?.hash();
    if secret::same(&right, &given.hash()) { Ok(()) } else { Err(Stop::Wrong) }
}
