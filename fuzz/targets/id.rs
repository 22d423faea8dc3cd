//! Ids and codes of regions, as they arrive in addresses: what is read is written back the same.
#![no_main]

use decide::id::{MessageId, RecordId, RequestId};
use decide::{PersonId, RegionCode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = [
        PersonId::parse(text).map(|it| it.to_string()),
        RecordId::parse(text).map(|it| it.to_string()),
        RequestId::parse(text).map(|it| it.to_string()),
        MessageId::parse(text).map(|it| it.to_string()),
        RegionCode::new(text).map(|it| it.to_string()),
    ];
    for written in read.iter().flatten() {
        assert_eq!(written, text);
    }
    assert!(read.iter().flatten().count() < 2, "one text is two kinds of id");
});
