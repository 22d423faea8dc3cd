//! Records as they are kept, packed and as text: what reads says the same again once it is text.
#![no_main]

use std::sync::LazyLock;

use decide::id::RecordId;
use decide::vocabulary::Kind;
use decide::set::Interned as _;
use decide::{PersonId, RegionCode, Vocabulary};
use journal::Record;
use libfuzzer_sys::fuzz_target;

static NAMES: LazyLock<Vocabulary> = LazyLock::new(|| {
    let mut names = Vocabulary::default();
    for kind in Kind::ALL {
        for n in 0..kind.most() {
            names.add(*kind, &format!("{}-{n}", kind.word())).expect("room for as many");
        }
    }
    names
});

fuzz_target!(|kept: &[u8]| {
    let cn = RegionCode::new("cn").expect("a code");
    let whose = (RecordId::new(cn, 1 << 80), PersonId::new(cn, 2));
    if let Ok(record) = Record::read(kept, whose, &NAMES) {
        let text = record.text(&NAMES);
        // A note is whatever the flow noted: only where it is JSON is the text.
        let json = record.note.as_deref().is_none_or(|it| {
            serde_json::from_str::<serde_json::Value>(it).is_ok_and(|it| !it.is_null())
        });
        if json && record.facts.region != decide::Region::at(0xff) {
            let again = Record::read(&text, whose, &NAMES).expect("its own text");
            assert_eq!(again.text(&NAMES), text);
        }
    }
});
