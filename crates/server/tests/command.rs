//! The command line, as an operator types it.
#![cfg(test)]

use std::path::Path;
use std::process::Output;

use serde_json::json;
use sim::outside::http::Client;
use sim::outside::kept::{self, Kept};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");

fn kept(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } = kept::run(Path::new(PROGRAM), arguments).unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Where an installation lies, as arguments.
struct Place {
    folder: tempfile::TempDir,
    arguments: Vec<String>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| kept::text(&folder.path().join(name));
        let arguments =
            [("--data", "data"), ("--keys", "root.key"), ("--checkpoints", "checkpoints")];
        let arguments = arguments.iter().flat_map(|(name, to)| [(*name).to_owned(), at(to)]);
        Self { arguments: arguments.collect(), folder }
    }

    fn with<'a>(&'a self, before: &[&'a str], after: &[&'a str]) -> Vec<&'a str> {
        let own = self.arguments.iter().map(String::as_str);
        before.iter().copied().chain(own).chain(after.iter().copied()).collect()
    }

    fn run(&self, command: &[&str]) -> (i32, String, String) {
        kept(&self.with(command, &[]))
    }

    fn serve(&self) -> (Kept, String) {
        let log = self.folder.path().join("kept.log");
        let mails = kept::text(&self.folder.path().join("mail"));
        let more = ["--listen", "127.0.0.1:0", "--mail-folder", &mails];
        let serving = self.with(&["serve"], &more);
        let serving = Kept::start(Path::new(PROGRAM), &serving, "listening", &log).unwrap();
        let line = serving.said().iter().find_map(|it| it.split("http://").nth(1)).unwrap();
        let address = line.trim_end_matches('/').to_owned();
        (serving, address)
    }
}

fn register(address: &str) -> String {
    let body = json!({
        "email": "ada@example.org", "birth_date": "1980-01-01", "region": "cn", "language": "en",
        "accept": { "version": 1 }, "data": { "password": "correct horse battery" },
    });
    let answer = Client::new(address, None).call("POST", "/v1/people", Some(&body)).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an operator's editor, not a store of ours")]
fn a_policy_is_made_checked_changed_and_explained() {
    let folder = tempfile::tempdir().unwrap();
    let dir = kept::text(&folder.path().join("mine"));
    let policy = kept::text(&folder.path().join("mine/policy"));
    assert_eq!(kept(&["init", &dir]).0, 0);
    let (code, _, say) = kept(&["init", &dir]);
    assert_eq!(code, 2, "{say}");
    let (code, said, _) = kept(&["check", &policy]);
    assert!(code == 0 && said.contains("enforced") && said.contains("sha256:"), "{said}");
    assert_eq!(kept(&["fmt", "--check", &policy]).0, 0);
    assert_eq!(kept(&["explain", "use", "service", "email"]).0, 0);
    let (code, said, _) = kept(&["explain", "use", "advertise", "email"]);
    assert!(code == 1 && said.contains("use-advertise"), "{said}");
    assert_eq!(kept(&["diff", &policy, &policy]).0, 0);

    let file = folder.path().join("mine/policy/policy.md");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("[category.email]", "[categorie.email]")).unwrap();
    let (code, _, say) = kept(&["check", &policy]);
    assert!(code == 1 && say.contains("categorie"), "{code} {say}");
    assert_eq!(kept(&["check", &kept::text(folder.path())]).0, 2);
    assert_eq!(kept(&["forget"]).0, 2);
}

