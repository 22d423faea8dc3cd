//! The smallest HTTP client that the tests need: one connection, kept open, no library of ours.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// How long an answer may take before the process counts as gone.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to one address.
#[derive(Debug)]
pub struct Client {
    address: String,
    key: Option<String>,
    stream: Option<BufReader<TcpStream>>,
    cookies: Vec<(String, String)>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// After how many seconds to come again, where it says so.
    pub retry_after: Option<u64>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

impl Client {
    /// A client of `host:port`, with the key of an application where there is one.
    pub fn new(address: &str, key: Option<&str>) -> Self {
        let key = key.map(str::to_owned);
        Self { address: address.to_owned(), key, stream: None, cookies: Vec::new() }
    }

    /// Asks, and reads the answer.
    ///
    /// # Errors
    /// When the process is not there, or goes while it answers: then nobody knows what was done.
    pub fn call(&mut self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        let asked = self.exchange(method, path, body);
        if asked.is_err() {
            self.stream = None;
        }
        asked
    }

    fn exchange(&mut self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        if self.stream.is_none() {
            let stream = TcpStream::connect(&self.address)?;
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            self.stream = Some(BufReader::new(stream));
        }
        let head = self.head(method, path, body);
        let Some(stream) = &mut self.stream else { return Err(io::ErrorKind::NotConnected.into()) };
        stream.get_mut().write_all(&head)?;
        let (answer, cookies, closes) = read_answer(stream)?;
        if closes {
            self.stream = None;
        }
        for (name, value) in cookies {
            self.cookies.retain(|(it, _)| *it != name);
            self.cookies.push((name, value));
        }
        Ok(answer)
    }

    fn head(&self, method: &str, path: &str, body: Option<&Value>) -> Vec<u8> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut lines =
            vec![format!("{method} {path} HTTP/1.1"), format!("Host: {}", self.address)];
        lines.extend(self.key.iter().map(|it| format!("Authorization: Bearer {it}")));
        if !self.cookies.is_empty() {
            let all: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            lines.push(format!("Cookie: {}", all.join("; ")));
        }
        if !body.is_empty() {
            lines.push("Content-Type: application/json".to_owned());
        }
        lines.push(format!("Content-Length: {}", body.len()));
        let head = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
        head.into_bytes()
    }
}

type Cookies = Vec<(String, String)>;

fn read_answer(stream: &mut BufReader<TcpStream>) -> io::Result<(Answer, Cookies, bool)> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|it| it.parse().ok());
    let status: u16 = status.ok_or(io::ErrorKind::UnexpectedEof)?;
    let (mut length, mut chunked, mut closes) = (0_usize, false, false);
    let mut cookies = Vec::new();
    let mut retry_after = None;
    loop {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.parse().map_err(io::Error::other)?,
            "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
            "connection" => closes = value.eq_ignore_ascii_case("close"),
            "retry-after" => retry_after = value.parse().ok(),
            "set-cookie" => {
                let pair = value.split(';').next().and_then(|it| it.split_once('='));
                cookies.extend(pair.map(|(n, v)| (n.to_owned(), v.to_owned())));
            }
            _ => {}
        }
    }
    let mut body = vec![0; length];
    if chunked {
        body = read_chunks(stream)?;
    } else {
        stream.read_exact(&mut body)?;
    }
    Ok((Answer { status, retry_after, body }, cookies, closes))
}

fn read_chunks(stream: &mut BufReader<TcpStream>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let length = usize::from_str_radix(line.trim(), 16).map_err(io::Error::other)?;
        let mut chunk = vec![0; length];
        stream.read_exact(&mut chunk)?;
        body.extend(chunk);
        line.clear();
        stream.read_line(&mut line)?;
        if length == 0 {
            return Ok(body);
        }
    }
}
