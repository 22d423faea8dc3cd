//! A disk is lost. The real program made backups beside the server, and goes back to one: killed in the
//! middle, and again.
#![cfg(test)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::json;
use sim::outside::http::Client;
use sim::outside::kept::{self, Kept};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");

fn kept(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = kept::run(Path::new(PROGRAM), arguments).unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

struct Place {
    folder: tempfile::TempDir,
    data: &'static str,
}

impl Place {
    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        kept::text(&self.at(name))
    }

    /// A command with where everything is.
    fn with(&self, command: &[&str], after: &[&str]) -> Vec<String> {
        let options = [
            ("--data", self.data),
            ("--keys", "root.key"),
            ("--checkpoints", "checkpoints"),
            ("--backup-changes", "changes"),
        ];
        let own = options.iter().flat_map(|(name, to)| [(*name).to_owned(), self.text(to)]);
        let given = command.iter().map(|it| (*it).to_owned());
        given.chain(own).chain(after.iter().map(|it| (*it).to_owned())).collect()
    }

    fn run(&self, command: &[&str]) -> (i32, String, String) {
        let all = self.with(command, &[]);
        kept(&all.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn serve(&self, more: &[&str]) -> (Kept, String) {
        let (log, mails) = (self.at("kept.log"), self.text("mail"));
        let more = [&["--listen", "127.0.0.1:0", "--mail-folder", &mails], more].concat();
        let all = self.with(&["serve"], &more);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let serving = Kept::start(Path::new(PROGRAM), &all, "listening", &log).unwrap();
        let line = serving.said().iter().find_map(|it| it.split("http://").nth(1)).unwrap();
        let address = line.trim_end_matches('/').to_owned();
        (serving, address)
    }

    fn backup(&self) -> Vec<String> {
        let to = self.text("backups");
        let own = [
            "backup",
            "--data",
            &self.text(self.data),
            "--keys",
            &self.text("root.key"),
            "--to",
            &to,
        ];
        own.iter().map(|it| (*it).to_owned()).collect()
    }

    fn restore(&self, to: &str) -> Vec<String> {
        let options = [
            ("--from", "backups"),
            ("--changes", "changes"),
            ("--keys", "root.key"),
            ("--checkpoints", "checkpoints"),
            ("--to", to),
        ];
        let own = options.iter().flat_map(|(name, to)| [(*name).to_owned(), self.text(to)]);
        std::iter::once("restore".to_owned()).chain(own).collect()
    }

    /// The wrapped key of a person, as it stands in the data folder.
    fn wrapped(&self, person: &str) -> Vec<u8> {
        let file = rusqlite::Connection::open(self.at(self.data).join("cn/people.db")).unwrap();
        let bits = u128::from_str_radix(person.rsplit('_').next().unwrap(), 16).unwrap();
        let text = "SELECT wrapped FROM person_keys WHERE person_id = $1";
        file.query_row(text, [bits.to_be_bytes().to_vec()], |row| row.get(0)).unwrap()
    }

    fn holds(&self, below: &str, bytes: &[u8]) -> bool {
        let mut open = vec![self.at(below)];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            } else if std::fs::read(&path).unwrap().windows(bytes.len()).any(|it| it == bytes) {
                return true;
            }
        }
        false
    }
}

