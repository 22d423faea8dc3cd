use super::*;

const SECRET: &[u8] = b"12345678901234567890";

#[test]
fn the_codes_of_the_standard() {
    // RFC 6238, appendix B: the last six of its eight digits.
    for (seconds, eight) in [
        (59, 94_287_082),
        (1_111_111_109, 7_081_804),
        (1_111_111_111, 14_050_471),
        (1_234_567_890, 89_005_924),
        (2_000_000_000, 69_279_037),
        (20_000_000_000, 65_353_130),
    ] {
        let now = Timestamp::from_millis(seconds * 1_000);
        assert_eq!(truncated(SECRET, step(now)) % 100_000_000, eight, "{seconds}");
        let six = format!("{:06}", eight % 1_000_000);
        assert_eq!(code(SECRET, step(now)).as_str(), six);
        assert_eq!(fits(SECRET, &six, now), Some(step(now)));
    }
}

#[test]
fn the_codes_of_the_standard_it_rests_on() {
    // RFC 4226, appendix D.
    let codes = ["755224", "287082", "359152", "969429", "338314", "254676"];
    for (count, right) in (0..).zip(codes) {
        assert_eq!(code(SECRET, count).as_str(), right);
    }
}

#[test]
fn a_code_counts_a_step_before_and_after() {
    let now = Timestamp::from_millis(1_795_356_000_000);
    let steps = [-2, -1, 0, 1, 2].map(|it| step(now) + it);
    let found = steps.map(|it| fits(SECRET, &code(SECRET, it), now));
    assert_eq!(found, [None, Some(steps[1]), Some(steps[2]), Some(steps[3]), None]);
    let spaced =
        code(SECRET, steps[2]).as_str().chars().flat_map(|it| [it, ' ']).collect::<String>();
    assert_eq!(fits(SECRET, &spaced, now), Some(steps[2]), "as authenticators show it");
    for wrong in ["", "12345", "1234567", "abcdef"] {
        assert_eq!(fits(SECRET, wrong, now), None);
    }
}

#[test]
fn base_32_is_that_of_the_standard() {
    // RFC 4648, section 10, without padding.
    let rows = [
        ("", ""),
        ("f", "MY"),
        ("fo", "MZXQ"),
        ("foo", "MZXW6"),
        ("foob", "MZXW6YQ"),
        ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ];
    for (plain, text) in rows {
        assert_eq!(base32(plain.as_bytes()).as_str(), text);
    }
}
