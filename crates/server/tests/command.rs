//! The command line, as an operator types it.
#![cfg(test)]

use std::fs::Permissions;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
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
#[expect(clippy::disallowed_methods, reason = "an operator's editor, not a store of ours")]
fn the_next_version_is_tried_replayed_and_published() {
    let place = Place::new();
    let dir = kept::text(&place.folder.path().join("mine"));
    let policy = kept::text(&place.folder.path().join("mine/policy"));
    assert_eq!(kept(&["init", &dir]).0, 0);
    let file = place.folder.path().join("mine/policy/policy.md");
    let text = std::fs::read_to_string(&file).unwrap();
    let wider = "uses   = [\"birth-date\", \"email\", \"phone\", \"name\", \"language\", \"support";
    let text = text
        .replace("version    = 1", "version    = 2")
        .replace("uses   = [\"email\", \"phone\", \"name\", \"language\", \"support", wider);
    assert!(text.contains(wider));
    std::fs::write(&file, text).unwrap();
    let publish = ["policy", "publish", policy.as_str()];
    let (code, _, say) = place.run(&publish);
    assert!(code == 2 && say.contains("no data folder"), "{code} {say}");
    let (serving, address) = place.serve();
    register(&address);
    let (code, _, say) = place.run(&publish);
    assert!(code == 2 && say.contains("POST /v1/policy/versions"), "{code} {say}");
    serving.stop().unwrap();

    let day = |days: i64| {
        let today = jiff::Zoned::now().date();
        today.saturating_add(jiff::Span::new().days(days)).to_string()
    };
    let (soon, later) = (day(20), day(40));
    let (code, _, say) = place.run(&[&publish[..], &["--effective", &soon]].concat());
    assert!(code == 1 && say.contains("the earliest day"), "{code} {say}");
    let dry = [&publish[..], &["--effective", &later, "--dry-run"]].concat();
    // The address was not proved: nobody is written to there yet.
    let (code, said, say) = place.run(&dry);
    assert!(
        code == 0 && said.contains("widening") && said.contains("of 1 people, 0 are told"),
        "{said} {say}"
    );
    let (code, said, say) = place.run(&["check", &policy, "--replay"]);
    assert!(code == 0 && said.contains("requests of 1 people"), "{said} {say}");
    let (code, said, say) = place.run(&["policy", "list"]);
    assert!(code == 0 && said.lines().count() == 1, "{said} {say}");
    let (code, said, say) = place.run(&[&publish[..], &["--effective", &later]].concat());
    assert!(code == 0 && said.contains("stored"), "{said} {say}");
    let (_, said, _) = place.run(&["policy", "list"]);
    assert!(said.contains("announced") && said.contains("in force"), "{said}");
    let (code, _, say) = place.run(&[&publish[..], &["--effective", &later]].concat());
    assert!(code == 1 && say.contains("write `version = 3`"), "{code} {say}");
    // The server goes on with the version that is in force, and announces the other.
    let (serving, address) = place.serve();
    let ready = Client::new(&address, None).call("GET", "/ready", None).unwrap();
    assert_eq!(ready.json()["policy"], 1);
    serving.stop().unwrap();
}

#[test]
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
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
    let (code, _, say) = place.run(&["key", "app", "add", "--name", "shop"]);
    assert!(code == 2 && say.contains("name the purposes"), "{say}");
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
    let record = "rec_cn_00000000000000000000000000000000";
    let (code, _, say) = place.run(&["journal", "prove", record]);
    assert!(code == 1 && say.contains("there is no record"), "{code} {say}");
    let (code, said, say) = place.run(&["doctor"]);
    assert_eq!(code, 0, "{said} {say}");
}

#[test]
fn looking_at_the_wrong_place_is_wrong_use_and_makes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| kept::text(&folder.path().join(name));
    let (mine, keys) = (at("mine"), at("mine.key"));
    assert_eq!(kept(&["init", &mine]).0, 0);
    let (code, _, say) = kept(&["init", "/proc/self/mine"]);
    assert!(code == 2 && say.contains("`/proc/self/mine` cannot be made"), "{code} {say}");
    let record = "rec_cn_00000000000000000000000000000000";
    for command in [
        &["doctor"][..],
        &["key", "app", "list"],
        &["policy", "list"],
        &["journal", "prove", record],
        &["people", "show", "per_cn_00000000000000000000000000000000"],
    ] {
        let (code, _, say) = kept(&[command, &["--data", &mine]].concat());
        assert!(code == 2 && say.contains("is no data folder of ours"), "{command:?} {code} {say}");
    }
    let (code, _, say) = kept(&["journal", "verify", "--data", &mine]);
    assert!(code == 2 && say.contains("there is no key file"), "{code} {say}");
    let (code, _, say) = kept(&["journal", "verify", "--data", &mine, "--vkey", "none"]);
    assert!(code == 2 && say.contains("`vkey` is malformed"), "{code} {say}");
    let inside: Vec<_> = std::fs::read_dir(&mine).unwrap().collect();
    assert_eq!((inside.len(), Path::new(&keys).exists()), (1, false), "{inside:?}");
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
fn what_runs_is_finished_when_the_server_is_told_to_stop() {
    let place = Place::new();
    let (serving, address) = place.serve();
    let body = json!({ "email": "no address", "password": "guess" }).to_string();
    let mut stream = TcpStream::connect(&address).unwrap();
    let head = "POST /v1/session HTTP/1.1\r\nhost: kept\r\ncontent-type: application/json\r\n";
    let length = body.len();
    write!(stream, "{head}content-length: {length}\r\nexpect: 100-continue\r\n\r\n").unwrap();
    // Asked for the body: now the request runs.
    let mut asked = [0; 25];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(&asked[..12], b"HTTP/1.1 100");
    let stopped = std::thread::spawn(move || serving.stop());
    while TcpStream::connect(&address).is_ok() {}
    stream.write_all(body.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 422") && answer.contains("connection: close"), "{answer}");
    stopped.join().unwrap().unwrap();
}

#[test]
fn no_dump_is_left_and_nobody_else_reads_the_folder() {
    let place = Place::new();
    let data = place.folder.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::set_permissions(&data, Permissions::from_mode(0o755)).unwrap();
    let (serving, _) = place.serve();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", serving.id())).unwrap();
    let dump = limits.lines().find(|it| it.starts_with("Max core file size")).unwrap();
    assert_eq!(dump.split_whitespace().nth(4), Some("0"), "{dump}");
    serving.stop().unwrap();
    let log = std::fs::read_to_string(place.folder.path().join("kept.log")).unwrap();
    assert!(log.contains("others could read it") && log.contains("755"), "{log}");
    let mut open = vec![data];
    while let Some(path) = open.pop() {
        let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        // The log is for everybody; what stands in it is hashes. Its folder is the owner's.
        if path.is_file() && path.to_string_lossy().contains(".db") {
            assert_eq!(mode, 0o600, "{}", path.display());
        }
        if path.is_dir() && !path.ends_with("log") {
            assert_eq!(mode, 0o700, "{}", path.display());
            open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        }
    }
    let (code, said, say) = place.run(&["doctor"]);
    assert!(code == 0 && said.contains("memory: no program of ours leaves a dump"), "{said}{say}");
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
