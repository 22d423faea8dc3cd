//! `kept cease` as an operator types it, and an end as a person sees it in a browser.
#![cfg(test)]

use std::path::Path;
use std::process::{Command, Output};

use sim::outside::kept::{self, Kept};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");

/// Runs a command on an installation: its code, and what it says on both ways.
fn run(folder: &Path, command: &[&str]) -> (i32, String) {
    let (data, keys) = (kept::text(&folder.join("data")), kept::text(&folder.join("root.key")));
    let place = ["--data", data.as_str(), "--keys", keys.as_str()];
    let all: Vec<&str> = command.iter().chain(&place).copied().collect();
    let Output { status, stdout, stderr } = kept::run(Path::new(PROGRAM), &all).unwrap();
    let text = |it: Vec<u8>| String::from_utf8(it).unwrap();
    (status.code().unwrap(), text(stdout) + &text(stderr))
}

fn staff(folder: &Path, role: &str) -> String {
    let (code, said) = run(folder, &["key", "staff", "add", "--name", "Lin", "--role", role]);
    assert_eq!(code, 0, "{said}");
    let from = said.find("stf_").unwrap();
    said.get(from..).unwrap().split_whitespace().next().unwrap().to_owned()
}

#[test]
fn an_end_is_planned_announced_and_called_off() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    std::fs::create_dir(here.join("data")).unwrap();
    let (engineer, officer) = (staff(here, "engineer"), staff(here, "officer"));
    let (code, said) = run(here, &["cease", "begin"]);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("`plan`, `announce`"), "{said}");
    let (code, said) =
        run(here, &["cease", "announce", "--by", &engineer, "--approved-by", &officer]);
    assert_eq!((code, said.contains("nothing is planned")), (1, true), "{said}");
    let (code, said) = run(here, &["cease", "updates", "plan", "--by", &engineer]);
    assert_eq!((code, said.contains("[product.ID]")), (2, true), "{said}");
    let (code, said) = run(here, &["cease", "plan", "--by", &engineer]);
    assert_eq!(code, 0, "{said}");
    assert!(
        said.contains("the whole service, planned") && said.contains("nobody was told"),
        "{said}"
    );
    let (code, said) = run(here, &["cease", "run"]);
    assert_eq!((code, said.contains("`planned`")), (1, true), "{said}");
    let twice = ["cease", "announce", "--by", &engineer, "--approved-by", &engineer];
    let (code, said) = run(here, &twice);
    assert_eq!((code, said.contains("another member of staff")), (1, true), "{said}");
    let (code, said) =
        run(here, &["cease", "announce", "--by", &engineer, "--approved-by", &officer]);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("announced") && said.contains("the last moment to export"), "{said}");
    let (code, said) = run(here, &["cease", "run"]);
    assert_eq!((code, said.contains("nothing is deleted before")), (1, true), "{said}");
    let (code, said) = run(here, &["cease", "report"]);
    assert_eq!((code, said.contains("there is a report when")), (1, true), "{said}");
    let (code, said) = run(here, &["cease", "cancel", "--by", &officer]);
    assert_eq!((code, said.contains("called off")), (0, true), "{said}");
}

/// Every page says so, messages to the browser, time to export, and nothing left.
#[test]
fn an_end_as_a_person_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let (log, dir) = (folder.path().join("kept.log"), folder.path().join("demo"));
    let any = ["--listen", "127.0.0.1:0", "--site", "127.0.0.1:0"];
    let arguments = ["demo", "--test-clock", "--people", "3", "--dir", &kept::text(&dir)];
    let demo =
        Kept::start(Path::new(PROGRAM), &[&arguments[..], &any].concat(), "Ctrl-C", &log).unwrap();
    let root = kept::checkout(env!("CARGO_MANIFEST_DIR"));
    let node = Command::new("node")
        .arg(root.join("e2e/ending.mjs"))
        .env("KEPT_BASE", demo.value("privacy policy").unwrap().trim_end_matches("/privacy"))
        .env("KEPT_SITE", demo.value("sample site").unwrap().trim_end_matches('/'))
        .env("KEPT_AUTHENTICATOR", demo.value("authenticator").unwrap())
        .env("KEPT_SHOTS", root.join("target/shots"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&node.stdout);
    assert!(node.status.success(), "{said}\n{}", String::from_utf8_lossy(&node.stderr));
    demo.stop().unwrap();
    let said = std::fs::read_to_string(&log).unwrap();
    assert!(!said.contains("eva.leaves@"), "the log names nobody");
}
