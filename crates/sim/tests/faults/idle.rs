//! Ten thousand connections on which nothing comes.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;

use serde_json::json;
use sim::outside::cluster::output;
use sim::outside::http::Client;

use super::load::register;
use super::world::{World, asked, folder};

const CONNECTIONS: usize = 10_000;
/// Connections made at a time: more than a system's own queue holds would be tried again a second later.
const AT_ONCE: usize = 100;
/// Files that this process and the server have to be allowed, each.
const FILES: &str = "--nofile=16384:16384";
/// What the server may hold for a connection on which nothing comes, before its first request and
/// after one: what it read and wrote stays allocated.
const IDLE_BYTES_MAX: u64 = 32 * 1024;

/// Whether the other side still holds it.
fn is_open(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let open = matches!(stream.peek(&mut [0]), Err(error) if error.kind() == ErrorKind::WouldBlock);
    stream.set_nonblocking(false).unwrap();
    open
}

/// Asks and reads the answer, without a word about closing.
fn ask(stream: &mut TcpStream) {
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: kept\r\n\r\n").unwrap();
    let mut answer = [0; 4096];
    let read = stream.read(&mut answer).unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
}

#[test]
fn ten_thousand_idle_connections_are_held_while_others_are_answered() {
    let own = std::process::id().to_string();
    if let Err(why) = output(&mut Command::new("prlimit"), &["--pid", &own, FILES]) {
        println!("SKIPPED: this process may not have that many files: {why}");
        return;
    }
    let folder = folder();
    // One address stands for all of them, as a proxy of ours does.
    let proxy = ["--proxy", "127.0.0.1"];
    let (world, node) = World::alone(folder.path(), &folder.path().join("data"), &proxy);
    let person = register(node.address(), "ada@example.org");
    let mut app = Client::new(node.address(), Some(&world.key));
    let mut used = || {
        let body = json!({ "person": person, "purpose": "service", "categories": ["name"] });
        let answer = app.call("POST", "/v1/use", Some(&body)).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json());
    };
    used();
    let before = node.memory().unwrap();
    let mut idle = Vec::with_capacity(CONNECTIONS);
    while idle.len() < CONNECTIONS {
        for _ in 0..AT_ONCE {
            idle.push(TcpStream::connect(node.address()).unwrap());
        }
        // They are taken in their order: answered on the last, all are.
        ask(idle.last_mut().unwrap());
        used();
    }
    used();
    let fresh = node.memory().unwrap();
    for (number, stream) in idle.iter_mut().enumerate() {
        ask(stream);
        if number % 500 == 0 {
            used();
        }
    }
    register(node.address(), "bob@example.org");
    assert_eq!(asked(&node, "/ready").unwrap().status, 200);
    let held = idle.iter().filter(|it| is_open(it)).count();
    assert_eq!(held, CONNECTIONS, "all of them are held");
    let after = node.memory().unwrap();
    let each = |it: u64| it.saturating_sub(before) / 10_000;
    println!("memory before: {} KiB", before >> 10);
    println!("a connection before its first request: {} bytes", each(fresh));
    println!("a connection after a request: {} bytes", each(after));
    assert!(each(after) <= IDLE_BYTES_MAX, "an idle connection holds {} bytes", each(after));
    drop(idle);
    // Their places are free again: whoever comes is let in.
    used();
    node.stop().unwrap();
}
