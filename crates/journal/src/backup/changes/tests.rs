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
        cases: Vec::new(),
        codes: Vec::new(),
        attested: Vec::new(),
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
                cases: vec![vec![Value::Bytes(vec![1; 16]), "delivery".into(), Value::Null]],
                codes: vec![vec![Value::Bytes(vec![1; 16]), Value::Int(0)]],
                attested: vec![vec![Value::Bytes(vec![3; 32])]],
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
    let newer = [&[3], &bytes[1..]].concat();
    assert!(Shipment::from_bytes(&newer).unwrap_err().to_string().contains("newer program"));
}

/// The vectors of `docs/formats/backup.md`.
#[test]
fn both_versions_are_read() {
    let spec = include_str!("../../../../../docs/formats/backup.md");
    let vector = |name: &str| -> Vec<u8> {
        let line = spec.lines().find(|it| it.starts_with(&format!("| {name} |"))).unwrap();
        let hex = line.split('`').nth(1).unwrap();
        let nibble = |it: u8| u8::try_from(char::from(it).to_digit(16).unwrap()).unwrap();
        hex.as_bytes().chunks(2).map(|it| nibble(it[0]) << 4 | nibble(it[1])).collect()
    };
    let node = |size| Node { size, root: Hash([9; 32]) };
    let (base, to) = (node(1), node(2));
    let row = |kind: &str| vec![Value::Bytes(vec![1; 16]), Value::Text(kind.to_owned())];
    let before = State { ends: vec![row("erase")], ..state(1, 4) };
    let states = vec![before.clone()];
    let ended = vec!["key_1".to_owned()];
    let it = Shipment { base, to, leaves: vec![Hash([7; 32])], ended, states };
    assert_eq!(Shipment::from_bytes(&vector("step 1")).unwrap(), it);
    let now = State {
        cases: vec![row("delivery")],
        codes: vec![vec![Value::Int(5)]],
        attested: vec![vec![Value::Null]],
        ..before
    };
    let it = Shipment { states: vec![now], ..it };
    assert_eq!(Shipment::from_bytes(&vector("step 2")).unwrap(), it);
    assert_eq!(it.to_bytes(), vector("step 2"));
}
