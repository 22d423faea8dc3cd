//! `kept migrate`, as an operator types it: from a folder into a database, and back into another.
#![cfg(test)]

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use sim::outside::http::Client;
use sim::outside::kept::{self, Kept};
use sim::outside::postgres::Postgres;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");

fn run(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = kept::run(Path::new(PROGRAM), arguments).unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn done(arguments: &[&str]) -> String {
    let (code, said, say) = run(arguments);
    assert_eq!(code, 0, "{arguments:?}: {said} {say}");
    said
}

fn refused(arguments: &[&str], why: &str) {
    let (code, said, say) = run(arguments);
    assert!(code == 2 && say.contains(why), "{arguments:?}: {code} {said} {say}");
}

/// An installation in a folder or in a database, with its keys.
struct Place<'a>(Vec<&'a str>);

impl Place<'_> {
    fn with<'b>(&'b self, before: &[&'b str], after: &[&'b str]) -> Vec<&'b str> {
        [before, &self.0, after].concat()
    }

    fn serve(&self, folder: &Path) -> (Kept, String) {
        let (log, mails) = (folder.join("kept.log"), kept::text(&folder.join("mail")));
        let more = ["--listen", "127.0.0.1:0", "--mail-folder", &mails];
        let serving =
            Kept::start(Path::new(PROGRAM), &self.with(&["serve"], &more), "listening", &log);
        let serving = serving.unwrap();
        let line = serving.said().iter().find_map(|it| it.split("http://").nth(1)).unwrap();
        let address = line.trim_end_matches('/').to_owned();
        (serving, address)
    }

    /// What is there of somebody, and whether the log and their record's proof hold.
    fn looked_at(&self, person: &str, record: &str) -> (String, String, String) {
        let shown = done(&self.with(&["people", "show", person], &[]));
        let verified = done(&self.with(&["journal", "verify"], &[]));
        (shown, verified, done(&self.with(&["journal", "prove", record], &[])))
    }
}

fn used(address: &str, key: &str, person: &str) -> Value {
    let body = json!({ "person": person, "purpose": "service", "categories": ["email"] });
    let answer = Client::new(address, Some(key)).call("POST", "/v1/use", Some(&body)).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json());
    answer.json()
}

#[test]
fn an_installation_moves_into_a_database_and_back() {
    let mut folder = tempfile::Builder::new();
    let folder = folder.permissions(Permissions::from_mode(0o755)).tempdir().unwrap();
    let at = |name: &str| kept::text(&folder.path().join(name));
    let server = Postgres::start(&folder.path().join("server"), &["fsync=off"]).unwrap();
    let url = server.url();
    let (data, back, keys, outside) = (at("data"), at("back"), at("root.key"), at("outside"));
    let (there, here) = (format!("sqlite:{data}"), format!("sqlite:{back}"));
    let shared = ["--keys", &keys, "--checkpoints", &outside];
    let first = Place([&["--data", &data], &shared[..]].concat());
    let second = Place([&["--database", &url], &shared[..]].concat());
    let third = Place([&["--data", &back], &shared[..]].concat());
    let out = [&["migrate", "--from", &there, "--to", &url], &shared[..]].concat();
    let home = [&["migrate", "--from", &url, "--to", &here], &shared[..]].concat();

    refused(&out, "no installation to move");
    first.serve(folder.path()).0.stop().unwrap();
    let add = ["key", "app", "add", "--name", "shop", "--purposes", "service"];
    let said = done(&first.with(&add, &[]));
    let key = said.split_whitespace().next().unwrap();
    let (serving, address) = first.serve(folder.path());
    let body = json!({
        "email": "ada@example.org", "birth_date": "1980-01-01", "region": "cn", "language": "en",
        "accept": { "version": 1 }, "data": { "password": "correct horse battery" },
    });
    let answer = Client::new(&address, None).call("POST", "/v1/people", Some(&body)).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    let person = answer.json()["id"].as_str().unwrap().to_owned();
    let record = used(&address, key, &person)["record"].as_str().unwrap().to_owned();
    refused(&out, "in use by another process");
    serving.stop().unwrap();
    let before = first.looked_at(&person, &record);
    assert!(before.0.contains("ada@example.org"));

    let said = done(&out);
    assert!(said.contains("Everything arrived as it was"), "{said}");
    refused(&out, "the target holds an installation already");
    let (serving, address) = second.serve(folder.path());
    refused(&home, "in use by a node");
    let values = used(&address, key, &person)["values"].clone();
    assert_eq!(values["email"], "ada@example.org");
    serving.stop().unwrap();
    let shown = second.looked_at(&person, &record);
    assert!(shown.0.contains("ada@example.org") && shown.2.contains(&record_index(&before.2)));

    let said = done(&home);
    assert!(said.contains(&format!("kept serve --data {back}")), "{said}");
    let verified = done(&third.with(&["journal", "verify"], &[]));
    assert!(said.contains(verified.lines().last().unwrap()), "the root: {said} {verified}");
    assert!(third.looked_at(&person, &record).0.contains("ada@example.org"));
    refused(&["migrate", "--from", &there, "--to", &here], "a move goes from a folder");
    refused(&["migrate", "--from", "somewhere", "--to", &here], "write `sqlite:DIR`");
}

/// The line that says where an entry stands.
fn record_index(bundle: &str) -> String {
    bundle.lines().find(|it| it.contains("\"index\"")).unwrap().to_owned()
}
