//! The calendars that ship with the product, and the figures of the laws on them.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use decide::Timestamp;
use jiff::civil::{Date, date};
use policy::duration::Error;
use policy::{Calendar, Duration, Policy};

fn starter() -> Policy {
    policy::compile(&support::starter()).unwrap()
}

fn at(policy: &Policy, region: &str, local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    let zoned = local.to_zoned(policy.zone(region).unwrap()).unwrap();
    Timestamp::from_millis(zoned.timestamp().as_millisecond())
}

/// When something is due, on the clocks of its region.
fn due(policy: &Policy, region: &str, from: &str, period: &str) -> String {
    let period = Duration::parse(period).unwrap();
    match policy.due(region, at(policy, region, from), period) {
        Ok(it) => {
            let it = jiff::Timestamp::from_millisecond(it.millis()).unwrap();
            it.to_zoned(policy.zone(region).unwrap()).datetime().to_string()
        }
        Err(error) => error.to_string(),
    }
}

/// A deadline and what may be added to it, both counted from receipt.
fn extended(policy: &Policy, region: &str, from: &str, periods: [&str; 2]) -> [String; 2] {
    let first = due(policy, region, from, periods[0]);
    let second = due(policy, region, &first, periods[1]);
    [first, second]
}

fn worked(calendar: &Calendar, from: Date, until: Date) -> Vec<Date> {
    let days = from.series(jiff::Span::new().days(1)).take_while(|it| *it <= until);
    days.filter(|it| calendar.is_working(*it).unwrap()).collect()
}

/// General Office of the State Council, 12 November 2024 and 4 November 2025.
#[test]
fn china_rests_and_makes_up_as_announced() {
    let policy = starter();
    let cn = policy.calendar("cn").unwrap();
    assert_eq!(cn.years, [2025, 2026].into());
    let days = |all: &[(i16, i8, i8)]| {
        all.iter().map(|(year, month, day)| date(*year, *month, *day)).collect::<Vec<_>>()
    };
    let made_up = days(&[
        (2025, 1, 26),
        (2025, 2, 8),
        (2025, 4, 27),
        (2025, 9, 28),
        (2025, 10, 11),
        (2026, 1, 4),
        (2026, 2, 14),
        (2026, 2, 28),
        (2026, 5, 9),
        (2026, 9, 20),
        (2026, 10, 10),
    ]);
    assert_eq!(cn.working.iter().copied().collect::<Vec<_>>(), made_up);
    for day in &made_up {
        assert!(cn.is_working(*day).unwrap(), "{day} is worked");
        let usual = Calendar { working: [].into(), ..cn.clone() };
        assert!(!usual.is_working(*day).unwrap(), "{day} is a Saturday or a Sunday");
    }
    // Each year: how many days are off, as the notice counts them, and how many are worked.
    for (year, off, all) in [(2025, 28, 248), (2026, 33, 248)] {
        let of_year = cn.holidays.iter().filter(|it| it.year() == year).count();
        let worked = worked(cn, date(year, 1, 1), date(year, 12, 31)).len();
        assert_eq!((of_year, worked), (off, all), "{year}");
    }
}

/// GDPR 12(3): one calendar month from receipt, plus two.
#[test]
fn one_month_and_two_more() {
    let policy = starter();
    let of = |from| extended(&policy, "eu", from, ["1 month", "2 months"]);
    assert_eq!(of("2026-01-15T10:00:00"), ["2026-02-15T10:00:00", "2026-04-15T10:00:00"]);
    assert_eq!(of("2027-01-31T10:00:00")[0], "2027-02-28T10:00:00");
    assert_eq!(of("2028-01-31T10:00:00")[0], "2028-02-29T10:00:00");
    // Counted from receipt, the third month ends on its own last day.
    assert_eq!(due(&policy, "eu", "2026-01-31T10:00:00", "3 months"), "2026-04-30T10:00:00");
    assert_eq!(due(&policy, "eu", "2026-11-30T10:00:00", "3 months"), "2027-02-28T10:00:00");
    // In summer as in winter the clock on the wall says the same.
    assert_eq!(due(&policy, "eu", "2026-03-01T23:30:00", "1 month"), "2026-04-01T23:30:00");
}

