use super::*;

fn browser(n: usize) -> Browser {
    Browser {
        endpoint: format!("https://push.example.com/{n}"),
        p256dh: "p".to_owned(),
        auth: "a".to_owned(),
    }
}

#[test]
fn the_newest_stay_and_each_stands_once() {
    let mut all = Browsers::default();
    for n in 0..3 * SUBSCRIPTIONS_MAX {
        all.add(browser(n));
        all.add(browser(n));
    }
    assert_eq!(all.0.len(), SUBSCRIPTIONS_MAX);
    assert_eq!(all.0.last(), Some(&browser(3 * SUBSCRIPTIONS_MAX - 1)));
    let text = all.text().unwrap().unwrap();
    assert_eq!(Browsers::read(Some(text.as_str())).unwrap(), all);
}

#[test]
fn a_list_that_was_changed_is_read_or_refused_and_never_a_panic() {
    let mut all = Browsers::default();
    all.add(browser(1));
    all.add(browser(2));
    let text = all.text().unwrap().unwrap();
    let text = text.as_str();
    for at in 0..text.len() {
        assert!(Browsers::read(text.get(..at)).is_err(), "{at}");
        for put in ["", "\"", "[", "{", "\\u0000", "é", "1e999", ","] {
            let changed = [text.get(..at).unwrap(), put, text.get(at + 1..).unwrap()].concat();
            drop(Browsers::read(Some(&changed)));
        }
    }
    for deep in ["[".repeat(100_000), format!("{}1{}", "[".repeat(300), "]".repeat(300))] {
        assert!(Browsers::read(Some(&deep)).is_err());
    }
    assert!(Browsers::read(None).unwrap().0.is_empty());
}
