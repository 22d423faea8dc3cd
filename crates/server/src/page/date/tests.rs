use jiff::tz::TimeZoneDatabase;

use super::*;

const AT: &str = "2026-11-02T20:14:52.145Z";

fn zone(name: &str) -> TimeZone {
    TimeZoneDatabase::bundled().get(name).unwrap()
}

#[test]
fn a_day_is_written_as_the_language_does() {
    let (en, zh, utc) = (Words::of("en"), Words::of("zh"), TimeZone::UTC);
    assert_eq!(on(en, &utc, AT), "2 November 2026");
    assert_eq!(on(zh, &utc, AT), "2026 年 11 月 2 日");
    assert_eq!(on(en, &zone("Asia/Shanghai"), AT), "3 November 2026", "it is the next day there");
    assert_eq!(on(en, &zone("Asia/Shanghai"), "2026-10-01"), "1 October 2026");
    assert_eq!(on(en, &utc, "soon"), "soon");
}

#[test]
fn a_time_is_that_of_the_region_and_says_so() {
    let (en, zh) = (Words::of("en"), Words::of("zh"));
    let at = |name: &str, at: &str| until(en, &zone(name), (at, MINUTE));
    assert_eq!(at("Europe/Berlin", AT), "2 November 2026, 21:14 UTC+1");
    assert_eq!(at("Europe/Berlin", "2026-07-02T20:14:52Z"), "2 July 2026, 22:14 UTC+2");
    assert_eq!(at("Asia/Kolkata", AT), "3 November 2026, 01:44 UTC+5:30");
    assert_eq!(at("America/New_York", AT), "2 November 2026, 15:14 UTC-5");
    assert_eq!(
        until(zh, &zone("Asia/Shanghai"), (AT, SECOND)),
        "2026 年 11 月 3 日 04:14:52（UTC+8）"
    );
    assert_eq!(minute_in(en, &TimeZone::UTC, AT), "2 November 2026, 20:14 UTC");
}
