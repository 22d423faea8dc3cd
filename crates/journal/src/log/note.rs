//! A signed note (C2SP signed-note): text, an empty line, one signature line per key.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault::Fault;
use super::limits::{MAX_NOTE_BYTES, MAX_SIGNATURES};
use super::vkey::{Signer, Vkey, is_name};

/// What every signature line begins with: an em dash and a space.
const DASH: &str = "\u{2014} ";

/// One signature line: `— name base64(id ‖ bytes)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signature {
    /// The key's name.
    pub name: String,
    /// The key's id.
    pub id: u32,
    /// The signature itself, 64 bytes for Ed25519.
    pub bytes: Vec<u8>,
}

/// Text with the signatures that stand under it. Nothing in it is trusted before [`Note::check`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Note {
    text: String,
    signatures: Vec<Signature>,
}

impl Note {
    /// Signs a text that ends in a newline, with each signer in turn.
    pub fn sign(text: &str, signers: &[&Signer]) -> Result<Self, Fault> {
        if !text.ends_with('\n') || text.chars().any(is_control) {
            return Err(Fault::malformed("note", "its text ends in a newline and has no controls"));
        }
        let signatures = signers.iter().map(|signer| signer.sign(text)).collect();
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// Reads a note. `what` names it in errors.
    pub fn parse(what: &str, bytes: &[u8]) -> Result<Self, Fault> {
        let wrong = |why| Fault::malformed(what, why);
        if bytes.len() > MAX_NOTE_BYTES {
            return Err(wrong("it is longer than a note may be"));
        }
        let all = str::from_utf8(bytes).map_err(|_| wrong("it is not UTF-8"))?;
        if all.chars().any(is_control) {
            return Err(wrong("it holds a control character"));
        }
        let Some((text, lines)) = all.rsplit_once("\n\n") else {
            return Err(wrong("no empty line stands before the signatures"));
        };
        let Some(lines) = lines.strip_suffix('\n') else {
            return Err(wrong("it does not end in a newline"));
        };
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() >= MAX_SIGNATURES {
                return Err(wrong("it has too many signatures"));
            }
            signatures.push(parse_line(line).ok_or_else(|| wrong("a signature line is broken"))?);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The text, if a signature by `vkey` stands under it and verifies.
    ///
    /// Signatures by other keys are passed over, as the specification asks; one that claims to be
    /// by this key and does not verify spoils the whole note.
    pub fn check(&self, what: &str, vkey: &Vkey) -> Result<&str, Fault> {
        let mut ours = self
            .signatures
            .iter()
            .filter(|signature| signature.id == vkey.id() && signature.name == vkey.name())
            .peekable();
        if ours.peek().is_none() {
            return Err(Fault::Unsigned { what: what.to_owned(), key: vkey.name().to_owned() });
        }
        if ours.all(|signature| vkey.verifies(&self.text, &signature.bytes)) {
            return Ok(&self.text);
        }
        Err(Fault::BadSignature { what: what.to_owned(), key: vkey.name().to_owned() })
    }

    /// The text as it stands, trusted by nobody yet.
    pub(crate) fn unchecked(&self) -> &str {
        &self.text
    }

    /// The signatures, in their order.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Adds another key's signature, as a witness does.
    pub fn countersign(&mut self, signer: &Signer) {
        self.signatures.push(signer.sign(&self.text));
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        for Signature { name, id, bytes } in &self.signatures {
            let blob = STANDARD.encode([&id.to_be_bytes(), bytes.as_slice()].concat());
            writeln!(f, "{DASH}{name} {blob}")?;
        }
        Ok(())
    }
}

fn parse_line(line: &str) -> Option<Signature> {
    let (name, blob) = line.strip_prefix(DASH)?.split_once(' ')?;
    let blob = STANDARD.decode(blob).ok()?;
    let (id, bytes) = blob.split_first_chunk::<4>()?;
    if !is_name(name) || bytes.is_empty() {
        return None;
    }
    Some(Signature { name: name.to_owned(), id: u32::from_be_bytes(*id), bytes: bytes.to_vec() })
}

fn is_control(c: char) -> bool {
    c < ' ' && c != '\n'
}
