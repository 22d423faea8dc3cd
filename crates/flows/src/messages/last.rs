//! The last mail: it waits until the log has the proof that it brings, and goes without it rather than
//! not at all.

use decide::Timestamp;
use journal::MailRow;
use zeroize::Zeroizing;

use super::outbox::Sheet;
use crate::limit::PROOF_TRIES_MAX;
use crate::rights::{PLACE, certificate_of, certificate_text};
use crate::{Flows, RequestId, Stop};

/// The mail with the certificate in its place.
pub(super) async fn whole(
    flows: &Flows,
    (row, bytes): (&MailRow, Zeroizing<Vec<u8>>),
    now: Timestamp,
) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let broken = |_| Stop::Broken("a mail in the outbox cannot be read".to_owned());
    let mut sheet: Sheet = serde_json::from_slice(&bytes).map_err(broken)?;
    let request = row.cause.split('/').nth(1).and_then(RequestId::parse);
    let Some(request) = request.filter(|_| sheet.text.contains(PLACE)) else { return Ok(bytes) };
    let text = match certificate_of(flows, request, now).await {
        Ok(certificate) => certificate_text(&certificate),
        Err(stop) if row.attempts < PROOF_TRIES_MAX => return Err(stop),
        // The link below it leads to the certificate, whenever the log has it.
        Err(_) => "…".to_owned(),
    };
    sheet.text = sheet.text.replace(PLACE, &text);
    Ok(Zeroizing::new(serde_json::to_vec(&sheet).map_err(broken)?))
}
