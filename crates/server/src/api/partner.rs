//! What partners and connected systems have to delete or put right, and that they did.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use decide::id::DeliveryId;
use flows::rights::{self, Signed};
use serde_json::json;

use super::Answer;
use crate::credentials::PartnerKey;
use crate::limit::SIGN_IN_MAX;
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply};

/// Signed answers from one address in a window.
const SIGNED: Gate = Gate { name: "signed", most: SIGN_IN_MAX };

/// `GET /v1/partner/deletions`
pub(crate) async fn deletions(
    State(app): State<App>,
    PartnerKey(partner): PartnerKey,
    query: Query,
) -> Answer {
    Ok(Reply::public(&rights::deletions(&app.flows, &partner, query.get("cursor")).await?))
}

/// `POST /v1/partner/deletions/{id}/done`: with the key of a partner, or signed by a connected system.
pub(crate) async fn done(
    State(app): State<App>,
    Path(id): Path<String>,
    peer: Peer,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let wrong = || Problem::invalid("id", "use an id such as `del_cn_…`");
    let delivery = DeliveryId::parse(&id).ok_or_else(wrong)?;
    if headers.contains_key(AUTHORIZATION) {
        let PartnerKey(partner) = PartnerKey::of(&headers, &app).await?;
        rights::partner_done(&app.flows, &partner, delivery, app.now()).await?;
    } else {
        app.pass(SIGNED, &peer)?;
        let text = |name: &str| {
            let found = headers.get(name).and_then(|it| it.to_str().ok());
            found.map(str::to_owned).ok_or_else(Problem::no_key)
        };
        let signed = Signed {
            id: text("webhook-id")?,
            stamp: text("webhook-timestamp")?,
            signature: text("webhook-signature")?,
            body: body.to_vec(),
        };
        rights::system_done(&app.flows, (delivery, &signed), app.now()).await?;
    }
    app.wake();
    Ok(Reply::public(&json!({ "delivery": id, "done": true })))
}
