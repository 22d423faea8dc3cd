use std::fs::File;
use std::time::{Duration, UNIX_EPOCH};

use super::*;
use crate::log::tests::world::{entries, signer};
use crate::log::{Elsewhere, Folder, Sequencer, verify};

const MINUTE: i64 = 60_000;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// One checkpoint each `step`, over so many days, and those that are left of them.
fn left(days: i64, step: i64) -> Vec<(i64, Timestamp)> {
    let end = days * DAY_MILLIS;
    let all: Vec<(i64, Timestamp)> = (0..end / step).map(|it| (it, at(it * step))).collect();
    let named = |it: &(i64, Timestamp)| (format!("{:012}", it.0), it.1);
    let gone = superfluous(all.iter().map(named).collect(), at(end));
    all.into_iter().filter(|it| !gone.contains(&named(it).0)).collect()
}

#[test]
fn a_day_is_whole_a_month_hourly_and_the_rest_daily() {
    let left = left(40, 10 * MINUTE);
    let younger =
        |than: i64| left.iter().filter(|it| 40 * DAY_MILLIS - it.1.millis() < than).count();
    assert_eq!(younger(DAY_MILLIS + 1), 24 * 6);
    assert_eq!(younger(30 * DAY_MILLIS), 24 * 6 + 29 * 24);
    // Of ten whole days and the first moment of the eleventh; the first of all stands for its day.
    assert_eq!(left.len(), 24 * 6 + 29 * 24 + 11);
    assert_eq!(left.first().unwrap().0, 0);
    assert_eq!(left.last().unwrap().0, 40 * 24 * 6 - 1);
}

#[test]
fn thinned_twice_is_thinned_once() {
    let twice = |all: Vec<(String, Timestamp)>, now| {
        let gone = superfluous(all.clone(), now);
        let rest: Vec<_> = all.into_iter().filter(|it| !gone.contains(&it.0)).collect();
        assert_eq!(superfluous(rest.clone(), now), Vec::<String>::new());
        rest
    };
    let all = (0..2_000).map(|it| (format!("{it:012}"), at(it * 47 * MINUTE))).collect();
    let first = twice(all, at(2_000 * 47 * MINUTE));
    // A month later there are fewer, and the first and the newest still.
    let later = twice(first.clone(), at(2_000 * 47 * MINUTE + 31 * DAY_MILLIS));
    assert!(later.len() < first.len());
    assert_eq!((later.first(), later.last()), (first.first(), first.last()));
}

#[test]
fn larger_numbers_than_twelve_digits_stand_behind() {
    let old = at(0);
    let names = ["1000000000000", "000000000000", "999999999998", "999999999999"];
    let all = names.map(|it| (it.to_owned(), old)).to_vec();
    let gone = superfluous(all, at(60 * DAY_MILLIS));
    assert_eq!(gone, ["999999999999", "999999999998"]);
    assert!(superfluous(Vec::new(), old).is_empty());
}

#[test]
fn what_is_kept_still_catches_a_rewritten_log() {
    let dir = tempfile::tempdir().unwrap();
    let (data, place) = (dir.path().join("log"), dir.path().join("outside"));
    let open = |data: &std::path::Path| {
        let outside = vec![Folder::create(&place).unwrap()];
        Sequencer::open(Folder::create(data).unwrap(), outside, signer()).unwrap()
    };
    let mut log = open(&data);
    for first in 0..50 {
        log.append(first, &entries(first, first + 1)).unwrap();
    }
    // Written over fifty hours, as the folder has it.
    for size in 0..=50_u64 {
        let written = Duration::from_secs(size * 3_600);
        let file = File::options().write(true).open(place.join(format!("{size:012}"))).unwrap();
        file.set_modified(UNIX_EPOCH + written).unwrap();
    }
    log.thin(at(50 * HOUR_MILLIS)).unwrap();
    assert_eq!(Folder::open(&place).names().unwrap().len(), 52);
    log.thin(at(60 * DAY_MILLIS)).unwrap();
    let names = Folder::open(&place).names().unwrap();
    assert_eq!(names, ["000000000000", "000000000047", "000000000050", "latest"]);
    let kept = Elsewhere::read(std::slice::from_ref(&place)).unwrap();
    let report = verify(&data, &kept, signer().vkey()).unwrap();
    assert_eq!(report.outside, 4);

    let other = dir.path().join("other");
    let forged = {
        let mut log =
            Sequencer::open(Folder::create(&other).unwrap(), Vec::new(), signer()).unwrap();
        log.append(0, &entries(1_000, 1_050)).unwrap();
        log.settle().unwrap();
        verify(&other, &kept, signer().vkey()).unwrap_err()
    };
    assert!(matches!(forged, Fault::Rewritten { .. }), "{forged}");
}
