//! An outsider's program, in another language and with libraries by others, reads the log as it is
//! published and comes to the same verdict: `e2e/verify/verify.py`.
#![cfg(test)]

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use journal::log::{Folder, Hash, Sequencer, Signer, entry, prove};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The interpreter with the pinned libraries, made if it is not there. `cargo xtask` makes the same.
fn python() -> PathBuf {
    let venv = root().join("target/venv");
    let python = venv.join("bin/python");
    fs::create_dir_all(root().join("target")).unwrap();
    // Several tests, perhaps in several processes: one makes it, the others wait.
    let lock = fs::File::create(root().join("target/venv.lock")).unwrap();
    lock.lock().unwrap();
    let ready = Command::new(&python).args(["-c", "import tlog_scales, cryptography"]).output();
    if !ready.is_ok_and(|out| out.status.success()) {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&venv).output().unwrap();
        assert!(made.status.success(), "python3 -m venv: {}", said(&made));
        let requirements = root().join("e2e/verify/requirements.txt");
        let mut pip = Command::new(&python);
        pip.args(["-m", "pip", "install", "-q", "-r"]).arg(requirements);
        let installed = pip.output().unwrap();
        assert!(installed.status.success(), "pip install: {}", said(&installed));
    }
    lock.unlock().unwrap();
    python
}

fn said(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}

fn verify(log: &str, more: &[&str]) -> (i32, String) {
    let script = root().join("e2e/verify/verify.py");
    let mut command = Command::new(python());
    command.arg(script).args([log, "--vkey", &signer().vkey().to_string()]).args(more);
    let output = command.output().unwrap();
    (output.status.code().unwrap(), said(&output))
}

fn signer() -> Signer {
    Signer::from_seed("kept.example/log", &[42; 32]).unwrap()
}

fn record(index: u64) -> (Vec<u8>, [u8; 32]) {
    (format!("{{\"index\":{index}}}").into_bytes(), [u8::try_from(index % 251).unwrap(); 32])
}

fn entries(from: u64, to: u64) -> Vec<Hash> {
    let one = |index| {
        let (record, blind) = record(index);
        entry(&record, &blind)
    };
    (from..to).map(one).collect()
}

struct World {
    _dir: tempfile::TempDir,
    data: String,
    outside: PathBuf,
    dir: PathBuf,
}

fn write(data: &Path, outside: &Path, entries: &[Hash], batch: usize) {
    let places = vec![Folder::create(outside).unwrap()];
    let mut log = Sequencer::open(Folder::create(data).unwrap(), places, signer()).unwrap();
    for part in entries.chunks(batch) {
        log.append(log.size(), part).unwrap();
    }
    log.settle().unwrap();
}

fn world(size: u64) -> World {
    let temp = tempfile::tempdir().unwrap();
    let dir = temp.path().to_path_buf();
    let (data, outside) = (dir.join("log"), dir.join("outside"));
    write(&data, &outside, &entries(0, size), 100);
    World { data: data.display().to_string(), outside, dir, _dir: temp }
}

/// Serves a folder over HTTP on a free port of this machine, until the process ends.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                request.extend(byte);
            }
            let line = String::from_utf8_lossy(&request).into_owned();
            let path = line.split(' ').nth(1).unwrap().trim_start_matches('/');
            let (status, body) = match fs::read(folder.join(path)) {
                Ok(body) => ("200 OK", body),
                Err(_) => ("404 Not Found", Vec::new()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body)).unwrap();
        }
    });
    format!("http://{address}")
}

#[test]
fn an_outsider_verifies_the_log() {
    let world = world(700);
    let (bytes, blind) = record(300);
    let file = world.dir.join("record.json");
    fs::File::create(&file).and_then(|mut f| f.write_all(&bytes)).unwrap();
    let proof = world.dir.join("proof.json");
    let json = serde_json::to_vec(&prove(&Folder::open(&world.data), 300).unwrap()).unwrap();
    fs::File::create(&proof).and_then(|mut f| f.write_all(&json)).unwrap();
    let blind: String = blind.iter().fold(String::new(), |mut text, byte| {
        text.extend(
            [byte >> 4, byte & 15].map(|digit| char::from_digit(digit.into(), 16).unwrap()),
        );
        text
    });
    let older = world.outside.join("000000000500").display().to_string();
    let (file, proof) = (file.display().to_string(), proof.display().to_string());
    let more = [
        "--older", &older, "--record", &file, "--blind", &blind, "--index", "300", "--proof",
        &proof,
    ];
    for log in [world.data.clone(), serve(PathBuf::from(&world.data))] {
        let (code, said) = verify(&log, &more);
        assert_eq!(code, 0, "{said}");
        assert!(said.ends_with("verified\n"), "{said}");
    }
    let (code, said) = verify(&world.data, &[&more[..7], &["299"]].concat());
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("is not entry 299"), "{said}");
    assert_eq!(verify("/nowhere/at/all", &[]).0, 2);
}

#[test]
fn an_outsider_catches_a_rewritten_tail() {
    let world = world(500);
    let older = world.outside.join("000000000500").display().to_string();
    fs::remove_dir_all(&world.data).unwrap();
    let mut forged = entries(0, 600);
    forged[420] = Hash::of(b"another history");
    write(Path::new(&world.data), &world.dir.join("elsewhere"), &forged, 100);
    let (code, said) = verify(&world.data, &[]);
    assert_eq!(code, 0, "a forger with the key signs validly: {said}");
    let (code, said) = verify(&world.data, &["--older", &older]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("history was rewritten"), "{said}");
    let before = world.outside.join("000000000400").display().to_string();
    assert_eq!(verify(&world.data, &["--older", &before]).0, 0);
}

#[test]
fn an_outsider_catches_a_cut_tail_and_changed_bytes() {
    let world = world(500);
    let older = world.outside.join("000000000500").display().to_string();
    for path in ["checkpoint", "tile/0/000", "tile/entries/000", "tile/1/000.p/1"] {
        let file = Path::new(&world.data).join(path);
        let whole = fs::read(&file).unwrap();
        let mut bytes = whole.clone();
        bytes[20] ^= 1;
        fs::File::create(&file).and_then(|mut f| f.write_all(&bytes)).unwrap();
        let (code, said) = verify(&world.data, &[]);
        assert_eq!(code, 1, "{path}: {said}");
        fs::File::create(&file).and_then(|mut f| f.write_all(&whole)).unwrap();
    }
    fs::remove_dir_all(&world.data).unwrap();
    write(Path::new(&world.data), &world.dir.join("elsewhere"), &entries(0, 400), 100);
    let (code, said) = verify(&world.data, &["--older", &older]);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("the newest 100 entries are missing"), "{said}");
}
