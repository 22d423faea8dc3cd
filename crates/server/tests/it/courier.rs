//! A server of mail that takes the connection and then says nothing: nobody else waits for it.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use flows::messages::Post;
use serde_json::json;

use crate::support::{Actor, World, a_use, form};

/// How long anything may take that comes by itself.
const BOUND: Duration = Duration::from_mins(1);
/// Asks after which something has come, or never comes.
const ASKS_MAX: usize = 20_000;

/// The server of mail: whoever connects is handed over, and gets no answer.
fn mute() -> (SocketAddr, Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (taken, connections) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            if stream.is_err() || taken.send(stream.unwrap()).is_err() {
                return;
            }
        }
    });
    (address, connections)
}

/// Whether the other side still waits for what we never say.
fn waits(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    stream.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

fn is_gone(app: &mut Actor, person: &str) -> bool {
    app.post("/v1/use", &a_use(person, "service")).status == 410
}

#[test]
fn a_server_of_mail_that_never_answers_holds_up_no_erasure_and_no_retention() {
    let world = World::new();
    let (leaving, leaver) = world.person("ada@example.org");
    let (address, connections) = mute();
    let world = world.reopened(Post::Smtp(format!("smtp://{address}")));
    // A code is to be mailed, and the courier goes.
    let answer = world.anon().post("/v1/people", &form("eve@example.org")).expect(201);
    let unproved = answer["id"].as_str().unwrap().to_owned();
    let held = connections.recv_timeout(BOUND).unwrap();
    let cookies = leaving.cookies;
    let mut leaving = world.anon();
    leaving.cookies = cookies;
    leaving.delete("/v1/me").expect(202);
    let mut app = world.app(&["service"]);
    app.post("/v1/use", &a_use(&leaver, "service")).expect(403);
    // What is due eight days later: the erasure, and what becomes of an address nobody proved.
    world.clock.advance(8 * 24 * 60 * 60 * 1_000);
    for person in [&leaver, &unproved] {
        assert!((0..ASKS_MAX).any(|_| is_gone(&mut app, person)), "{person} is still there");
    }
    assert!(waits(&held), "the courier gave up, so this proves nothing");
    app.post("/v1/decide", &json!({})).expect(422);
}
