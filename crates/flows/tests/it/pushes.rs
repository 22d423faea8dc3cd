//! A push service of the tests' own: it takes what comes, and opens it as the browser would, with an
//! implementation that shares nothing with ours.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flows::Plain;
use flows::messages::push::Subscription;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use web_push_native::p256::ecdsa::signature::Verifier as _;
use web_push_native::p256::ecdsa::{Signature, VerifyingKey};
use web_push_native::{Auth, decrypt, p256};

/// What came: the head of the request, and its body.
pub(crate) type Came = (String, Vec<u8>);

/// A browser with its push service.
pub(crate) struct Service {
    address: String,
    secret: p256::SecretKey,
    auth: [u8; 16],
    came: Arc<Mutex<Vec<Came>>>,
    status: Arc<Mutex<u16>>,
}

impl Service {
    pub(crate) async fn start(seed: u8) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/send/{seed}", listener.local_addr().unwrap());
        let came: Arc<Mutex<Vec<Came>>> = Arc::default();
        let status = Arc::new(Mutex::new(201));
        let (kept, says) = (Arc::clone(&came), Arc::clone(&status));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut bytes = Vec::new();
                let mut piece = [0; 4096];
                loop {
                    let n = stream.read(&mut piece).await.unwrap();
                    bytes.extend_from_slice(&piece[..n]);
                    if n == 0 || whole(&bytes).is_some() {
                        break;
                    }
                }
                let answer =
                    format!("HTTP/1.1 {} -\r\ncontent-length: 0\r\n\r\n", says.lock().unwrap());
                kept.lock().unwrap().extend(whole(&bytes));
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
        let secret = p256::SecretKey::from_slice(&[seed; 32]).unwrap();
        Self { address, secret, auth: [seed; 16], came, status }
    }

    /// What it answers from now on.
    pub(crate) fn answers(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    /// What the browser hands over.
    pub(crate) fn subscription(&self) -> Subscription {
        let point = self.secret.public_key().to_sec1_bytes();
        let point = p256::PublicKey::from_sec1_bytes(&point).unwrap();
        let point = p256::EncodedPoint::from(point).to_bytes();
        let text = |bytes: &[u8]| Plain::from(URL_SAFE_NO_PAD.encode(bytes).as_str());
        Subscription {
            endpoint: Plain::from(self.address.as_str()),
            p256dh: text(&point),
            auth: text(&self.auth),
        }
    }

    /// What the browser would show of all that came, oldest first. Each says who sent it.
    pub(crate) fn shown(&self, key: &str) -> Vec<serde_json::Value> {
        let came = self.came.lock().unwrap();
        came.iter()
            .map(|(head, body)| {
                assert!(head.contains("\r\ncontent-encoding: aes128gcm\r\n"), "{head}");
                assert!(head.contains("\r\nttl: "), "{head}");
                self.sender(head, key);
                let auth = Auth::clone_from_slice(&self.auth);
                let plain = decrypt(body.clone(), &self.secret, &auth).unwrap();
                serde_json::from_slice(&plain).unwrap()
            })
            .collect()
    }

    /// How often something came, and under how many topics.
    pub(crate) fn topics(&self) -> (usize, usize) {
        let came = self.came.lock().unwrap();
        let topic = |head: &str| {
            head.split("topic: ").nth(1).unwrap().split("\r\n").next().unwrap().to_owned()
        };
        let all: Vec<String> = came.iter().map(|it| topic(&it.0)).collect();
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        (all.len(), distinct.len())
    }

    /// The token is by the key that the browser was given, for this service.
    fn sender(&self, head: &str, key: &str) {
        let said = head.split("authorization: vapid t=").nth(1).unwrap();
        let said = said.split("\r\n").next().unwrap();
        let (token, by) = said.split_once(", k=").unwrap();
        assert_eq!(by, key);
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let point = URL_SAFE_NO_PAD.decode(by).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&point).unwrap();
        verifying.verify(signed.as_bytes(), &Signature::from_slice(&signature).unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(signed.split('.').nth(1).unwrap()).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert!(self.address.starts_with(claims["aud"].as_str().unwrap()), "{claims}");
        assert!(claims["sub"].as_str().unwrap().starts_with("mailto:"));
    }
}

/// Head and body, once all of it is there.
fn whole(bytes: &[u8]) -> Option<Came> {
    let end = bytes.windows(4).position(|it| it == b"\r\n\r\n")?;
    let head = String::from_utf8(bytes[..end + 2].to_vec()).unwrap();
    let length: usize =
        head.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
    let body = bytes.get(end + 4..end + 4 + length)?;
    Some((head, body.to_vec()))
}
