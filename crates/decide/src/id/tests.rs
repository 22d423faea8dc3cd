use proptest::prelude::*;

use super::*;

#[test]
fn an_id_reads_back_as_it_was_written() {
    let region = RegionCode::new("cn").unwrap();
    let id = PersonId::new(region, 0x0192_aaaa_bbbb_7ccc_8ddd_eeee_ffff_0001);
    assert_eq!(id.to_string(), "per_cn_0192aaaabbbb7ccc8dddeeeeffff0001");
    assert_eq!(PersonId::parse(&id.to_string()), Some(id));
}

#[test]
fn what_is_not_an_id_is_none() {
    for text in [
        "",
        "per",
        "per_cn",
        "per_cn_",
        "rec_cn_0192aaaabbbb7ccc8dddeeeeffff0001",
        "per_CN_0192aaaabbbb7ccc8dddeeeeffff0001",
        "per_cn_0192AAAAbbbb7ccc8dddeeeeffff0001",
        "per_cn_+192aaaabbbb7ccc8dddeeeeffff0001",
        "per_toolongcode_0192aaaabbbb7ccc8dddeeeeffff0001",
    ] {
        assert_eq!(PersonId::parse(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_an_id_panic(text in "\\PC{0,60}", id in "(per|rec|req|msg)_[a-z0-9]{0,9}_[0-9a-fA-F+]{30,34}") {
        for text in [text, id] {
            for (kind, read) in [
                ("per_", PersonId::parse(&text).map(|it| it.to_string())),
                ("rec_", RecordId::parse(&text).map(|it| it.to_string())),
                ("req_", RequestId::parse(&text).map(|it| it.to_string())),
                ("msg_", MessageId::parse(&text).map(|it| it.to_string())),
            ] {
                prop_assert!(read.is_none_or(|it| it == text && it.starts_with(kind)));
            }
            prop_assert!(RegionCode::new(&text).is_none_or(|it| it.as_str() == text));
        }
    }

    #[test]
    fn every_id_reads_back_as_it_was_written(code in "[a-z0-9]{1,8}", bits in any::<u128>()) {
        let id = PersonId::new(RegionCode::new(&code).unwrap(), bits);
        prop_assert_eq!(PersonId::parse(&id.to_string()), Some(id));
    }
}
