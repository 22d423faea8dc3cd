//! The page of a certificate.

use axum::extract::State;
use flows::{RequestId, Secret, Stop, rights};

use super::view;
use super::words::Say;
use crate::page::date;
use crate::page::shared::{Ask, Passed, html, message};
use crate::{App, Reply};

/// Where it stands.
pub(super) const CERTIFICATE: &str = "/privacy/certificate";

/// The certificate of an erasure, to read and to print.
pub(crate) async fn certificate(State(app): State<App>, _: Passed, ask: Ask) -> Reply {
    let (request, token) = (ask.get("request").to_owned(), ask.get("token").to_owned());
    let Some(id) = RequestId::parse(&request) else { return ask.stopped(&app, Stop::NotFound) };
    let secret = Secret::given(token.clone());
    let carried = format!("request={id}&token={}", secret.as_str());
    let f = ask.frame(&app, ("", CERTIFICATE)).carrying(&carried);
    let f = f.of_region(&app.flows.book(), id.region());
    let say = Say::of(f.language());
    let found = rights::certificate(&app.flows, (id, &secret), app.now()).await;
    let found = found.map(|it| (it.stated(), it));
    match found {
        Ok((Some(stated), it)) => {
            let page = view::Certificate {
                person: stated.person,
                erased: date::second(&f, &stated.erased),
                erased_at: stated.erased,
                controller: stated.controller,
                policy: stated.policy.version,
                hash: stated.policy.hash,
                log: stated.log,
                index: it.proof.index,
                key: it.key.clone(),
                request,
                save: format!("{CERTIFICATE}.json?{carried}"),
                text: it.to_text(),
                say,
                f,
            };
            Reply::public_page(200, html(&page))
        }
        Ok((None, _)) | Err(Stop::Wrong) => ask.stopped(&app, Stop::NotFound),
        Err(Stop::NotNow(_)) => message(f, 503, (say.certificate, say.certificate_waits)),
        Err(stop) => ask.stopped(&app, stop),
    }
}
