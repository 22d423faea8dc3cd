//! What is a signature, and what is none.

use super::*;

const SECRET: &str = "a-secret-of-both-sides-0123456789";

#[test]
fn a_signature_counts_for_one_message_and_for_a_while() {
    let secret = Secret::given(SECRET);
    let now = Timestamp::from_millis(1_795_356_000_000);
    let (id, stamp, body) = ("del_cn_1", "1795356000", br#"{"done":true}"#);
    let signed = signature(&secret, (id, stamp), body);
    assert!(signed.starts_with("v1,"));
    let check = |secret: &Secret, parts, body: &[u8], now| is_signed(secret, parts, body, now);
    assert!(check(&secret, (id, stamp, &signed), body, now));
    let two = format!("v1,bm90IHRoaXM= {signed}");
    assert!(check(&secret, (id, stamp, &two), body, now), "one of several");
    assert!(!check(&secret, ("del_cn_2", stamp, &signed), body, now));
    assert!(!check(&secret, (id, "1795356001", &signed), body, now));
    assert!(!check(&secret, (id, stamp, &signed), b"{}", now));
    let other = Secret::given("another-secret-of-both-sides-0123");
    assert!(!check(&other, (id, stamp, &signed), body, now));
    let hour = now.plus_millis(3_600_000);
    assert!(!check(&secret, (id, stamp, &signed), body, hour), "kept for later");
    assert!(!check(&secret, (id, "soon", &signed), body, now));
}