#[test]
fn an_installation_is_served_and_looked_after() {
    let place = Place::new();
    let (code, _, say) = place.run(&["doctor"]);
    assert_eq!(code, 2, "{say}");
    let (serving, address) = place.serve();
    let person = register(&address);
    let (code, _, say) = place.run(&["people", "show", &person]);
    assert!(code == 2 && say.contains("in use by another process"), "{code} {say}");
    serving.stop().unwrap();

    let (code, said, _) =
        place.run(&["key", "app", "add", "--name", "shop", "--purposes", "service"]);
    assert!(code == 0 && said.starts_with("kept_app_"), "{said}");
    let (code, _, say) =
        place.run(&["key", "app", "add", "--name", "shop", "--purposes", "resell"]);
    assert!(code == 2 && say.contains("purpose"), "{say}");
    let (code, said, _) = place.run(&["people", "show", &person]);
    assert!(code == 0 && said.contains("ada@example.org"), "{said}");
    let (code, said, _) = place.run(&["people", "export", &person]);
    assert!(code == 0 && said.contains("kept_export"), "{said}");
    let (code, _, say) = place.run(&["people", "erase", &person]);
    assert_eq!(code, 0, "{say}");
    for verb in ["show", "export", "erase"] {
        let (code, said, say) = place.run(&["people", verb, &person]);
        assert!(code == 1 && said.is_empty() && say.contains("erased"), "{code} {said} {say}");
    }
    let nobody = "per_cn_00000000000000000000000000000000";
    assert_eq!(place.run(&["people", "show", nobody]).0, 1);
    assert_eq!(place.run(&["people", "show", "ada@example.org"]).0, 2);

    let (code, said, say) = place.run(&["journal", "verify"]);
    assert_eq!(code, 0, "{said} {say}");
    assert_eq!(place.run(&["journal", "prove", "rec_cn_00000000000000000000000000000000"]).0, 1);
    let (code, said, say) = place.run(&["doctor"]);
    assert_eq!(code, 0, "{said} {say}");
}

#[test]
fn a_key_added_before_a_restart_opens_and_a_use_is_proved() {
    let place = Place::new();
    let (serving, address) = place.serve();
    let person = register(&address);
    serving.stop().unwrap();
    let (_, said, _) = place.run(&["key", "app", "add", "--name", "shop", "--purposes", "service"]);
    let key = said.split_whitespace().next().unwrap().to_owned();
    let (serving, address) = place.serve();
    let body = json!({ "person": person, "purpose": "service", "categories": ["email"] });
    let used = Client::new(&address, Some(&key)).call("POST", "/v1/use", Some(&body)).unwrap();
    assert_eq!(used.status, 200, "{}", used.json());
    serving.stop().unwrap();
    let record = used.json()["record"].as_str().unwrap().to_owned();
    let (code, said, say) = place.run(&["journal", "prove", &record]);
    assert_eq!(code, 0, "{say}");
    let bundle: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert!(bundle["inclusion"].is_array() && bundle["checkpoint"].is_string());
}

#[test]
fn a_test_clock_is_not_for_the_public() {
    let place = Place::new();
    let (code, _, say) = kept(&place.with(&["serve"], &["--listen", "0.0.0.0:0", "--test-clock"]));
    assert!(code == 2 && say.contains("--test-clock"), "{say}");
    let inside = kept::text(&place.folder.path().join("data/root.key"));
    let data = kept::text(&place.folder.path().join("data"));
    let (code, _, say) =
        kept(&["serve", "--data", &data, "--keys", &inside, "--listen", "127.0.0.1:0"]);
    assert!(code == 2 && say.contains("apart"), "{say}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "an operator's editor, not a store of ours")]
fn settings_come_from_a_file_and_the_command_line_goes_before() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| kept::text(&folder.path().join(name));
    let text = format!(
        "data = '{}'\nkeys = '{}'\nmail-folder = '{}'\nlisten = '192.0.2.1:1'\nsite = ['https://a.example']\n",
        at("data"),
        at("root.key"),
        at("mail"),
    );
    std::fs::write(at("kept.toml"), text).unwrap();
    let log = folder.path().join("kept.log");
    let config = at("kept.toml");
    let serve = ["serve", "--config", &config, "--listen", "127.0.0.1:0"];
    Kept::start(Path::new(PROGRAM), &serve, "listening", &log).unwrap().stop().unwrap();
    assert!(folder.path().join("root.key").is_file());
    std::fs::write(at("kept.toml"), "smtp = secret").unwrap();
    let (code, _, say) = kept(&serve);
    assert!(code == 2 && say.contains("line 1") && !say.contains("secret"), "{say}");
    std::fs::write(at("kept.toml"), "colour = 'blue'").unwrap();
    assert_eq!(kept(&serve).0, 2);
}
