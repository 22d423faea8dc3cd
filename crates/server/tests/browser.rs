//! The whole story of one person in a real browser, and what is left on the disk afterwards.
#![cfg(test)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use sim::outside::kept::{self, Kept};
use sim::outside::raw;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");
const PLANTED: [&str; 6] = [
    "ada.planted@example.org",
    "+8613800138000",
    "13800138000",
    "Ada Plantedname",
    "Ada Correctedname",
    "1990-05-17",
];

/// The wrapped key of a person, as it lies in the database.
fn wrapped_key(data: &Path, person: &str) -> Vec<u8> {
    let file = rusqlite::Connection::open(data.join("cn/people.db")).unwrap();
    let bits = person.rsplit('_').next().unwrap();
    let id = u128::from_str_radix(bits, 16).unwrap().to_be_bytes().to_vec();
    let query = "SELECT wrapped FROM person_keys WHERE person_id = $1";
    file.query_row(query, [id], |row| row.get(0)).unwrap()
}

/// Runs the story; answers the person and the key that the person had.
fn story(demo: &Kept, data: &Path, shots: &Path) -> (String, Vec<u8>) {
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let site = demo.value("sample site").unwrap().trim_end_matches('/');
    let base = demo.value("privacy policy").unwrap().trim_end_matches("/privacy");
    let mut node = Command::new("node")
        .arg(root.join("e2e/story.mjs"))
        .env("KEPT_BASE", base)
        .env("KEPT_SITE", site)
        .env("KEPT_APP", demo.value("application key").unwrap())
        .env("KEPT_EMAIL", PLANTED[0])
        .env("KEPT_SHOTS", shots)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut found = None;
    for line in BufReader::new(node.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        println!("{line}");
        if let Some(person) = line.strip_prefix("person ") {
            found = Some((person.to_owned(), wrapped_key(data, person)));
        }
    }
    assert!(
        node.wait().unwrap().success(),
        "the story failed; pictures are in {}",
        shots.display()
    );
    found.unwrap()
}

#[test]
fn a_person_comes_is_served_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("kept.log");
    let dir = folder.path().join("demo");
    let arguments = ["demo", "--test-clock", "--people", "20", "--dir", &kept::text(&dir)];
    let demo = Kept::start(Path::new(PROGRAM), &arguments, "Ctrl-C", &log).unwrap();
    let data = dir.join("data");
    let shots = kept::checkout(env!("CARGO_MANIFEST_DIR")).join("target/shots");
    let (person, key) = story(&demo, &data, &shots);
    assert!(key.iter().any(|it| *it != 0), "the person had a key");
    demo.stop().unwrap();

    let copy = folder.path().join("copy");
    raw::copy(&data, &copy).unwrap();
    assert_eq!(raw::find(&copy, &[key]).unwrap(), [], "the person's key lies in no file");
    let planted: Vec<Vec<u8>> = PLANTED.iter().flat_map(|it| raw::forms(it)).collect();
    assert_eq!(raw::find(&copy, &planted).unwrap(), [], "no planted value lies in the data folder");
    let said = fs::read_to_string(&log).unwrap();
    assert!(PLANTED.iter().all(|it| !said.contains(it)), "no planted value is in the log");

    let keys = kept::text(&dir.join("root.key"));
    let checkpoints = kept::text(&dir.join("checkpoints"));
    let folder_of_copy = kept::text(&copy);
    let show = ["people", "show", &person, "--data", &folder_of_copy, "--keys", &keys];
    let shown = kept::run(Path::new(PROGRAM), &show).unwrap();
    assert_eq!(shown.status.code(), Some(1), "a copy and the root keys open nothing: {shown:?}");
    let verify = [
        "journal",
        "verify",
        "--data",
        &folder_of_copy,
        "--checkpoints",
        &checkpoints,
        "--keys",
        &keys,
    ];
    let verified = kept::run(Path::new(PROGRAM), &verify).unwrap();
    assert_eq!(verified.status.code(), Some(0), "the log verifies: {verified:?}");
}

/// A complaint answered in time, a message that ran over, and what a person sees of what they wrote.
#[test]
fn anybody_writes_and_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("kept.log");
    let dir = folder.path().join("demo");
    let arguments = ["demo", "--test-clock", "--people", "2", "--dir", &kept::text(&dir)];
    let demo = Kept::start(Path::new(PROGRAM), &arguments, "Ctrl-C", &log).unwrap();
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let base = demo.value("privacy policy").unwrap().trim_end_matches("/privacy");
    let ran = Command::new("node")
        .arg(root.join("e2e/messages.mjs"))
        .env("KEPT_BASE", base)
        .env("KEPT_AUTHENTICATOR", demo.value("authenticator").unwrap())
        .env("KEPT_SHOTS", root.join("target/shots"))
        .status()
        .unwrap();
    assert!(ran.success(), "the story failed; pictures are in target/shots");
    demo.stop().unwrap();
    let said = fs::read_to_string(&log).unwrap();
    assert!(
        !said.contains("mei.writes@") && !said.contains("My mixer hums"),
        "the log names nobody"
    );
}

