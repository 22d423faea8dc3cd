//! The compiled rules as one text, and its hash: the same however the policy is ordered or worded.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};

/// The first line of the canonical text: the format and its version.
const HEAD: &str = "kept-rules 1\n";

/// The canonical text: `docs/formats/policy-hash.md`.
pub(crate) fn canonical(rules: &BTreeMap<String, String>) -> String {
    let mut text = HEAD.to_owned();
    for (path, value) in rules {
        let value = value.replace('\\', "\\\\").replace('\n', "\\n");
        // Writing to a string does not fail.
        let _infallible: std::fmt::Result = writeln!(text, "{path} = {value}");
    }
    text
}

/// SHA-256 of the canonical text, in hex.
pub(crate) fn hash(rules: &BTreeMap<String, String>) -> String {
    fingerprint(canonical(rules).as_bytes())
}

/// SHA-256 of bytes, in hex.
pub(crate) fn fingerprint(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in digest(&SHA256, bytes).as_ref() {
        let _infallible: std::fmt::Result = write!(hex, "{byte:02x}");
    }
    hex
}
