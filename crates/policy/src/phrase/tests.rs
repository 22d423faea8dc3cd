use decide::spec::Basis;

use super::figures::figures;
use super::holes::holes;
use super::*;

fn found(text: &str, language: &str) -> Vec<String> {
    figures(text, language)
        .iter()
        .map(|it| text.get(it.start..it.end).unwrap().to_owned())
        .collect()
}

#[test]
fn figures_of_english_prose() {
    let cases: [(&str, &[&str]); 9] = [
        ("within 24 hours, or 15 working days", &["24 hours", "15 working days"]),
        ("a 30-day window and twelve months", &["30-day", "twelve months"]),
        ("twenty-four hours; 1,000 people; 2 km", &["twenty-four hours", "1,000 people", "2 km"]),
        ("on 22 November 2026, in version 3", &[]),
        ("one of them, two kinds, 24/7", &[]),
        ("30 business days", &["30 business days"]),
        ("5\0 days", &[]),
        ("**7** days", &["7** days"]),
        ("below 18 years", &["18 years"]),
    ];
    for (text, wanted) in cases {
        assert_eq!(found(text, "en"), wanted, "{text}");
    }
}

#[test]
fn figures_of_chinese_prose() {
    let cases: [(&str, &[&str]); 8] = [
        ("我们在 24 小时内答复，或十五个工作日", &["24 小时", "十五个工作日"]),
        ("保存三十天、两个月或 1 年", &["三十天", "两个月", "1 年"]),
        ("2026 年 11 月 22 日生效", &[]),
        ("12 月 22 日", &[]),
        ("未满十四周岁或 18 岁", &["十四周岁", "18 岁"]),
        ("任何一人、第三方、一个", &[]),
        ("精确到 1 公里，至少 20 人", &["1 公里", "20 人"]),
        ("第 3 天", &["3 天"]),
    ];
    for (text, wanted) in cases {
        assert_eq!(found(text, "zh"), wanted, "{text}");
    }
}

#[test]
fn holes_know_where_they_end() {
    let all = holes("a {{ keep.email }} b {{x}} c {{ open\nd }}");
    let paths: Vec<Option<&str>> = all.iter().map(|it| it.path).collect();
    assert_eq!(paths, [Some("keep.email"), Some("x"), None]);
}

#[test]
fn phrases_in_both_languages() {
    let days = Duration::parse("30 days").unwrap();
    let list = Value::List(vec![
        Localized::new("Email address").with("zh", "电子邮件地址"),
        Localized::new("IP address").with("zh", "IP 地址"),
        Localized::new("Orders").with("zh", "订单"),
    ]);
    let cases = [
        (
            Value::Keep(Anchor::AccountClosed, days),
            "for 30 days after you close your account",
            "至您注销账户后 30 天",
        ),
        (
            Value::Duration(Duration::parse("15 working days").unwrap()),
            "15 working days",
            "15 个工作日",
        ),
        (Value::Basis(Basis::Consent), "you agreed to it", "您已同意"),
        (list, "email address, IP address and orders", "电子邮件地址、IP 地址和订单"),
        (Value::List(Vec::new()), "nothing", "无"),
        (
            Value::Names(vec![Localized::new("Mainland China"), Localized::new("Europe")]),
            "Mainland China and Europe",
            "Mainland China和Europe",
        ),
        (Value::Distance(1_000), "1 km", "1 公里"),
        (Value::Distance(1_500), "1500 m", "1500 米"),
        (Value::Lifetime(None), "until you close the browser", "至您关闭浏览器"),
        (Value::Date(jiff::civil::date(2026, 11, 22)), "22 November 2026", "2026 年 11 月 22 日"),
    ];
    for (value, en, zh) in cases {
        assert_eq!(render(&value, "en"), en);
        assert_eq!(render(&value, "zh"), zh);
    }
}
