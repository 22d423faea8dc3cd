use super::{address, browser, host, is_plain_host, is_plain_path, masked, path, text};

#[test]
fn nothing_that_identifies_is_left_of_a_path() {
    for (given, kept) in [
        ("/ovens?email=wei@example.com&x=1#top", "/ovens"),
        ("https://shop.example/ovens/42?utm=1", "/ovens/:id"),
        ("/people/wei@example.com/edit", "/people/:id/edit"),
        ("/people/wei%40example.com", "/people/:id"),
        ("/orders/0191f2d0-7c1e-7b52-9d3e-0a1b2c3d4e5f", "/orders/:id"),
        ("/reset/q8Jz2LmP0sT4uVwX9yZa", "/reset/:id"),
        ("/products/spiral-mixer.html", "/products/spiral-mixer.html"),
        ("about us", "/about%20us"),
        ("", "/"),
    ] {
        assert_eq!(path(given), kept, "{given}");
    }
}

#[test]
fn a_host_is_all_that_is_left_of_an_address() {
    assert_eq!(host("https://Search.Example/find?q=my+name"), "search.example");
    assert_eq!(host("wei@news.example"), "news.example");
    assert_eq!(host("shop.example:8443"), "shop.example");
    assert_eq!(host("::::"), "");
}

#[test]
fn what_people_wrote_loses_numbers_and_addresses() {
    assert_eq!(text("call 13800138000 or wei@example.com now"), "call :id or :id now");
    assert_eq!(text("add-to-basket"), "add-to-basket");
}

#[test]
fn a_network_address_loses_its_last_part() {
    assert_eq!(address("203.0.113.77".parse().unwrap()), "203.0.113.0/24");
    assert_eq!(address("2001:db8:aa:bb::1".parse().unwrap()), "2001:db8:aa::/48");
    assert_eq!(address("::ffff:203.0.113.77".parse().unwrap()), "203.0.113.0/24");
}

#[test]
fn of_a_browser_only_its_kind_is_kept() {
    let given = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36";
    assert_eq!(browser(given), "Chrome, computer");
    assert_eq!(browser(""), "Browser, computer");
}

/// What is taken as it stands is what the rules of addresses make of it.
#[test]
fn what_is_plain_is_what_the_parser_makes_of_it() {
    let pieces = [
        "",
        "/",
        "//",
        ".",
        "..",
        "a",
        "b2",
        "-",
        "--",
        "_",
        "~",
        "A",
        "xn",
        "x.html",
        "0x1",
        "127",
        "%40",
        "@",
        "é",
        "\\",
        "?",
        "#",
        " ",
        ":",
        "localhost",
        "example",
        "com",
        "\t",
        "%2e",
        "xn--",
    ];
    let (mut paths, mut hosts) = (0, 0);
    let mut look = |given: &str| {
        if is_plain_path(given) {
            let parsed = url::Url::parse("http://x/").unwrap().join(given).unwrap();
            assert_eq!(path(given), masked(parsed.path()), "{given}");
            paths += 1;
        }
        if is_plain_host(given) {
            let parsed = url::Url::parse(&format!("http://{given}")).unwrap();
            assert_eq!(parsed.host_str(), Some(given), "{given}");
            hosts += 1;
        }
    };
    for a in pieces {
        for b in pieces {
            for c in pieces {
                look(&[a, b, c].concat());
                look(&[a, "/", b, "/", c].concat());
                look(&["/", a, "/", b, ".", c].concat());
                look(&[a, ".", b, ".", c].concat());
            }
        }
    }
    assert!(paths > 1_000 && hosts > 100, "{paths} {hosts}");
}
