use policy::clause::collection::Format;

use super::normal;

fn of(format: Format, given: &str) -> Option<String> {
    normal("it", format, given, "cn").ok().map(|it| it.as_str().to_owned())
}

#[test]
fn one_mailbox_is_one_address() {
    assert_eq!(of(Format::Email, "  Wei@Example.COM "), Some("wei@example.com".to_owned()));
    for bad in ["", "wei", "wei@", "@example.com", "wei@example", "we i@example.com", "a@b..c"] {
        assert_eq!(of(Format::Email, bad), None, "{bad}");
    }
}

#[test]
fn a_phone_number_is_the_same_however_it_is_written() {
    let number = Some("+8613800138000".to_owned());
    assert_eq!(of(Format::Phone, "+86 138 0013 8000"), number);
    assert_eq!(of(Format::Phone, "138-0013-8000"), number, "read in the country of the region");
    assert_eq!(of(Format::Phone, "12"), None);
}

#[test]
fn text_is_trimmed_and_never_empty() {
    assert_eq!(of(Format::Text, " a b "), Some("a b".to_owned()));
    assert_eq!(of(Format::Text, "  "), None);
    assert_eq!(of(Format::Text, "a\u{0}b"), None);
}
