//! Paths of tiles, bundles of entries, hashes and proofs. The first line is a path or a hash.
#![no_main]

use journal::log::{
    Hash, Level, ProofBundle, Signer, TilePath, decode_bundle, encode_bundle, verify_bundle,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let (first, rest) = match bytes.iter().position(|it| *it == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[][..]),
    };
    let first = String::from_utf8_lossy(first);
    let path = TilePath::parse(&first);
    if let Some(path) = path {
        assert_eq!(path.to_string(), first);
    }
    if let Some(hash) = Hash::from_base64(&first) {
        assert_eq!(hash.to_base64(), first);
    }
    let width = u16::from(bytes.first().copied().unwrap_or(1));
    let usual = TilePath { level: Level::Entries, index: 0, width };
    for path in path.into_iter().chain([usual]) {
        if let Ok(entries) = decode_bundle(path, rest) {
            assert_eq!(encode_bundle(&entries), rest);
        }
    }
    if let Ok(proof) = serde_json::from_slice::<ProofBundle>(bytes) {
        let ours = Signer::from_seed("log.example/kept", &[8; 32]).expect("a fixed seed");
        let _checked = verify_bundle(&proof, ours.vkey());
    }
});
