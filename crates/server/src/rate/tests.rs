use super::*;

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

#[test]
fn the_address_behind_our_proxy_counts_and_what_strangers_write_does_not() {
    let ip = |text: &str| text.parse::<IpAddr>().unwrap();
    let proxies = [ip("10.0.0.1"), ip("10.0.0.2")];
    let seen = |direct: &str, written: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", written.parse().unwrap());
        behind(ip(direct), &headers, &proxies)
    };
    assert_eq!(seen("198.51.100.7", "203.0.113.9"), ip("198.51.100.7"), "not our proxy");
    assert_eq!(seen("10.0.0.1", "203.0.113.9"), ip("203.0.113.9"));
    assert_eq!(seen("10.0.0.1", "192.0.2.1, 203.0.113.9, 10.0.0.2"), ip("203.0.113.9"));
    assert_eq!(seen("10.0.0.1", "203.0.113.9, nonsense"), ip("10.0.0.1"));
    assert_eq!(behind(ip("10.0.0.1"), &HeaderMap::new(), &proxies), ip("10.0.0.1"));
}
