use super::*;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

#[test]
fn an_address_has_its_share_and_gives_it_back() {
    let shares = Shares::new(2, &[ip("192.0.2.9")]);
    let first = shares.take(ip("192.0.2.1")).unwrap();
    let _second = shares.take(ip("::ffff:192.0.2.1")).unwrap();
    assert!(shares.take(ip("192.0.2.1")).is_none());
    assert!(shares.take(ip("192.0.2.2")).is_some());
    drop(first);
    assert!(shares.take(ip("192.0.2.1")).is_some());
    assert_eq!(shares.held().len(), 1, "whoever has none is not remembered");
}

#[test]
fn a_network_of_version_6_is_one_and_a_proxy_is_everybody() {
    let shares = Shares::new(1, &[ip("192.0.2.9")]);
    let _one = shares.take(ip("2001:db8:1:2::1")).unwrap();
    assert!(shares.take(ip("2001:db8:1:2:ffff::9")).is_none());
    assert!(shares.take(ip("2001:db8:1:3::1")).is_some());
    let _behind = [ip("192.0.2.9"), ip("192.0.2.9")].map(|it| shares.take(it).unwrap());
}
