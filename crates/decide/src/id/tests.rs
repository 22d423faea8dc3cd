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
