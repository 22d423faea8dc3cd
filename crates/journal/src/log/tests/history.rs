//! What was changed, cut or rewritten is caught, and the report says where.

use std::fs;
use std::path::PathBuf;

use super::world::{entries, signer, tiles};
use super::*;

/// A folder with a log of `size` entries in batches, and its outside place.
fn log(size: u64, batch: usize) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let (data, outside) = (dir.path().join("log"), dir.path().join("outside/checkpoints"));
    write(&data, std::slice::from_ref(&outside), &entries(0, size), batch);
    (dir, data, outside)
}

fn write(data: &std::path::Path, outside: &[PathBuf], all: &[Hash], batch: usize) {
    let outside = outside.iter().map(|path| Folder::create(path).unwrap()).collect();
    let mut log = Sequencer::open(Folder::create(data).unwrap(), outside, signer()).unwrap();
    for part in all.chunks(batch) {
        let published = log.append(log.size(), part).unwrap();
        assert_eq!(published.added, part.len());
    }
    log.settle().unwrap();
}

fn files(dir: &std::path::Path) -> Vec<PathBuf> {
    let mut found = vec![];
    for file in fs::read_dir(dir).unwrap().map(|f| f.unwrap().path()) {
        if file.is_dir() { found.extend(files(&file)) } else { found.push(file) }
    }
    found.sort();
    found
}

fn check(data: &std::path::Path, outside: &std::path::Path) -> Result<Report, Fault> {
    verify(data, &Elsewhere::read(&[outside.to_path_buf()])?, signer().vkey())
}

#[test]
fn a_log_verifies_proves_and_reopens() {
    let (_dir, data, outside) = log(700, 90);
    let report = check(&data, &outside).unwrap();
    assert_eq!(report.checkpoint.size, 700);
    assert_eq!(report.outside, 10); // sizes 0, 90, .. 630, 700 and `latest`
    let all = entries(0, 700);
    for index in [0, 255, 256, 511, 699] {
        let bundle = prove(&Folder::open(&data), index).unwrap();
        let json = serde_json::to_string(&bundle).unwrap();
        let back: ProofBundle = serde_json::from_str(&json).unwrap();
        assert_eq!(verify_bundle(&back, signer().vkey()).unwrap(), report.checkpoint);
        assert_eq!(back.leaf, Hash::leaf(&all[index as usize]).to_base64());
        let (record, blind) = (format!("record {index}"), [(index % 256) as u8; 32]);
        verify_record(&back, signer().vkey(), record.as_bytes(), &blind).unwrap();
        assert!(verify_record(&back, signer().vkey(), b"other", &blind).is_err());
    }
    assert!(matches!(prove(&Folder::open(&data), 700), Err(Fault::NoEntry { .. })));
}

#[test]
fn a_log_goes_on_where_it_stopped() {
    let (_dir, data, outside) = log(700, 90);
    let report = check(&data, &outside).unwrap();
    let places = vec![Folder::open(&outside)];
    let mut again = Sequencer::open(Folder::open(&data), places, signer()).unwrap();
    assert_eq!(again.checkpoint(), report.checkpoint);
    assert_eq!(again.append(690, &entries(690, 710)).unwrap().added, 10);
    assert!(matches!(again.append(711, &entries(711, 712)), Err(Fault::Gap { .. })));
    assert!(matches!(again.append(3, &entries(4, 5)), Err(Fault::Differs { index: 3 })));
    assert_eq!(check(&data, &outside).unwrap().checkpoint.size, 710);
}

#[test]
fn each_changed_byte_is_caught() {
    let (_dir, data, outside) = log(270, 135);
    for file in files(&data) {
        if file.ends_with("pending") {
            continue; // the sequencer's own, not served and not verified
        }
        let whole = fs::read(&file).unwrap();
        // Each byte of the small ones; of a full tile one in every hash and its ends.
        let step = if whole.len() > 1000 { 31 } else { 1 };
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::File::create(&file)
                .and_then(|mut f| std::io::Write::write_all(&mut f, &bytes))
                .unwrap();
            assert!(check(&data, &outside).is_err(), "{} at {at}", file.display());
        }
        fs::remove_file(&file).unwrap();
        if !file.to_string_lossy().contains(".p/135") {
            assert!(check(&data, &outside).is_err(), "{} removed", file.display());
        }
        fs::File::create(&file)
            .and_then(|mut f| std::io::Write::write_all(&mut f, &whole))
            .unwrap();
    }
    check(&data, &outside).unwrap();
}

