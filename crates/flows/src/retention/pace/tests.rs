use super::*;

const fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

#[test]
fn one_look_is_for_everybody_and_the_next_one_waits() {
    let pace = Pace::default();
    assert!(!pace.sweeps(at(0)), "nobody was erased");
    pace.erased();
    pace.erased();
    assert!(pace.sweeps(at(0)), "the first does not wait");
    pace.begins();
    pace.swept(1, at(0));
    assert!(!pace.sweeps(at(SWEEP_MILLIS)), "nobody was erased since");
    pace.erased();
    assert!(!pace.sweeps(at(SWEEP_MILLIS - 1)));
    assert!(pace.sweeps(at(SWEEP_MILLIS)));
}

#[test]
fn the_more_there_is_to_look_through_the_longer_it_takes() {
    let pace = Pace::default();
    pace.swept(SWEEP_BYTES_PER_MILLI * 3_600_000, at(0));
    pace.erased();
    assert!(!pace.sweeps(at(3_599_999)));
    assert!(pace.sweeps(at(3_600_000)));
}

#[test]
fn what_was_in_the_way_is_tried_again_at_once() {
    let pace = Pace::default();
    pace.erased();
    pace.swept(1, at(0));
    pace.begins();
    pace.in_vain();
    assert!(pace.sweeps(at(1)));
}

#[test]
fn a_round_comes_at_the_start_and_every_hour() {
    let pace = Pace::default();
    assert!(pace.round(at(5)));
    assert!(!pace.round(at(5)));
    assert!(!pace.round(at(4 + ROUND_MILLIS)));
    assert!(pace.round(at(5 + ROUND_MILLIS)));
}
