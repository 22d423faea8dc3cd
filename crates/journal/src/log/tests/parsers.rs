//! Every parser takes every input; what it accepts it writes back the same.

use proptest::prelude::*;

use super::super::pending;
use super::world::{entries, signer};
use super::*;

#[test]
fn the_specifications_own_note_verifies() {
    // C2SP signed-note: the key and the note of its reference implementation's tests.
    let vkey = Vkey::parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    let vkey = vkey.unwrap();
    let text = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n";
    let line = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    let note = Note::parse("note", format!("{text}\n{line}").as_bytes()).unwrap();
    assert_eq!(note.check("note", &vkey).unwrap(), text);
    assert_eq!(note.to_string(), format!("{text}\n{line}"));
    assert_eq!(
        vkey.to_string(),
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    );
}

#[test]
fn several_signatures() {
    let witness = Signer::from_seed("witness.example", &[9; 32]).unwrap();
    let other = Signer::from_seed("log.example/kept", &[8; 32]).unwrap();
    let checkpoint =
        Checkpoint { origin: "log.example/kept".into(), size: 3, root: Hash::of(b"x") };
    let mut note = checkpoint.sign(&signer()).unwrap();
    note.countersign(&witness);
    let bytes = note.to_string();
    let back = Note::parse("n", bytes.as_bytes()).unwrap();
    assert_eq!(back, note);
    assert_eq!(back.signatures().len(), 2);
    for by in [&signer(), &witness] {
        assert_eq!(back.check("n", by.vkey()).unwrap(), checkpoint.text());
    }
    assert!(matches!(back.check("n", other.vkey()), Err(Fault::Unsigned { .. })));
    assert!(matches!(
        Checkpoint::open("n", bytes.as_bytes(), witness.vkey()),
        Err(Fault::Origin { .. })
    ));
    let changed = bytes.replacen("\n3\n", "\n4\n", 1);
    assert!(matches!(
        Checkpoint::open("n", changed.as_bytes(), signer().vkey()),
        Err(Fault::BadSignature { .. })
    ));
}

#[test]
fn bad_vectors_of_the_documents_are_refused() {
    for bad in [
        "",
        "a+b",
        "a+00000000+AQ==",
        "a b+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ] {
        assert!(Vkey::parse(bad).is_err(), "{bad}");
    }
    let root = Hash::empty();
    for bad in [
        format!("o\n01\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("\n1\n{root}\n"),
        format!("o\n1\n{root}"),
        "o\n1\nAAAA\n".into(),
        "o\n1\n".into(),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n1\n{root}\n\n"),
    ] {
        assert!(Checkpoint::parse("c", &bad).is_err(), "{bad:?}");
    }
    for bad in [
        "tile/0/0",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/0/x000/000",
        "tile/0/001/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/",
        "tile/entries/000.p/",
        "/tile/0/000",
        "tile/0/x999/x999/x999/x999/x999/x999/x999/999",
    ] {
        assert_eq!(TilePath::parse(bad), None, "{bad}");
    }
    let good = TilePath { level: Level::Hashes(0), index: 1_234_067, width: 256 };
    assert_eq!(good.to_string(), "tile/0/x001/x234/067");
    assert_eq!(TilePath::parse("tile/entries/x001/000.p/7").unwrap().index, 1000);
    assert_eq!(format!("{:?}", signer()), "Signer(log.example/kept, ‹sealed›)");
}

proptest! {
    #[test]
    fn no_bytes_make_a_parser_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        drop(Note::parse("n", &bytes));
        drop(Checkpoint::open("n", &bytes, signer().vkey()));
        drop(Checkpoint::parse("n", &text));
        drop(Vkey::parse(&text));
        prop_assert!(TilePath::parse(&text).is_none_or(|path| path.to_string() == text));
        let path = TilePath { level: Level::Entries, index: 0, width: u16::from(bytes.first().copied().unwrap_or(1)) };
        drop(decode_bundle(path, &bytes));
        drop(pending::parse(&bytes));
        prop_assert!(Hash::from_base64(&text).is_none_or(|hash| hash.to_base64() == text));
        drop(serde_json::from_slice::<ProofBundle>(&bytes));
    }

    #[test]
    fn near_misses_do_not_panic(
        at in any::<prop::sample::Index>(), put in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let checkpoint = Checkpoint { origin: "log.example/kept".into(), size: 3, root: Hash::of(b"x") };
        let note = checkpoint.sign(&signer()).unwrap().to_string();
        let mut tree = Tree::new();
        tree.append(&entries(0, 3));
        let mut file = pending::begin(&tree, &note);
        file.extend(pending::frame(&entries(3, 5), &note));
        for whole in [note.clone().into_bytes(), signer().vkey().to_string().into_bytes(), file,
            encode_bundle(&entries(0, 3)), b"tile/0/x001/234.p/7".to_vec()]
        {
            let mut bytes = whole.clone();
            let n = at.index(bytes.len());
            bytes[n] = put;
            bytes.truncate(cut.index(whole.len()) + 1);
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let opened = Checkpoint::open("n", &bytes, signer().vkey());
            prop_assert!(opened.is_err() || bytes == note.as_bytes());
            drop(Vkey::parse(&text));
            prop_assert!(TilePath::parse(&text).is_none_or(|path| path.to_string() == text));
            let path = TilePath { level: Level::Entries, index: 0, width: 3 };
            drop(decode_bundle(path, &bytes));
            drop(pending::parse(&bytes));
        }
    }

    #[test]
    fn paths_come_back(level in 0_u8..64, index in any::<u64>(), width in 1_u16..=256, e in any::<bool>()) {
        let level = if e { Level::Entries } else { Level::Hashes(level) };
        let path = TilePath { level, index, width };
        prop_assert_eq!(TilePath::parse(&path.to_string()), Some(path));
    }
}
