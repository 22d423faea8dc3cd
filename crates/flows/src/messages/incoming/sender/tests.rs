use super::*;

fn forged(headers: &[&str]) -> bool {
    is_forged(headers.iter().copied(), "mx.example.com")
}

#[test]
fn our_own_server_is_believed_when_it_warns_and_nobody_else() {
    for bad in [
        "mx.example.com; dmarc=fail header.from=example.com",
        "MX.example.com 1;\r\n\tspf=pass smtp.mailfrom=evil.example;\r\n\tdmarc=fail (p=none; x) a=b",
        "mx.example.com; spf=fail smtp.mailfrom=example.com",
        "mx.example.com; dkim=fail (bad; dkim=pass); spf=fail",
        "mx.example.com; dmarc=none; spf=fail",
        "mx.example.com; x=y reason=\"a; dmarc=pass\"; dmarc = fail",
    ] {
        assert!(forged(&[bad]), "{bad}");
    }
    for good in [
        "",
        "mx.example.com; none",
        "mx.example.com; dmarc=pass; spf=fail",
        "mx.example.com; spf=softfail",
        "mx.example.com; spf=fail; dkim=pass header.d=example.com",
        "mx.example.com; dkim=fail",
        "other.example; dmarc=fail",
        "mx.example.com.evil.example; dmarc=fail",
        "(mx.example.com) other.example; dmarc=fail",
        "mx.example.com; x=y (dmarc=fail; dmarc=fail)",
        "mx.example.com; x=y reason=\"; dmarc=fail\"",
    ] {
        assert!(!forged(&[good]), "{good}");
    }
    // Each filter of the server writes a line of its own; a line that was brought along takes nothing
    // back of what ours says.
    assert!(forged(&["mx.example.com; spf=pass", "mx.example.com; dmarc=fail"]));
    assert!(forged(&["mx.example.com; dmarc=fail", "mx.example.com; dmarc=pass"]));
    assert!(!forged(&["mx.example.com; dmarc=pass", "other.example; dmarc=fail"]));
}
