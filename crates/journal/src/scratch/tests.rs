use decide::Timestamp;
use rusqlite::Connection;

use super::{Counts, fold, store, stored};

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(minute * 60_000)
}

fn rows(file: &Connection) -> i64 {
    file.query_row("SELECT count(*) FROM counters", [], |row| row.get(0)).unwrap()
}

fn kept() -> Connection {
    let file = Connection::open_in_memory().unwrap();
    file.execute_batch(include_str!("../../migrations/kept/V1__installation.sql")).unwrap();
    file
}

#[test]
fn minutes_become_hours_and_days_and_the_sum_stays() {
    let file = kept();
    let now = 1_000 * DAY + 17;
    let counts: Counts = (0..3 * DAY).map(|it| (("asked", now - it), 1)).collect();
    store(&file, &counts).unwrap();
    let sum = |from: i64| stored(&file, "asked", at(from), at(now + 1)).unwrap();
    for round in 0..2 {
        fold(&file, at(now)).unwrap();
        assert_eq!(sum(0), (3 * DAY).cast_unsigned(), "round {round}");
        // The day that is over by the minute, with the hour that it began in; the rest by the hour.
        assert!((DAY..DAY + HOUR + 2 * 25).contains(&rows(&file)), "{}", rows(&file));
        assert_eq!(sum(now - 100), 101, "the last minutes are as they were");
    }
    fold(&file, at(now + 40 * DAY)).unwrap();
    assert_eq!((rows(&file), sum(0)), (4, (3 * DAY).cast_unsigned()), "by the day");
    fold(&file, at(now + 1_000 * DAY)).unwrap();
    assert_eq!(rows(&file), 0);
}
