use decide::RegionCode;

use super::*;

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
    assert_eq!(&**open(&key, person(1), category(3), &sealed).unwrap(), b"ada@example.org");
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
    assert_ne!(one.as_bytes()[1..29], two.as_bytes()[1..29]);
}
