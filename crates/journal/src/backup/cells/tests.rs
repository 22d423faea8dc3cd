use super::*;

mod bytes;

fn cn() -> RegionCode {
    RegionCode::new("cn").unwrap()
}

fn written() -> Vec<u8> {
    let mut items = Items(Vec::new());
    items.header("{}").unwrap();
    let partition = Partition::parse("20261122-visits").unwrap();
    items.table(&Place::Events(cn(), partition), "blocks", "tag, seq").unwrap();
    items.rows(&[]).unwrap();
    items
        .rows(&[
            vec![Value::Id([7; 16]), Value::Int(-1), Value::Null],
            vec![Value::Text("é".to_owned()), Value::Bytes(vec![]), Value::Hash([1; 32])],
        ])
        .unwrap();
    items.end().unwrap();
    items.0
}

#[test]
fn items_are_read_as_they_were_written() {
    let bytes = written();
    let mut from = bytes.as_slice();
    assert_eq!(item(&mut from).unwrap(), Item::Header("{}".to_owned()));
    let Item::Table { place, name, columns } = item(&mut from).unwrap() else { panic!() };
    assert_eq!((called(&place).as_str(), name.as_str()), ("cn events 20261122-visits", "blocks"));
    assert_eq!(columns, "tag, seq");
    let rows = vec![
        vec![Value::Bytes(vec![7; 16]), Value::Int(-1), Value::Null],
        vec![Value::Text("é".to_owned()), Value::Bytes(vec![]), Value::Bytes(vec![1; 32])],
    ];
    assert_eq!(item(&mut from).unwrap(), Item::Rows(rows));
    assert_eq!(item(&mut from).unwrap(), Item::End);
    assert!(item(&mut from).is_err());
}

#[test]
fn what_is_cut_off_or_changed_is_no_panic() {
    let bytes = written();
    for at in 0..bytes.len() {
        let mut from = &bytes[..at];
        while let Ok(item) = item(&mut from) {
            assert_ne!(item, Item::End);
        }
        for bit in 0..8 {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            let mut from = changed.as_slice();
            while let Ok(found) = item(&mut from) {
                if found == Item::End {
                    break;
                }
            }
        }
    }
}

#[test]
fn places_are_called_one_way() {
    for place in [Place::Kept, Place::People(cn()), Place::Records(cn())] {
        assert_eq!(place_of(&called(&place)), Some(place));
    }
    for wrong in ["", "cn", "cn  people", "CN people", "cn events ../x", "people cn x y"] {
        assert_eq!(place_of(wrong), None, "{wrong}");
    }
}
