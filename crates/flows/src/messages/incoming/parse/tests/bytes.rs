//! Every mail is taken: bytes by chance, and mails with bytes changed, doubled and cut off. Nothing
//! panics, and what is kept stays within its bounds.

use std::fmt::Write as _;

use super::*;

/// Mails as they come, to begin with.
const SEEDS: [&str; 5] = [
    "From: Wei <wei@example.com>\r\nSubject: =?utf-8?B?5L2g5aW9?= [msg_eu_0192a0b0c0d0e0f00102030405060708]\r\n\
     Message-ID: <1@example.com>\r\nContent-Type: text/plain; charset=gb18030\r\n\r\nhi",
    "From: \"a, b\" <a@example.com>, c@example.com\r\nIn-Reply-To: \
     <00000000000000000000000000000001.00000000000000000000000000000001.\
     msg_eu_0192a0b0c0d0e0f00102030405060708@log.example.com>\r\nReferences: <a@b> <c@d>\r\n\r\nThanks.\r\n",
    "Authentication-Results: mx.example.com; spf=fail (a; \"b\\\"c\") smtp.mailfrom=a@b;\r\n\tdmarc=fail\r\n\
     From: a@example.com\r\nContent-Type: multipart/mixed; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: \
     text/html; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\nPGI+aGk8L2I+\r\n--x\r\n\
     Content-Disposition: attachment; filename*=utf-8''%e4%bd%a0\r\n\r\nfile\r\n--x--\r\n",
    "From: mailer-daemon@example.com\r\nReturn-Path: <>\r\nContent-Type: multipart/report; boundary=x\r\n\r\n\
     --x\r\n\r\nNo such box.\r\n--x\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: \
     <00000000000000000000000000000001.00000000000000000000000000000001.\
     msg_eu_0192a0b0c0d0e0f00102030405060708@log>\r\n\r\nHi\r\n--x--\r\n",
    "From: =?gb2312?Q?=C4=E3?= <a@example.com>\r\nAuto-Submitted: auto-replied; x\r\nContent-Language: \
     zh\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=C4=E3=\r\n=\r\n",
];

/// The same numbers each time (xorshift).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(most.max(1)).unwrap()).unwrap()
    }

    fn byte(&mut self) -> u8 {
        // Often one that means something.
        let known = b"\r\n\r\n:;=<>()\"\\,-x?*%@.\0\xff \t";
        match self.next() % 3 {
            0 => u8::try_from(self.next() % 256).unwrap(),
            _ => known[self.below(known.len())],
        }
    }

    fn changed(&mut self, seed: &[u8]) -> Vec<u8> {
        let mut bytes = seed.to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(bytes.len());
            match self.next() % 5 {
                0 => bytes.truncate(at.max(1)),
                1 => bytes.insert(at, self.byte()),
                2 => {
                    let end = at + self.below(bytes.len() - at);
                    let piece = bytes[at..end].repeat(1 + self.below(4));
                    bytes.splice(at..at, piece);
                }
                3 => drop(bytes.remove(at).to_string()),
                _ => bytes[at] = self.byte(),
            }
            if bytes.is_empty() {
                bytes.push(self.byte());
            }
        }
        bytes
    }
}

fn taken(bytes: &[u8]) {
    let Some(mail) = Letter::read(bytes) else { return };
    assert!(mail.whole().len() <= MESSAGE_BYTES_MAX);
    assert!(mail.named.len() <= NAMED_MAX && mail.answers.len() <= NAMED_MAX);
    assert!(mail.id.as_ref().is_none_or(|it| !it.contains(['\r', '\n', ' ']) && it.len() < 255));
    assert!(mail.results.len() <= RESULTS_MAX);
    mail.is_forged("mx.example.com");
}

#[test]
fn no_bytes_make_it_panic() {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..2_000 {
        let length = chance.below(400);
        let bytes: Vec<u8> = (0..length).map(|_| chance.byte()).collect();
        taken(&bytes);
        taken(&[b"From: a@example.com\r\n".as_slice(), &bytes].concat());
    }
}

#[test]
fn near_misses_do_not_make_it_panic() {
    let mut chance = Chance(7);
    for seed in SEEDS {
        taken(seed.as_bytes());
        for _ in 0..1_500 {
            let bytes = chance.changed(seed.as_bytes());
            taken(&bytes);
        }
    }
}

/// Parts within parts, without an end.
#[test]
fn depth_and_length_are_borne() {
    let mut nested = String::from("From: a@example.com\r\n");
    for n in 0..3_000 {
        write!(nested, "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n").unwrap();
    }
    taken(nested.as_bytes());
    let mail = "Content-Type: message/rfc822\r\n\r\n".repeat(3_000);
    taken(format!("From: a@example.com\r\n{mail}").as_bytes());
    let long = "x".repeat(2 << 20);
    taken(format!("From: a@example.com\r\nReferences: {long}\r\n\r\n{long}").as_bytes());
    let many = "<a@b> ".repeat(100_000);
    taken(format!("From: a@example.com\r\nReferences: {many}\r\n\r\n").as_bytes());
    let deep = "(".repeat(1 << 20);
    let results = format!("Authentication-Results: mx.example.com {deep}; dmarc=fail");
    taken(format!("{results}\r\nFrom: a@example.com\r\n\r\nx").as_bytes());
}
