use decide::RegionCode;

use super::*;
use crate::testing::{FORMAT, bytes, row};

fn person(bits: u128) -> PersonId {
    PersonId::new(RegionCode::new("cn").unwrap(), bits)
}

fn category(position: u8) -> Category {
    Category::at(position)
}

#[test]
fn a_value_opens_where_it_belongs_and_nowhere_else() {
    let key = Key::fresh().unwrap();
    let sealed = seal(&key, person(1), category(3), b"ada@example.org").unwrap();
    assert_eq!(open(&key, person(1), category(3), &sealed).unwrap().as_str(), "ada@example.org");
    assert!(open(&key, person(2), category(3), &sealed).is_err());
    assert!(open(&key, person(1), category(4), &sealed).is_err());
    assert!(open(&Key::fresh().unwrap(), person(1), category(3), &sealed).is_err());
}

#[test]
fn every_byte_of_a_sealed_value_counts() {
    let key = Key::fresh().unwrap();
    let sealed = seal(&key, person(1), category(0), b"13800138000").unwrap();
    for at in 0..sealed.as_bytes().len() {
        let mut bytes = sealed.as_bytes().to_vec();
        bytes[at] ^= 1;
        assert!(open(&key, person(1), category(0), &Sealed::from_cipher(bytes)).is_err(), "{at}");
    }
    for length in 0..sealed.as_bytes().len() {
        let bytes = sealed.as_bytes()[..length].to_vec();
        assert!(open(&key, person(1), category(0), &Sealed::from_cipher(bytes)).is_err());
    }
}

#[test]
fn the_same_value_never_looks_the_same() {
    let key = Key::fresh().unwrap();
    let one = seal(&key, person(1), category(0), b"same").unwrap();
    let two = seal(&key, person(1), category(0), b"same").unwrap();
    assert_ne!(one.as_bytes(), two.as_bytes());
    assert_ne!(one.as_bytes()[1..17], two.as_bytes()[1..17]);
}

#[test]
fn values_of_both_versions_open_as_the_format_has_them() {
    let key = Key::from_slice(&[7; 32]).unwrap();
    let person = crate::testing::person();
    for named in ["value", "value, version 1"] {
        let sealed = Sealed::from_cipher(bytes(row(FORMAT, named)));
        let opened = open(&key, person, category(4), &sealed).unwrap();
        assert_eq!(opened.as_str(), "li@example.com", "{named}");
        assert!(open(&key, person, category(5), &sealed).is_err());
        let mut other = sealed.as_bytes().to_vec();
        other[0] = 3;
        assert!(open(&key, person, category(4), &Sealed::from_cipher(other)).is_err());
    }
}

#[test]
fn sub_keys_are_those_of_the_format() {
    let key = Key::from_slice(&[7; 32]).unwrap();
    let salt = std::array::from_fn(|it| u8::try_from(it).unwrap());
    let zeros = [0; SALT];
    for (named, sub) in [
        ("sub-key of the value", key.sub(Kind::Value, 4, &salt)),
        ("sub-key of the note", key.sub(Kind::Note, 0, &salt)),
        ("key of the records", key.sub(Kind::Record, 0, &zeros)),
    ] {
        assert_eq!(sub.bytes().as_slice(), bytes(row(FORMAT, named)), "{named}");
    }
}

#[test]
fn what_is_no_text_does_not_open_as_text() {
    let key = Key::fresh().unwrap();
    let sealed = seal(&key, person(1), category(0), &[0xff, 0xfe]).unwrap();
    assert!(open(&key, person(1), category(0), &sealed).is_err());
}

proptest::proptest! {
    #[test]
    fn every_value_comes_back(text in ".{0,300}", at in 0..64_u8) {
        let key = Key::fresh().unwrap();
        let sealed = seal(&key, person(7), category(at), text.as_bytes()).unwrap();
        proptest::prop_assert_eq!(sealed.as_bytes().len().checked_sub(AROUND), Some(text.len()));
        let opened = open(&key, person(7), category(at), &sealed).unwrap();
        proptest::prop_assert_eq!(opened.as_str(), text.as_str());
    }
}
