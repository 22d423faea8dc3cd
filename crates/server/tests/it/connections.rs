//! What a connection may cost: in time, in number, and in answers that nobody reads. That a limit is
//! kept is seen by the connection being closed, never by a clock.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use server::{Limits, Settings};

use crate::support::World;

const SOON: Duration = Duration::from_millis(50);

fn within(limits: Limits) -> World {
    World::with(Settings { limits, ..Settings::default() })
}

fn connect(world: &World) -> TcpStream {
    TcpStream::connect(world.address()).unwrap()
}

/// A connection from another address of this machine.
fn connect_from(world: &World, last: u8) -> TcpStream {
    let from = SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let stream = runtime.block_on(async {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind(from).unwrap();
        socket.connect(world.address()).await.unwrap().into_std().unwrap()
    });
    stream.set_nonblocking(false).unwrap();
    stream
}

/// All that comes until the other side closes.
fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // Closed with something of ours unread, the system says so with an error.
    stream.read_to_end(&mut bytes).ok();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn health(stream: &mut TcpStream) -> String {
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: kept\r\nconnection: close\r\n\r\n").ok();
    rest(stream)
}

#[test]
fn headers_that_never_end_are_cut_off() {
    let world = within(Limits { header: SOON, ..Limits::default() });
    let mut slow = connect(&world);
    slow.write_all(b"GET /health HTTP/1.1\r\nhost: kept\r\nx-slow: ").unwrap();
    let end = rest(&mut slow);
    assert!(!end.contains("200 OK"), "{end}");
    // And so is a connection on which nothing comes, before its first request or after one.
    assert_eq!(rest(&mut connect(&world)), "");
    let mut idle = connect(&world);
    idle.write_all(b"GET /health HTTP/1.1\r\nhost: kept\r\n\r\n").unwrap();
    assert!(rest(&mut idle).contains("200 OK"));
}

#[test]
fn a_body_that_stands_still_is_cut_off() {
    let world = within(Limits { body_pause: SOON, ..Limits::default() });
    let mut slow = connect(&world);
    let head = "POST /v1/people HTTP/1.1\r\nhost: kept\r\ncontent-type: application/json\r\n";
    write!(slow, "{head}content-length: 100\r\n\r\n{{\"email\":").unwrap();
    let end = rest(&mut slow);
    assert!(end.starts_with("HTTP/1.1 408"), "{end}");
    assert!(end.contains("/problems/unfinished") && end.contains("connection: close"), "{end}");
    // A form is read by other code, and is cut off all the same.
    let mut slow = connect(&world);
    let head = "POST /register HTTP/1.1\r\nhost: kept\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    write!(slow, "{head}content-length: 100\r\n\r\nregion=").unwrap();
    assert!(rest(&mut slow).starts_with("HTTP/1.1 408"));
}

#[test]
fn who_reads_nothing_is_cut_off() {
    let world = within(Limits { reader_pause: SOON, ..Limits::default() });
    let mut deaf = connect(&world);
    let many = "GET /openapi.json HTTP/1.1\r\nhost: kept\r\n\r\n".repeat(1_000);
    // The answers fill what lies between us, then the server waits for us, then it hangs up.
    while deaf.write_all(many.as_bytes()).is_ok() {}
    assert!(health(&mut connect(&world)).contains("200 OK"));
}

#[test]
fn idle_connections_stop_nobody() {
    let world = World::new();
    let idle: Vec<TcpStream> = (0..200).map(|_| connect(&world)).collect();
    assert!(health(&mut connect(&world)).contains("200 OK"));
    drop(idle);
}

#[test]
fn one_address_has_its_share() {
    let world = within(Limits { connections_of_one: 3, ..Limits::default() });
    let mut held: Vec<TcpStream> = (0..3).map(|_| connect(&world)).collect();
    assert_eq!(health(&mut connect(&world)), "", "the fourth is closed");
    assert!(health(&mut connect_from(&world, 2)).contains("200 OK"));
    // One that ends makes room; the answer of another says that it has ended.
    assert!(health(&mut held.pop().unwrap()).contains("200 OK"));
    while health(&mut connect(&world)).is_empty() {}
}

#[test]
fn a_full_server_lets_the_next_one_wait() {
    let world = within(Limits { connections: 2, header: SOON, ..Limits::default() });
    let mut idle = [connect(&world), connect(&world)];
    // It is answered, because those that say nothing are cut off.
    assert!(health(&mut connect(&world)).contains("200 OK"));
    assert!(idle.iter_mut().all(|it| rest(it).is_empty()));
}

#[test]
fn a_server_about_to_stop_says_so_and_closes_what_it_answers() {
    let mut world = World::new();
    let ready = b"GET /ready HTTP/1.1\r\nhost: kept\r\n\r\n";
    let mut stays = connect(&world);
    stays.write_all(ready).unwrap();
    let mut first = [0; 12];
    stays.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");

    world.drain();
    stays.write_all(ready).unwrap();
    let end = rest(&mut stays);
    let second = end.split("HTTP/1.1 ").nth(1).unwrap();
    assert!(second.starts_with("503") && second.contains("/problems/stopping"), "{end}");
    assert!(second.contains("connection: close"), "{end}");
    world.stop();
    assert!(TcpStream::connect(world.address()).is_err());
}
