use super::{Words, plain, sentence};

#[test]
fn a_refusal_is_said_to_the_person() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    assert_eq!(en.why("not-consented"), "This needs your consent, and you have not given it.");
    assert_eq!(zh.why("closing"), "账户正在注销。您仍可在隐私中心反悔。");
    assert_eq!(en.why("undeclared"), "No clause of the policy permits it.");
}

#[test]
fn a_page_speaks_to_people() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    let say = "write a phone number such as `+86 138 0013 8000`";
    assert_eq!(plain(en, say), "write a phone number such as +86 138 0013 8000");
    assert_eq!(plain(zh, say), "请填写电话号码，例如 +86 138 0013 8000");
    assert_eq!(plain(zh, "something new"), "请检查此项内容");
    let say = "there is no account without it; close the account to delete it";
    assert_eq!(
        sentence(en, say),
        "There is no account without it; close the account to delete it."
    );
    assert_eq!(sentence(zh, say), "没有此项就无法保留账户；如需删除，请注销账户。");
}