#[test]
fn staff_work_at_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let (log, dir) = (folder.path().join("kept.log"), folder.path().join("demo"));
    let any = ["--listen", "127.0.0.1:0", "--site", "127.0.0.1:0"];
    let arguments = ["demo", "--test-clock", "--people", "5", "--dir", &kept::text(&dir)];
    let arguments = [&arguments[..], &any].concat();
    let demo = Kept::start(Path::new(PROGRAM), &arguments, "Ctrl-C", &log).unwrap();
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let node = Command::new("node")
        .arg(root.join("e2e/console.mjs"))
        .env("KEPT_BASE", demo.value("privacy policy").unwrap().trim_end_matches("/privacy"))
        .env("KEPT_AUTHENTICATOR", demo.value("authenticator").unwrap())
        .env("KEPT_SHOTS", root.join("target/shots"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&node.stdout);
    assert!(node.status.success(), "{said}\n{}", String::from_utf8_lossy(&node.stderr));
    demo.stop().unwrap();
    let said = fs::read_to_string(&log).unwrap();
    assert!(!said.contains("ada.writes@example.org"), "no address is in the log");
}

/// A child with a guardian who agrees, coming of age, and one whose guardian refuses.
#[test]
fn a_guardian_agrees_and_a_child_comes_of_age() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("kept.log");
    let dir = folder.path().join("demo");
    let arguments = ["demo", "--test-clock", "--people", "2", "--dir", &kept::text(&dir)];
    let demo = Kept::start(Path::new(PROGRAM), &arguments, "Ctrl-C", &log).unwrap();
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let base = demo.value("privacy policy").unwrap().trim_end_matches("/privacy");
    let ran = Command::new("node")
        .arg(root.join("e2e/minors.mjs"))
        .env("KEPT_BASE", base)
        .env("KEPT_SHOTS", root.join("target/shots"))
        .status()
        .unwrap();
    assert!(ran.success(), "the story failed; pictures are in target/shots");
    demo.stop().unwrap();
    let planted = ["mother.planted@", "father.planted@", "kid.planted@", "1980-03-04"];
    let forms: Vec<Vec<u8>> = planted.iter().flat_map(|it| raw::forms(it)).collect();
    let copy = folder.path().join("copy");
    raw::copy(&dir.join("data"), &copy).unwrap();
    assert_eq!(
        raw::find(&copy, &forms).unwrap(),
        [],
        "no guardian lies in clear in the data folder"
    );
    let said = fs::read_to_string(&log).unwrap();
    assert!(planted.iter().all(|it| !said.contains(it)), "the log names nobody");
}

/// Tells a story of `e2e/` against a demonstration of its own; the log names none of those in it.
fn tell(story: &str, unnamed: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let (log, dir) = (folder.path().join("kept.log"), folder.path().join("demo"));
    let any = ["--listen", "127.0.0.1:0", "--site", "127.0.0.1:0"];
    let arguments = ["demo", "--test-clock", "--people", "2", "--dir", &kept::text(&dir)];
    let arguments = [&arguments[..], &any].concat();
    let demo = Kept::start(Path::new(PROGRAM), &arguments, "Ctrl-C", &log).unwrap();
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let node = Command::new("node")
        .arg(root.join("e2e").join(story))
        .env("KEPT_BASE", demo.value("privacy policy").unwrap().trim_end_matches("/privacy"))
        .env("KEPT_SITE", demo.value("sample site").unwrap().trim_end_matches('/'))
        .env("KEPT_APP", demo.value("application key").unwrap())
        .env("KEPT_AUTHENTICATOR", demo.value("authenticator").unwrap())
        .env("KEPT_PROGRAM", PROGRAM)
        .env("KEPT_SHOTS", root.join("target/shots"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&node.stdout);
    assert!(node.status.success(), "{said}\n{}", String::from_utf8_lossy(&node.stderr));
    demo.stop().unwrap();
    let said = fs::read_to_string(&log).unwrap();
    assert!(unnamed.iter().all(|it| !said.contains(it)), "the log names nobody");
}

/// Closing the account, twice taken back, and then for good, with a certificate.
#[test]
fn an_account_is_closed_and_minds_are_changed() {
    tell("closing.mjs", &["ira.closes@"]);
}

/// From the privacy centre, for somebody who wrote in, and for a browser without an account.
#[test]
fn rights_are_asked_for_and_answered() {
    tell("requests.mjs", &["rui.asks@", "sol.strange@", "Rui Ming"]);
}

/// A version of the policy that asks again those who agreed to less.
#[test]
fn a_change_of_the_policy_asks_again() {
    tell("change.mjs", &["ada.changing@", "bob.silent@"]);
}

/// Every page that a link leads to: it answers, can be used by everybody, and fits a telephone.
#[test]
fn every_page_can_be_used_by_everybody() {
    tell("pages.mjs", &["ada.looks@"]);
}

#[test]
fn the_banner_and_the_collector_behave() {
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let ran = Command::new("node").arg(root.join("web/test/run.mjs")).output().unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
}