#[test]
fn faults_say_where() {
    let (_dir, data, outside) = log(700, 700);
    let change = |path: &str, at: usize| {
        let file = data.join(path);
        let mut bytes = fs::read(&file).unwrap();
        bytes[at] ^= 1;
        fs::File::create(&file)
            .and_then(|mut f| std::io::Write::write_all(&mut f, &bytes))
            .unwrap();
        let fault = check(&data, &outside).unwrap_err().to_string();
        bytes[at] ^= 1;
        fs::File::create(&file)
            .and_then(|mut f| std::io::Write::write_all(&mut f, &bytes))
            .unwrap();
        fault
    };
    assert_eq!(
        change("tile/entries/001", 34 * 44 + 5),
        "entry 300 in `tile/entries/001` does not hash to its leaf in `tile/0/001`; one of both was changed"
    );
    assert_eq!(
        change("tile/1/000.p/2", 40),
        "hash 1 of `tile/1/000.p/2` (entries from 256) is not what the entries give; the tile was changed"
    );
    fs::remove_file(data.join("tile/0/001")).unwrap();
    assert!(check(&data, &outside).unwrap_err().to_string().starts_with("`tile/0/001` is missing"));
}

#[test]
fn a_cut_tail_is_caught_outside() {
    let (_dir, data, outside) = log(500, 100);
    // A copy of the folder at 400 entries, validly signed: what a restored backup looks like.
    fs::remove_dir_all(&data).unwrap();
    write(&data, &[], &entries(0, 400), 100);
    verify(&data, &Elsewhere::default(), signer().vkey()).unwrap();
    let fault = check(&data, &outside).unwrap_err();
    assert!(fault.to_string().starts_with("the newest 100 entries are missing"), "{fault}");
    let places = vec![Folder::open(&outside)];
    let refused = Sequencer::open(Folder::open(&data), places, signer()).unwrap_err();
    assert!(matches!(refused, Fault::Truncated { outside_size: 500, size: 400, .. }));
}

#[test]
fn a_rewritten_tail_signed_again_is_caught_outside() {
    let (_dir, data, outside) = log(500, 100);
    fs::remove_dir_all(&data).unwrap();
    let mut forged = entries(0, 600);
    forged[420] = Hash::of(b"another history");
    write(&data, &[], &forged, 100);
    verify(&data, &Elsewhere::default(), signer().vkey()).unwrap();
    let fault = check(&data, &outside).unwrap_err();
    assert!(matches!(fault, Fault::Rewritten { from: 400, to: 500, .. }), "{fault}");
    let places = vec![Folder::open(&outside)];
    let refused = Sequencer::open(Folder::open(&data), places, signer()).unwrap_err();
    assert!(matches!(refused, Fault::Rewritten { to: 500, .. }));
}

#[test]
fn extends_compares_two_checkpoints() {
    let (new_tree, memory) = tiles(&entries(0, 600), 50);
    let head =
        |tree: &Tree| Checkpoint { origin: "o".into(), size: tree.size(), root: tree.root() };
    let new = head(&new_tree);
    verify_tree(&memory, &new).unwrap();
    for size in [0, 1, 255, 256, 300, 599, 600] {
        let old = head(&tiles(&entries(0, size), 50).0);
        verify_extends(&old, &new, &memory).unwrap();
    }
    let mut forged = entries(0, 300);
    forged[299] = Hash::of(b"x");
    let old = head(&tiles(&forged, 50).0);
    assert!(matches!(verify_extends(&old, &new, &memory), Err(Fault::Rewritten { to: 300, .. })));
    let longer = head(&tiles(&entries(0, 601), 50).0);
    assert!(matches!(verify_extends(&longer, &new, &memory), Err(Fault::Truncated { .. })));
}

#[test]
fn another_writer_is_noticed_before_signing() {
    let (_dir, data, outside) = log(100, 100);
    let open =
        || Sequencer::open(Folder::open(&data), vec![Folder::open(&outside)], signer()).unwrap();
    let mut first = open();
    let mut second = open();
    first.append(100, &entries(100, 110)).unwrap();
    assert!(second.append(100, &entries(200, 205)).is_err());
}

#[test]
fn a_log_that_goes_on_while_it_is_read_verifies() {
    let (_dir, data, outside) = log(300, 50);
    let kept = Elsewhere::read(std::slice::from_ref(&outside)).unwrap();
    let places = vec![Folder::open(&outside)];
    let mut more = Sequencer::open(Folder::open(&data), places, signer()).unwrap();
    more.append(300, &entries(300, 420)).unwrap();
    let report = verify(&data, &kept, signer().vkey()).unwrap();
    assert_eq!((report.checkpoint.size, report.outside), (420, 8));
    // A file that a crash cut off says nothing in a folder; named by itself, it is wrong.
    let torn = outside.join("000000000999");
    fs::File::create(&torn)
        .and_then(|mut file| std::io::Write::write_all(&mut file, b"log.example"))
        .unwrap();
    assert_eq!(check(&data, &outside).unwrap().outside, 9);
    check(&data, &torn).unwrap_err();
}
