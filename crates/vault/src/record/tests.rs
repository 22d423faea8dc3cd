use super::*;
use crate::testing::{FORMAT, bytes, person, row};

fn id(bits: u128) -> RecordId {
    RecordId::new(person().region(), bits)
}

fn ready(key: &Key) -> Ready {
    key.sub(Kind::Record, 0, &[0; SALT]).ready().unwrap()
}

#[test]
fn a_record_opens_in_its_row_with_the_blind_that_it_was_sealed_with() {
    let key = Key::fresh().unwrap();
    let (sealed, blind) = seal(&key, (person(), id(1)), b"what was decided").unwrap();
    let opened = open((&key, &ready(&key)), (person(), id(1)), &sealed).unwrap();
    assert_eq!((&**opened.kept, opened.blind), (b"what was decided".as_slice(), blind));
    assert!(open((&key, &ready(&key)), (person(), id(2)), &sealed).is_err());
    let other = Key::fresh().unwrap();
    assert!(open((&other, &ready(&other)), (person(), id(1)), &sealed).is_err());
    for at in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] ^= 1;
        let sealed = Sealed::from_cipher(bytes);
        assert!(open((&key, &ready(&key)), (person(), id(1)), &sealed).is_err(), "{at}");
    }
}

#[test]
fn no_two_records_have_the_same_blind() {
    let key = Key::fresh().unwrap();
    let blinds = (0..1_000).map(|_| seal(&key, (person(), id(1)), b"same").unwrap().1);
    let blinds: std::collections::BTreeSet<[u8; 32]> = blinds.collect();
    assert_eq!(blinds.len(), 1_000);
}

#[test]
fn records_of_both_versions_open_as_the_format_has_them() {
    let key = Key::from_slice(&[7; 32]).unwrap();
    for (named, blind) in [("record", "blind"), ("record, version 1", "blind, version 1")] {
        let sealed = Sealed::from_cipher(bytes(row(FORMAT, named)));
        let opened = open((&key, &ready(&key)), (person(), id(5)), &sealed).unwrap();
        assert_eq!(&**opened.kept, b"{}", "{named}");
        assert_eq!(opened.blind.as_slice(), bytes(row(FORMAT, blind)), "{named}");
    }
}
