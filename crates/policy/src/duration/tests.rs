use jiff::Zoned;

use super::*;

fn calendar() -> Calendar {
    Calendar {
        name: "cn".to_owned(),
        years: [2026].into(),
        weekend: Calendar::usual_weekend(),
        // The National Day of 2026, and a Saturday that is worked for it.
        holidays: (1..=7).map(|day| jiff::civil::date(2026, 10, day)).collect(),
        working: [jiff::civil::date(2026, 10, 10)].into(),
        ..Calendar::default()
    }
}

fn after(text: &str, from: &str) -> String {
    let from: Zoned = from.parse().unwrap();
    match Duration::parse(text).unwrap().after(&from, &calendar()) {
        Ok(it) => it.to_string(),
        Err(it) => it.to_string(),
    }
}

#[test]
fn durations_read_and_written_are_the_same() {
    for text in ["1 hour", "24 hours", "30 days", "2 weeks", "1 month", "1 year", "15 working days"]
    {
        assert_eq!(Duration::parse(text).unwrap().to_string(), text);
    }
    for text in
        ["", "days", "0 days", "01 days", "+1 day", "1001 days", "1.5 days", "1  day", "1 dayss"]
    {
        assert_eq!(Duration::parse(text), None, "{text}");
    }
}

#[test]
fn a_month_ends_on_its_last_day() {
    let zone = "+08:00[Asia/Shanghai]";
    assert_eq!(
        after("1 month", &format!("2026-01-15T10:00:00{zone}")),
        format!("2026-02-15T10:00:00{zone}")
    );
    assert_eq!(
        after("1 month", &format!("2026-01-31T10:00:00{zone}")),
        format!("2026-02-28T10:00:00{zone}")
    );
    assert_eq!(
        after("1 year", &format!("2024-02-29T10:00:00{zone}")),
        format!("2025-02-28T10:00:00{zone}")
    );
}

#[test]
fn a_day_is_a_day_on_the_clock_and_an_hour_is_an_hour() {
    // Summer time ends on 25 October 2026 in Brussels.
    let from = "2026-10-24T12:00:00+02:00[Europe/Brussels]";
    assert_eq!(after("1 day", from), "2026-10-25T12:00:00+01:00[Europe/Brussels]");
    assert_eq!(after("24 hours", from), "2026-10-25T11:00:00+01:00[Europe/Brussels]");
}

#[test]
fn working_days_pass_over_holidays_and_count_make_up_days() {
    let from = "2026-09-30T09:00:00+08:00[Asia/Shanghai]";
    assert_eq!(after("1 working day", from), "2026-10-08T09:00:00+08:00[Asia/Shanghai]");
    assert_eq!(after("3 working days", from), "2026-10-10T09:00:00+08:00[Asia/Shanghai]");
    assert_eq!(after("4 working days", from), "2026-10-12T09:00:00+08:00[Asia/Shanghai]");
}

#[test]
fn working_days_past_the_calendar_are_refused() {
    assert_eq!(
        after("15 working days", "2026-12-20T09:00:00+08:00[Asia/Shanghai]"),
        "calendar `cn` does not cover `2027`: add the year to `holidays/cn.toml`"
    );
}

#[test]
fn what_outlasts_what() {
    let read = |it| Duration::parse(it).unwrap();
    assert!(read("2 months").outlasts(read("30 days")));
    assert!(!read("1 month").outlasts(read("30 days")), "February is shorter");
    assert!(read("25 hours").outlasts(read("24 hours")));
    assert!(!read("1 day").outlasts(read("24 hours")));
}
