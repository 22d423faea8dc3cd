//! The vectors of `docs/formats`, which another implementation made, come out the same here.

use super::world::{entries, hex, signer, tiles};
use super::*;

const ENTRY: &str = include_str!("../../../../../docs/formats/entry.md");
const CHECKPOINT: &str = include_str!("../../../../../docs/formats/checkpoint.md");
const TILES: &str = include_str!("../../../../../docs/formats/tiles.md");

/// What stands in the fenced block with this label.
fn block<'a>(page: &'a str, label: &str) -> &'a str {
    let opening = format!("```{label}\n");
    let (_, after) = page.split_once(&opening).unwrap();
    after.split_once("```").unwrap().0
}

#[test]
fn entries_of_the_page() {
    let counted: Vec<u8> = (0..32).collect();
    let counted: [u8; 32] = counted.try_into().unwrap();
    let given = [
        (String::new(), [0; 32]),
        ("hello".into(), [9; 32]),
        (r#"{"act":"use","purpose":"service"}"#.into(), counted),
        ("record 0".into(), [0; 32]),
        ("record 1".into(), [1; 32]),
        ("record 2".into(), [2; 32]),
    ];
    for (record, blind) in given {
        let computed = hex(&entry(record.as_bytes(), &blind).0);
        let row = ENTRY.lines().find(|line| line.contains(&computed));
        assert!(row.is_some_and(|row| row.contains(&record)), "{record}: {computed}");
    }
    assert!(!ENTRY.contains(&hex(&entry(b"hello", &[8; 32]).0)));
}

#[test]
fn checkpoints_of_the_page() {
    let vkey = Vkey::parse(block(CHECKPOINT, "vkey")).unwrap();
    assert_eq!(&vkey, signer().vkey());
    for size in [0_u64, 3, 70_000] {
        let note = block(CHECKPOINT, &format!("checkpoint-{size}"));
        let checkpoint = Checkpoint::open("page", note.as_bytes(), &vkey).unwrap();
        let (tree, _) = tiles(&entries(0, size), 999);
        assert_eq!((checkpoint.size, checkpoint.root), (size, tree.root()));
        assert_eq!(checkpoint.sign(&signer()).unwrap().to_string(), note);
    }
    let note = block(CHECKPOINT, "checkpoint-3");
    for (from, to) in [("\n3\n", "\n03\n"), ("\n3\n", "\n4\n"), ("=\n", "\n"), ("\u{2014}", "-")] {
        let changed = note.replacen(from, to, 1);
        assert!(Checkpoint::open("page", changed.as_bytes(), &vkey).is_err(), "{to:?}");
    }
    let other = block(CHECKPOINT, "vkey").replace("4c56fa84", "4c56fa85");
    assert!(Vkey::parse(&other).is_err());
}

#[test]
fn tiles_of_the_page() {
    let (_, memory) = tiles(&entries(0, 3), 3);
    for (path, label) in [("tile/entries/000.p/3", "hex-entries"), ("tile/0/000.p/3", "hex-leaves")]
    {
        let bytes = memory.tile(path).unwrap().unwrap();
        assert_eq!(hex(&bytes), block(TILES, label).replace('\n', ""));
    }
    let proof = inclusion(&Nodes::new(&memory, 3), 1, 3).unwrap();
    assert_eq!(proof.len(), 2);
    assert!(proof.iter().all(|hash| TILES.contains(&hash.to_base64())));
}