/// China's rules for apps: 15 working days; the long holiday of October is none of them.
#[test]
fn fifteen_working_days_in_china() {
    let policy = starter();
    let of = |from| due(&policy, "cn", from, "15 working days");
    assert_eq!(of("2026-09-21T09:00:00"), "2026-10-19T09:00:00");
    assert_eq!(of("2025-09-22T09:00:00"), "2025-10-17T09:00:00");
    assert_eq!(of("2026-02-09T09:00:00"), "2026-03-06T09:00:00");
    // Received on a holiday, it begins to count on the first day that is worked.
    assert_eq!(due(&policy, "cn", "2026-10-03T09:00:00", "1 working day"), "2026-10-08T09:00:00");
    assert_eq!(of("2026-11-23T09:00:00"), "2026-12-14T09:00:00");
}

/// CCPA, 11 CCR 7021: confirmed within 10 business days, answered within 45 days from receipt, plus
/// 45: 90 in all. Business days are those of the federal calendar.
#[test]
fn ten_business_days_and_forty_five_days_and_as_many_more() {
    let us = Calendar {
        name: "us".to_owned(),
        years: [2026].into(),
        weekend: Calendar::usual_weekend(),
        holidays: [date(2026, 11, 11), date(2026, 11, 26), date(2026, 12, 25)].into(),
        ..Calendar::default()
    };
    let from: jiff::Zoned = "2026-11-10T09:00:00[America/Los_Angeles]".parse().unwrap();
    let after = |period: &str| {
        Duration::parse(period).unwrap().after(&from, &us).unwrap().date().to_string()
    };
    assert_eq!(after("10 working days"), "2026-11-25");
    assert_eq!(after("15 working days"), "2026-12-03");
    assert_eq!(after("45 days"), "2026-12-25");
    assert_eq!(after("90 days"), "2027-02-08");
    let policy = starter();
    let both = extended(&policy, "eu", "2026-11-10T09:00:00", ["45 days", "45 days"]);
    assert_eq!(both, ["2026-12-25T09:00:00", "2027-02-08T09:00:00"]);
}

/// A year that nobody announced is not guessed; calendar days and months go on.
#[test]
fn past_the_years_that_are_covered_nothing_is_guessed() {
    let policy = starter();
    assert_eq!(
        due(&policy, "cn", "2026-12-20T09:00:00", "15 working days"),
        "calendar `cn` does not cover `2027`: add the year to `holidays/cn.toml`"
    );
    let from = at(&policy, "cn", "2024-12-31T09:00:00");
    assert!(policy.due("cn", from, Duration::parse("1 working day").unwrap()).is_ok());
    let early = at(&policy, "cn", "2024-12-30T09:00:00");
    assert_eq!(
        policy.due("cn", early, Duration::parse("1 working day").unwrap()),
        Err(Error::PastCalendar { calendar: "cn".to_owned(), year: 2024 })
    );
    assert_eq!(due(&policy, "cn", "2026-12-20T09:00:00", "1 month"), "2027-01-20T09:00:00");
    assert!(policy.due("us", from, Duration::parse("1 day").unwrap()).is_err());
}

/// A day ends where the person lives.
#[test]
fn each_region_counts_on_its_own_clock() {
    let policy = starter();
    let from = Timestamp::from_millis(at(&policy, "cn", "2026-03-28T12:00:00").millis());
    let month = Duration::parse("1 day").unwrap();
    let cn = policy.due("cn", from, month).unwrap();
    let eu = policy.due("eu", from, month).unwrap();
    // In the night of 29 March Europe's clocks go one hour ahead: its day has 23 hours.
    assert_eq!(
        (cn.millis() - from.millis(), eu.millis() - from.millis()),
        (86_400_000, 82_800_000)
    );
}

#[test]
fn a_calendar_that_ends_soon_is_named_and_one_that_is_over_too() {
    let policy = starter();
    let ahead = |local: &str| {
        let all = policy.calendars_ahead(at(&policy, "cn", local)).into_iter();
        all.map(|it| (it.region, it.until)).collect::<Vec<_>>()
    };
    assert_eq!(ahead("2025-06-01T00:00:00"), []);
    let ends = ("cn".to_owned(), Some(date(2026, 12, 31)));
    assert_eq!(ahead("2026-06-01T00:00:00"), [ends]);
    assert!(ahead("2027-01-01T00:00:00").contains(&("cn".to_owned(), None)));
    let days = Duration::parse("15 working days").unwrap();
    let past = |local: &str| policy.is_past_calendar("cn", at(&policy, "cn", local), days);
    assert_eq!((past("2026-11-22T00:00:00"), past("2026-12-20T00:00:00")), (false, true));
}
