//! `kept cease`, as an operator types it.
#![cfg(test)]

use std::path::Path;
use std::process::Output;

use sim::outside::kept;

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
    said[from..].split_whitespace().next().unwrap().to_owned()
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
