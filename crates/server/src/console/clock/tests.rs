use super::*;

#[test]
fn a_span_has_its_two_largest_units() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    for (seconds, english, chinese) in [
        (0, "0 minutes", "0 分钟"),
        (61, "1 minute", "1 分钟"),
        (HOUR, "1 hour", "1 小时"),
        (2 * HOUR + 5 * MINUTE, "2 hours 5 minutes", "2 小时 5 分钟"),
        (DAY + HOUR, "1 day 1 hour", "1 天 1 小时"),
        (3 * DAY, "3 days", "3 天"),
        (20 * DAY + 5 * HOUR, "20 days", "20 天"),
    ] {
        assert_eq!(span(en, seconds), english);
        assert_eq!(span(zh, seconds), chinese);
    }
}

#[test]
fn what_is_short_and_what_is_late_look_so() {
    let w = Words::of("en");
    let due = "2026-11-22T14:00:00Z";
    let tones = [(23 * HOUR, "good"), (5 * HOUR, "warn"), (-1, "bad")];
    for (left, tone) in tones {
        assert_eq!(clock(w, due, (left, DAY)).tone, tone, "{left}");
    }
    assert_eq!(clock(w, due, (-2 * HOUR, DAY)).left, "overdue by 2 hours");
    assert_eq!(clock(w, due, (5 * HOUR, DAY)).left, "5 hours left");
    assert_eq!(clock(Words::of("zh"), due, (5 * HOUR, DAY)).left, "剩余 5 小时");
}
