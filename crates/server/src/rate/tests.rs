use decide::Timestamp;

use super::{Gate, Rates};

const GATE: Gate = Gate { name: "sign-in", most: 2 };

#[test]
fn the_third_of_two_waits_until_the_window_is_over() {
    let rates = Rates::fresh().unwrap();
    let now = Timestamp::from_millis(1_000);
    assert_eq!(rates.pass(GATE, b"a", now), Ok(()));
    assert_eq!(rates.pass(GATE, b"a", now), Ok(()));
    assert_eq!(rates.pass(GATE, b"a", now), Err(59));
    assert_eq!(rates.pass(GATE, b"b", now), Ok(()), "another address has its own counter");
    assert_eq!(rates.pass(GATE, b"a", now.plus_millis(59_000)), Ok(()), "a new window");
}
