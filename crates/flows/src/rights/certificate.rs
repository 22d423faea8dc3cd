//! The certificate of an erasure: a statement, and the proof that the log has attested it since. It
//! needs neither the record nor the key, which are gone; anybody can check it without us.
//! `docs/formats/certificate.md` has the bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decide::id::RequestId;
use decide::{PersonId, Timestamp};
use journal::log::{self, Checkpoint, Elsewhere, ProofBundle, Vkey};
use journal::{Permit, Tx, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::about::{About, Attested};
use super::link::check;
use crate::book::Book;
use crate::limit::CERTIFICATE_BYTES_MAX;
use crate::{Flows, Secret, Stop, when};

/// What stands for the person's id in a statement that is kept.
const WHO: &str = "{person}";
/// The format's version.
const VERSION: u8 = 1;

/// A certificate. The log's entry is made of `statement` and `blind`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The format's version, 1.
    pub kept_certificate: u8,
    /// What is attested: a JSON object, as text, byte for byte.
    pub statement: String,
    /// The blind, in base64.
    pub blind: String,
    /// The public key of the log.
    pub key: String,
    /// The way from the entry to a signed checkpoint.
    pub proof: ProofBundle,
}

impl Certificate {
    /// As people keep it: JSON, of which no program on the way changes a byte.
    pub fn to_text(&self) -> String {
        text(self)
    }

    /// What it states, where that can be read.
    pub fn stated(&self) -> Option<Statement> {
        serde_json::from_str(&self.statement).ok()
    }
}

/// What a certificate states.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The format's version, 1.
    pub v: u8,
    /// What it is about: `erased`.
    pub certificate: String,
    /// Who: an id that says nothing to anybody else.
    pub person: String,
    /// When.
    pub erased: String,
    /// At whose request, where there was one.
    pub request: Option<String>,
    /// Categories that lie under a legal hold and stay until it ends.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<String>,
    /// By whom.
    pub controller: String,
    /// Under which version of the policy.
    pub policy: Policy,
    /// The log that attests it.
    pub log: String,
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Its number.
    pub version: u32,
    /// The hash of its rules.
    pub hash: String,
}

/// Stages what the log is to attest of an erasure; the request keeps it. `texts` says whether a hold
/// keeps what was written.
pub(super) fn attest(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (request, texts): (Option<RequestId>, bool),
) -> Result<Attested, Stop> {
    let now = tx.permit().now();
    let mut statement = json!({
        "v": VERSION,
        "certificate": "erased",
        "person": tx.person().to_string(),
        "erased": when(now),
        "request": request.map(|it| it.to_string()),
        "controller": book.policy().header.controller.main(),
        "policy": { "version": book.version(), "hash": format!("sha256:{}", book.hash()) },
        "log": flows.settings().origin,
    });
    // What lies under a legal hold stays until it ends, and that is said.
    let mut held = book.category_ids(tx.facts().dues.held());
    if texts && !held.iter().any(|it| it == crate::messages::MESSAGES) {
        held.push(crate::messages::MESSAGES.to_owned());
    }
    if let Some(fields) = statement.as_object_mut().filter(|_| !held.is_empty()) {
        fields.insert("held".to_owned(), json!(held));
    }
    let statement = statement.to_string();
    let mut blind = [0; 32];
    flows.vault().random(&mut blind)?;
    let (id, text) = (flows.journal().new_id(now), statement.clone().into_bytes());
    tx.stage(Write::Attest { id, text, blind });
    // Whose it is stands with the request already; their id in words need not stand here too.
    let statement = statement.replace(&tx.person().to_string(), WHO);
    Ok(Attested { statement, blind: STANDARD.encode(blind) })
}

/// The certificate of a request that ended in an erasure, for whoever has its link.
///
/// # Errors
/// `Wrong` for another link, `NotFound` while nothing is erased, `NotNow` until the log has it.
pub async fn certificate(
    flows: &Flows,
    (id, token): (RequestId, &Secret),
    now: Timestamp,
) -> Result<Certificate, Stop> {
    check(flows, id, token)?;
    of_request(flows, id, now).await
}

/// The same for whoever may have it anyway: the last mail.
pub(crate) async fn of_request(
    flows: &Flows,
    id: RequestId,
    now: Timestamp,
) -> Result<Certificate, Stop> {
    let found = flows.journal().scratch().case(id).await?;
    let (person, row) = found.ok_or(Stop::NotFound)?;
    let attested = About::of(&row)?.attested.ok_or(Stop::NotFound)?;
    let proof = flows.journal().prove(index(flows, person, now).await?).await?;
    let key = flows.log_key().to_owned();
    let Attested { statement, blind } = attested;
    let statement = statement.replace(WHO, &person.to_string());
    Ok(Certificate { kept_certificate: VERSION, statement, blind, key, proof })
}

/// Where the entry stands. What waits is brought into the log first.
async fn index(flows: &Flows, person: PersonId, now: Timestamp) -> Result<u64, Stop> {
    if let Some(index) = flows.journal().attested(person).await? {
        return Ok(index);
    }
    flows.sequence(now).await?;
    let index = flows.journal().attested(person).await?;
    index.ok_or_else(|| Stop::NotNow("the log has it in two seconds; ask again then".to_owned()))
}

/// As people keep it, and as it is mailed: letters of other alphabets are written as numbers, so that
/// no mail on its way changes a byte.
pub(crate) fn text(certificate: &Certificate) -> String {
    let text = serde_json::to_string_pretty(certificate).unwrap_or_default();
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            plain.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            plain.push_str("\\u");
            plain.push_str(&crate::secret::hex(&unit.to_be_bytes()));
        }
    }
    plain
}

/// What was found to be true of a certificate.
#[derive(Debug)]
pub struct Verified {
    /// What it states.
    pub statement: Statement,
    /// The checkpoint under which the log has it.
    pub checkpoint: Checkpoint,
}

/// Checks a certificate without us: with the public key of the log, and with checkpoints that were
/// kept elsewhere. One of the same size has to agree.
///
/// # Errors
/// What is wrong with it.
pub fn verify_certificate(
    text: &str,
    key: Option<&str>,
    outside: &Elsewhere,
) -> Result<Verified, String> {
    if text.len() > CERTIFICATE_BYTES_MAX {
        return Err("it is longer than any certificate".to_owned());
    }
    let certificate: Certificate = serde_json::from_str(text)
        .map_err(|_| "it is no certificate: save it again as it was given out".to_owned())?;
    if certificate.kept_certificate != VERSION {
        return Err("its version is not known".to_owned());
    }
    let vkey = Vkey::parse(key.unwrap_or(&certificate.key)).map_err(|it| it.to_string())?;
    let blind = STANDARD.decode(&certificate.blind).ok();
    let blind: Option<[u8; 32]> = blind.and_then(|it| it.try_into().ok());
    let blind = blind.ok_or_else(|| "its blind is broken".to_owned())?;
    let statement = certificate.statement.as_bytes();
    let checkpoint = log::verify_record(&certificate.proof, &vkey, statement, &blind)
        .map_err(|fault| fault.to_string())?;
    for (_, other) in outside.open(&vkey).map_err(|fault| fault.to_string())? {
        if other.size == checkpoint.size && other.root != checkpoint.root {
            return Err("a checkpoint that was kept elsewhere shows another log".to_owned());
        }
    }
    let statement: Statement = serde_json::from_str(&certificate.statement)
        .map_err(|_| "its statement cannot be read".to_owned())?;
    Ok(Verified { statement, checkpoint })
}
