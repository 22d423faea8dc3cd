use decide::RegionCode;

use super::*;
use crate::testing::{FORMAT, bytes, person, row};

#[test]
fn a_note_opens_for_its_person_and_label_alone() {
    let key = Key::fresh().unwrap();
    let other = PersonId::new(RegionCode::new("cn").unwrap(), 2);
    let sealed = seal(&key, person(), "mail", b"hello").unwrap();
    assert_eq!(&**open(&key, person(), "mail", &sealed).unwrap(), b"hello");
    assert!(open(&key, person(), "events", &sealed).is_err());
    assert!(open(&key, person(), "mai", &sealed).is_err());
    assert!(open(&key, other, "mail", &sealed).is_err());
    assert!(open(&Key::fresh().unwrap(), person(), "mail", &sealed).is_err());
    for at in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(open(&key, person(), "mail", &Sealed::from_cipher(bytes)).is_err(), "{at}");
    }
}

#[test]
fn notes_of_both_versions_open_as_the_format_has_them() {
    let key = Key::from_slice(&[7; 32]).unwrap();
    for named in ["note", "note, version 1"] {
        let sealed = Sealed::from_cipher(bytes(row(FORMAT, named)));
        assert_eq!(&**open(&key, person(), "mail", &sealed).unwrap(), b"hello", "{named}");
    }
}
