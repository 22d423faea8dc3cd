use std::io::Write as _;

use super::*;

fn probe(seed: u8) -> Probe {
    let mut probe = [0; PROBE_BYTES];
    for (at, byte) in (0_u8..).zip(&mut probe) {
        *byte = at.wrapping_mul(37) ^ seed;
    }
    probe
}

fn write(path: &Path, bytes: &[u8]) {
    File::create(path).unwrap().write_all(bytes).unwrap();
}

#[test]
fn a_probe_is_found_wherever_it_stands_and_across_chunks() {
    let probes: Vec<Probe> = (1..=200).map(probe).collect();
    let search = Search::new(&probes);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.db");
    let chunk = SWEEP_CHUNK_BYTES;
    for at in (0..16).chain(chunk - 20..chunk + 4).chain([chunk * 2 - PROBE_BYTES]) {
        let mut bytes = vec![0; chunk * 2];
        bytes[at..at + PROBE_BYTES].copy_from_slice(&probes[at % 200]);
        write(&path, &bytes);
        assert!(search.found(&path).unwrap().0, "at {at}");
    }
    write(&path, &vec![0; chunk * 2 + 3]);
    let nothing = u64::try_from(chunk * 2 + 3).unwrap();
    assert_eq!(search.found(&path).unwrap(), (false, nothing));
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    write(Path::new(&log), &probes[7]);
    assert!(search.found(&path).unwrap().0);
    assert!(!Search::new(&[]).found(&path).unwrap().0);
    assert!(!Search::new(&[probe(0)]).found(&path).unwrap().0);
}

#[test]
fn what_is_kept_is_not_what_is_looked_for() {
    let region = RegionCode::new("cn").unwrap();
    let mut bytes = [7; crate::limit::WRAPPED_KEY_BYTES];
    bytes[48..].copy_from_slice(&probe(3));
    let kept = keep(PersonId::new(region, 9), &WrappedKey::new(bytes)).unwrap();
    let crate::sql::Value::Id(stored) = &kept.values[1] else { panic!("{kept:?}") };
    assert_ne!(*stored, probe(3));
    assert_eq!(turned(*stored), probe(3));
}
