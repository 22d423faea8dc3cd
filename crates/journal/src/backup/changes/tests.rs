use super::*;

fn node(size: u64) -> Node {
    Node { size, root: Hash::of(&size.to_be_bytes()) }
}

pub(crate) fn state(n: u128, version: u64) -> State {
    let person = PersonId::new(RegionCode::new("cn").unwrap(), n);
    State {
        person,
        version,
        erased: false,
        facts: Bits { given: u64::MAX, age: 1, account: 3, ..Bits::default() },
        values: 5,
        holds: Vec::new(),
        held: Vec::new(),
        ends: Vec::new(),
    }
}

fn some() -> Shipment {
    let hold = vec![Value::Bytes(vec![1; 16]), Value::Bytes(vec![2; 16]), Value::Null];
    let value = vec![Value::Bytes(vec![1; 16]), Value::Int(4)];
    let ends = vec![Value::Bytes(vec![1; 16]), "erase".into(), Value::Int(-5)];
    Shipment {
        base: node(7),
        to: node(9),
        leaves: vec![Hash([1; 32]), Hash([2; 32])],
        ended: vec!["key_1".to_owned(), "stf_2".to_owned()],
        states: vec![
            state(1, 4),
            State {
                erased: true,
                holds: vec![hold],
                held: vec![value],
                ends: vec![ends],
                ..state(2, 5)
            },
        ],
    }
}

#[test]
fn a_step_is_read_as_it_was_written() {
    let empty = Shipment::of_people(node(0), Vec::new(), Vec::new());
    for it in [some(), empty] {
        assert_eq!(Shipment::from_bytes(&it.to_bytes()).unwrap(), it);
    }
}

#[test]
fn what_is_cut_off_is_refused() {
    let bytes = some().to_bytes();
    for at in 0..bytes.len() {
        assert!(Shipment::from_bytes(&bytes[..at]).is_err(), "{at}");
    }
    assert!(Shipment::from_bytes(&[bytes.as_slice(), &[0]].concat()).is_err());
    let newer = [&[2], &bytes[1..]].concat();
    assert!(Shipment::from_bytes(&newer).unwrap_err().to_string().contains("newer program"));
}