fn strings(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

fn register(address: &str, name: &str) -> String {
    let body = json!({
        "email": format!("{name}@example.org"), "birth_date": "1980-01-01", "region": "cn",
        "language": "en", "accept": { "version": 1 },
        "data": { "password": "correct horse battery" },
    });
    let answer = Client::new(address, None).call("POST", "/v1/people", Some(&body)).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_lost_disk_brings_nobody_back_who_was_erased() {
    let mut place = Place { folder: tempfile::tempdir().unwrap(), data: "data" };
    let (serving, address) = place.serve(&[]);
    let (erased, same) = (register(&address, "erased"), register(&address, "same"));
    // Beside the server, which has the folder.
    let (code, said, say) = kept(&strings(&place.backup()));
    assert!(code == 0 && said.contains("2 people"), "{code} {said} {say}");
    serving.stop().unwrap();
    let key = place.wrapped(&erased);
    assert!(place.holds("data", &key));
    assert!(!place.holds("backups", &key), "sealed");
    let (code, _, say) = place.run(&["people", "erase", &erased]);
    assert_eq!(code, 0, "{say}");
    // Somebody comes after the backup, and the server is killed.
    let (serving, address) = place.serve(&[]);
    register(&address, "later");
    serving.kill().unwrap();
    std::fs::rename(place.at("data"), place.at("lost")).unwrap();

    place.data = "restored";
    let restore = place.restore("restored");
    let mut without = restore.clone();
    without.truncate(without.len() - 4);
    without.extend(["--to".to_owned(), place.text("restored")]);
    let (code, _, say) = kept(&strings(&without));
    assert!(code == 2 && say.contains("--checkpoints"), "{code} {say}");
    let (code, said, say) = kept(&strings(&restore));
    assert!(code == 0 && said.contains("1 erased since"), "{code} {said} {say}");
    assert!(!place.holds("restored", &key), "nothing opens it, with the root keys or without");
    let (code, said, say) = place.run(&["people", "show", &erased]);
    assert!(code == 1 && said.is_empty() && say.contains("erased"), "{code} {said} {say}");
    let (code, said, _) = place.run(&["people", "show", &same]);
    assert!(code == 0 && said.contains("same@example.org"), "{said}");
    let (serving, address) = place.serve(&[]);
    register(&address, "goes-on");
    serving.stop().unwrap();
    assert!(!place.holds("restored", &key));
    let (code, said, say) = place.run(&["doctor"]);
    assert!(code == 0 && said.contains("from outside agree"), "{code} {said} {say}");
}

#[test]
fn killed_in_the_middle_it_serves_nobody_and_goes_on() {
    let mut place = Place { folder: tempfile::tempdir().unwrap(), data: "data" };
    let (serving, address) = place.serve(&[]);
    let people: Vec<String> = (0..20).map(|it| register(&address, &format!("n{it}"))).collect();
    serving.stop().unwrap();
    let (code, _, say) = kept(&strings(&place.backup()));
    assert_eq!(code, 0, "{say}");
    let (code, _, say) = place.run(&["people", "erase", &people[3]]);
    assert_eq!(code, 0, "{say}");
    place.data = "restored";
    let restore = place.restore("restored");
    let mut marked = false;
    for _ in 0..9 {
        let mut running = Command::new(PROGRAM)
            .args(&restore)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mark = place.at("restored/moving");
        while running.try_wait().unwrap().is_none() && !mark.exists() {}
        running.kill().ok();
        running.wait().unwrap();
        if !mark.exists() {
            break;
        }
        marked = true;
        let (code, _, say) = place.run(&["people", "show", &people[0]]);
        assert!(code == 2 && say.contains("unfinished"), "{code} {say}");
    }
    let (code, _, say) = kept(&strings(&restore));
    // Where the last run ended before it was killed, there is nothing left to be done.
    assert!(code == 0 || say.contains("already"), "{code} {say}");
    assert!(marked, "one was killed in the middle");
    let (code, said, _) = place.run(&["people", "show", &people[19]]);
    assert!(code == 0 && said.contains("n19@example.org"), "{said}");
    assert_eq!(place.run(&["people", "show", &people[3]]).0, 1);
}

#[test]
fn without_the_list_the_answer_is_no() {
    let place = Place { folder: tempfile::tempdir().unwrap(), data: "data" };
    let (serving, address) = place.serve(&[]);
    let person = register(&address, "wei");
    serving.stop().unwrap();
    assert_eq!(kept(&strings(&place.backup())).0, 0);
    assert_eq!(place.run(&["people", "erase", &person]).0, 0);
    std::fs::rename(place.at("changes"), place.at("elsewhere")).unwrap();
    std::fs::create_dir(place.at("changes")).unwrap();
    let (code, _, say) = kept(&strings(&place.restore("again")));
    assert!(code == 1 && say.contains("is missing"), "{code} {say}");
    assert!(!place.at("again").exists());
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an operator's editor, not a store of ours")]
fn they_are_made_by_themselves_and_not_kept_for_longer_than_promised() {
    let place = Place { folder: tempfile::tempdir().unwrap(), data: "data" };
    let config = place.text("kept.toml");
    let text = format!(
        "[backup]\nto = '{}'\nevery = '12 hours'\nkeep = '31 days'\nchanges = '{}'\n",
        place.text("backups"),
        place.text("changes")
    );
    std::fs::write(&config, &text).unwrap();
    let own = [
        "serve",
        "--data",
        &place.text("data"),
        "--keys",
        &place.text("root.key"),
        "--listen",
        "127.0.0.1:0",
        "--test-clock",
        "--config",
        &config,
    ];
    let (code, _, say) = kept(&own);
    assert!(code == 2 && say.contains("30 days"), "{code} {say}");
    std::fs::write(&config, text.replace("31 days", "2 days")).unwrap();
    let serving =
        Kept::start(Path::new(PROGRAM), &own, "listening", &place.at("kept.log")).unwrap();
    let line = serving.said().iter().find_map(|it| it.split("http://").nth(1)).unwrap();
    let mut client = Client::new(line.trim_end_matches('/'), None);
    let made = || std::fs::read_dir(place.at("backups")).unwrap().count();
    let mut hours = |hours: u32| {
        let body = json!({ "advance": format!("{hours}h") });
        let answer = client.call("POST", "/v1/test/clock", Some(&body)).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json());
    };
    hours(1);
    assert_eq!(made(), 1);
    hours(12);
    assert_eq!(made(), 2);
    for _ in 0..8 {
        hours(12);
    }
    assert!((3..=5).contains(&made()), "{} of two days", made());
    serving.stop().unwrap();
}
