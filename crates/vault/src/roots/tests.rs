use super::*;

fn regions() -> Vec<RegionCode> {
    ["cn", "eu"].iter().filter_map(|it| RegionCode::new(it)).collect()
}

#[test]
fn a_key_file_reads_back_and_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let made = Roots::create(&path, &regions()).unwrap();
    let read = Roots::open(&path).unwrap();
    assert_eq!(made.text(), read.text());
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(matches!(Roots::create(&path, &regions()), Err(RootsFault::File { .. })));
}

#[test]
fn a_key_file_that_others_may_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    drop(Roots::create(&path, &regions()).unwrap());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(Roots::open(&path).unwrap_err().to_string().contains("chmod 600"));
}

#[test]
fn what_is_not_a_key_file_says_what_to_write() {
    let key = STANDARD.encode([7; 32]);
    for (text, say) in [
        (String::new(), "first line"),
        ("kept-keys-v1\n".to_owned(), "- log KEY"),
        (format!("kept-keys-v1\n- log {key}\ncn wrap {key}\n"), "one `index`"),
        (format!("kept-keys-v1\n- log {key}\n- log {key}\n"), "twice"),
        ("kept-keys-v1\n- log AAAA\n".to_owned(), "32 bytes"),
        (format!("kept-keys-v1\n- log {key}\nCN wrap {key}\n"), "1 to 8 letters"),
    ] {
        let (_, said) = Roots::parse(&text).unwrap_err();
        assert!(said.contains(say), "{text}: {said}");
    }
}

#[test]
fn debug_shows_no_key() {
    let roots = Roots::fresh(&regions()).unwrap();
    assert!(format!("{roots:?}").len() < 60);
}
