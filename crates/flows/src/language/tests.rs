use super::{of_tag, preferred};

const ALL: [&str; 2] = ["zh", "en"];

#[test]
fn what_is_wanted_most_is_spoken() {
    let cases = [
        ("en", Some("en")),
        ("zh-Hans-CN", Some("zh")),
        ("EN_gb", Some("en")),
        ("fr-FR,fr;q=0.9,en;q=0.8,zh;q=0.7", Some("en")),
        ("zh;q=0.7, en;q=0.71", Some("en")),
        ("zh;q=0.8,en;q=0.8", Some("zh")),
        ("en;q=0,zh;q=0.001", Some("zh")),
        ("xx,zh", Some("zh")),
        ("en;q=much", None),
        ("en;q=2", None),
        ("fr", None),
        ("*", None),
        ("", None),
    ];
    for (wanted, spoken) in cases {
        assert_eq!(preferred(wanted, &ALL), spoken, "{wanted}");
    }
}

#[test]
fn a_tag_is_one_language() {
    assert_eq!(of_tag(" en-GB ", &ALL), Some("en"));
    assert_eq!(of_tag("english", &ALL), None);
    assert_eq!(of_tag("en,zh", &ALL), None);
}
