use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::*;

#[test]
fn what_is_not_public_is_not_written_to() {
    let outbound = Outbound::new().unwrap();
    for address in [
        "http://push.example.com/1",
        "https://localhost/1",
        "https://intranet/1",
        "https://db.internal/1",
        "https://127.0.0.1/1",
        "https://2130706433/1",
        "https://0x7f.1/1",
        "https://10.1.2.3/1",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/1",
        "https://[::1]/1",
        "https://[::ffff:127.0.0.1]/1",
        "https://[fd00::1]/1",
        "https://[2002:7f00:1::]/1",
        "https://name:secret@push.example.com/1",
        "ftp://push.example.com/1",
        "push.example.com",
        "",
    ] {
        assert!(matches!(outbound.check(address), Err(Fault::Barred(_))), "{address}");
    }
    for address in ["https://push.example.com/1", "https://8.8.8.8/1", "https://[2606:4700::1]/1"] {
        assert_eq!(outbound.check(address), Ok(()), "{address}");
    }
}

/// Answers one request on a socket of its own with these bytes; hands over what was asked.
async fn answering(with: Vec<u8>) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/sub?a=b", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = Vec::new();
        let mut piece = [0; 1024];
        while !asked.ends_with(b"hello") {
            let n = stream.read(&mut piece).await.unwrap();
            asked.extend_from_slice(&piece[..n]);
        }
        stream.write_all(&with).await.ok();
        String::from_utf8(asked).unwrap()
    });
    (address, served)
}

#[tokio::test]
async fn one_request_goes_out_and_its_answer_comes_back() {
    let outbound = Outbound::new().unwrap();
    let (address, served) = answering(
        b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere/\r\nretry-after: 7\r\n\
          content-length: 2\r\n\r\nno"
            .to_vec(),
    )
    .await;
    let refused = outbound.post(&address, &[], b"hello".to_vec(), Bounds::default()).await;
    assert!(matches!(refused, Err(Fault::Barred(_))));
    outbound.allow_private();
    let reply = outbound
        .post(&address, &[("ttl", "60")], b"hello".to_vec(), Bounds::default())
        .await
        .unwrap();
    assert_eq!(reply, Reply { status: 302, body: b"no".to_vec(), retry_after: Some(7) });
    let asked = served.await.unwrap();
    assert!(asked.starts_with("POST /sub?a=b HTTP/1.1\r\n"), "{asked}");
    assert!(asked.contains("\r\nttl: 60\r\n") && asked.ends_with("\r\n\r\nhello"), "{asked}");
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    let outbound = Outbound::new().unwrap();
    outbound.allow_private();
    let mut long = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n".to_vec();
    long.resize(100_100, b'x');
    let (address, _served) = answering(long).await;
    let bounds = Bounds { bytes: 1_000, ..Bounds::default() };
    let cut = outbound.post(&address, &[], b"hello".to_vec(), bounds).await;
    assert_eq!(cut, Err(Fault::Away("the answer is larger than it may be")));
}
