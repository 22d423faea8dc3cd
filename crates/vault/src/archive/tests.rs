use super::*;
use crate::Roots;
use std::os::unix::fs::PermissionsExt as _;

mod bytes;

fn vault() -> Vault {
    let region = decide::RegionCode::new("cn").unwrap();
    Vault::new(Roots::fresh(&[region]).unwrap())
}

fn sealed(vault: &Vault, plain: &[u8]) -> Vec<u8> {
    let mut sealing = vault.seal_stream(Stream::Data, [7; 16], Vec::new()).unwrap();
    sealing.write_all(plain).unwrap();
    sealing.finish().unwrap()
}

fn opened(vault: &Vault, stream: Stream, bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut plain = Vec::new();
    vault.open_stream(stream, bytes)?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[test]
fn what_is_sealed_opens_whatever_its_length() {
    let vault = vault();
    for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE] {
        let plain: Vec<u8> = (0..length).map(|it| u8::try_from(it % 251).unwrap()).collect();
        let bytes = sealed(&vault, &plain);
        assert_eq!(opened(&vault, Stream::Data, &bytes).unwrap(), plain, "{length}");
        assert!(!bytes.windows(16).any(|it| plain.get(..16) == Some(it)), "{length}");
    }
}

#[test]
fn what_is_cut_off_does_not_open() {
    let vault = vault();
    let bytes = sealed(&vault, &vec![1; 2 * PIECE + 9]);
    let whole = PIECE + 4 + TAG;
    for at in [0, 5, HEAD, HEAD + 3, HEAD + whole, HEAD + 2 * whole, bytes.len() - 1] {
        assert!(opened(&vault, Stream::Data, &bytes[..at]).is_err(), "{at}");
    }
    assert!(opened(&vault, Stream::Data, &[bytes.as_slice(), &[0]].concat()).is_err());
}

#[test]
fn what_was_turned_round_changed_or_is_another_stream_does_not_open() {
    let vault = vault();
    let bytes = sealed(&vault, &vec![1; 2 * PIECE + 9]);
    let (head, rest) = bytes.split_at(HEAD);
    let (first, rest) = rest.split_at(PIECE + 4 + TAG);
    let (second, last) = rest.split_at(PIECE + 4 + TAG);
    assert!(opened(&vault, Stream::Data, &[head, second, first, last].concat()).is_err());
    assert!(opened(&vault, Stream::Data, &[head, first, last].concat()).is_err());
    let other = sealed(&vault, &vec![1; 2 * PIECE + 9]);
    let mixed = [&other[..HEAD], first, second, last].concat();
    assert!(opened(&vault, Stream::Data, &mixed).is_err(), "another salt");
    assert!(opened(&vault, Stream::Keys, &bytes).is_err(), "another kind");
    assert!(opened(&self::vault(), Stream::Data, &bytes).is_err(), "other root keys");
    for at in [0, 11, 12, 13, 30, HEAD, HEAD + 3, HEAD + 4, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        assert!(opened(&vault, Stream::Data, &changed).is_err(), "{at}");
    }
}

#[test]
fn pieces_are_read_before_the_stream_has_ended() {
    let vault = vault();
    let mut sealing = vault.seal_stream(Stream::Changes, [1; 16], Vec::new()).unwrap();
    sealing.piece(b"one").unwrap();
    sealing.piece(b"two").unwrap();
    let bytes = sealing.get_mut().clone();
    let read = |bytes: &[u8]| {
        let mut opening = vault.open_stream(Stream::Changes, bytes).unwrap();
        assert_eq!(opening.id(), [1; 16]);
        let mut all = Vec::new();
        while let Piece::Whole(plain) = opening.piece().unwrap() {
            all.push(plain.to_vec());
        }
        all
    };
    assert_eq!(read(&bytes), [b"one".to_vec(), b"two".to_vec()]);
    assert_eq!(read(&bytes[..bytes.len() - 1]), [b"one".to_vec()]);
    let mut opening = vault.open_stream(Stream::Changes, &bytes[..]).unwrap();
    opening.piece().unwrap();
    opening.piece().unwrap();
    assert!(matches!(opening.piece().unwrap(), Piece::Cut));
}

/// Made with an independent implementation; `docs/formats/backup.md` shows it.
#[test]
fn the_vector_opens_and_the_bad_ones_do_not() {
    let key = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let text = format!("kept-keys-v1\ncn wrap {key}\ncn index {key}\n- log {key}\n");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let vault = Vault::new(Roots::open(&path).unwrap());
    let bytes = |hex: &str| -> Vec<u8> {
        hex.as_bytes()
            .chunks(2)
            .map(|it| u8::from_str_radix(std::str::from_utf8(it).unwrap(), 16).unwrap())
            .collect()
    };
    let page = include_str!("../../../../docs/formats/backup.md");
    let row = |name: &str| {
        let line = page.lines().find(|it| it.starts_with(&format!("| {name} |"))).unwrap();
        bytes(line.split('`').nth(1).unwrap())
    };
    assert_eq!(opened(&vault, Stream::Data, &row("good")).unwrap(), b"hello, backup");
    for bad in ["cut off", "not ended", "turned round", "another kind", "version 2"] {
        assert!(opened(&vault, Stream::Data, &row(bad)).is_err(), "{bad}");
    }
}
