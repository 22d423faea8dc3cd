use super::{Words, day, minute, second};

const AT: &str = "2026-11-02T20:14:52.145Z";

#[test]
fn a_day_is_written_as_the_language_does() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    assert_eq!((day(en, AT), day(zh, AT)), ("2 November 2026".into(), "2026 年 11 月 2 日".into()));
    assert_eq!(day(en, "2026-10-01"), "1 October 2026");
    assert_eq!(day(en, "soon"), "soon");
}

#[test]
fn a_time_says_that_it_is_utc() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    assert_eq!(minute(en, AT), "2 November 2026, 20:14 UTC");
    assert_eq!(second(zh, AT), "2026 年 11 月 2 日 20:14:52（UTC）");
    assert_eq!(second(en, "2026-11-02T20:14:52Z"), "2 November 2026, 20:14:52 UTC");
}
