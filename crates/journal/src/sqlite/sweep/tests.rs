use std::io::Write as _;

use super::*;

#[test]
fn a_key_is_found_wherever_it_stands_and_across_chunks() {
    let mut key = [7; WRAPPED_KEY_BYTES];
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::try_from(at).unwrap() ^ 0x5a;
    }
    let keys = [WrappedKey::new(key)];
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.db");
    for at in [0, 1, SWEEP_CHUNK_BYTES - 70, SWEEP_CHUNK_BYTES - 1, SWEEP_CHUNK_BYTES + 5] {
        let mut bytes = vec![0; SWEEP_CHUNK_BYTES * 2];
        bytes[at..at + WRAPPED_KEY_BYTES].copy_from_slice(&key);
        File::create(&path).unwrap().write_all(&bytes).unwrap();
        assert!(found(&path, &keys).unwrap(), "at {at}");
    }
    File::create(&path).unwrap().write_all(&vec![0; SWEEP_CHUNK_BYTES * 2]).unwrap();
    assert!(!found(&path, &keys).unwrap());
    assert!(!found(&path, &[]).unwrap());
    let mut log = path.clone().into_os_string();
    log.push("-wal");
    File::create(log).unwrap().write_all(&key).unwrap();
    assert!(found(&path, &keys).unwrap());
}
