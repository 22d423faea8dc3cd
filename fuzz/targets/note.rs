//! Signed notes, checkpoints and verifier keys, as they come from outside. The first line is a key.
#![no_main]

use journal::log::{Checkpoint, Note, Signer, Vkey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
    let ours = Signer::from_seed("log.example/kept", &[8; 32]).expect("a fixed seed");
    let given = Vkey::parse(first);
    if let Ok(key) = &given {
        assert_eq!(
            Vkey::parse(&key.to_string()).expect("its own text").to_string(),
            key.to_string()
        );
    }
    let keys = given.iter().chain([ours.vkey()]);
    for whole in [bytes, rest.as_bytes()] {
        if let Ok(note) = Note::parse("note", whole) {
            assert_eq!(
                Note::parse("note", note.to_string().as_bytes()).expect("its own text"),
                note
            );
        }
        for key in keys.clone() {
            let _opened = Checkpoint::open("note", whole, key);
        }
    }
    if let Ok(checkpoint) = Checkpoint::parse("checkpoint", rest)
        && let Ok(note) = checkpoint.sign(&ours)
    {
        let opened = Checkpoint::open("note", note.to_string().as_bytes(), ours.vkey());
        // Another log's checkpoint is not ours, whoever signed it.
        assert!(opened.is_err() || checkpoint.origin == "log.example/kept");
    }
});
