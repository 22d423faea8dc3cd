//! The client: so many connections, each asks, waits for the answer and asks again. It is written
//! for little work of its own, because it shares the cores with what it measures.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::measure::{count, now};

/// What one connection asks.
pub(crate) trait Traffic: Send + 'static {
    /// Appends the next request, whole, to an empty buffer.
    fn ask(&mut self, into: &mut Vec<u8>);

    /// Looks at the answer to it.
    ///
    /// # Errors
    /// When it is not what must be answered: the round ends.
    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String>;
}

/// What a round of one side found.
#[derive(Debug, Clone)]
pub(crate) struct Load {
    /// Seconds that it lasted.
    pub(crate) seconds: f64,
    /// Microseconds of each answer, the quickest first.
    times: Vec<u32>,
}

impl Load {
    /// Answers in all.
    pub(crate) fn answers(&self) -> f64 {
        count(self.times.len())
    }

    /// Answers a second.
    pub(crate) fn rate(&self) -> f64 {
        self.answers() / self.seconds
    }

    /// Milliseconds within which so many of a thousand were answered.
    pub(crate) fn within(&self, of_thousand: usize) -> f64 {
        let at = self.times.len().saturating_mul(of_thousand) / 1000;
        let at = at.min(self.times.len().saturating_sub(1));
        self.times.get(at).map_or(f64::NAN, |it| f64::from(*it) / 1e3)
    }
}

/// A request as bytes.
pub(crate) fn request(
    (method, path): (&str, &str),
    headers: &[(&str, &str)],
    body: &str,
    into: &mut Vec<u8>,
) {
    let parts = [method, " ", path, " HTTP/1.1\r\nhost: kept\r\n"];
    for part in parts {
        into.extend_from_slice(part.as_bytes());
    }
    for (name, value) in headers {
        for part in [name, ": ", value, "\r\n"] {
            into.extend_from_slice(part.as_bytes());
        }
    }
    if !body.is_empty() {
        let head = format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        into.extend_from_slice(head.as_bytes());
    }
    into.extend_from_slice(b"\r\n");
    into.extend_from_slice(body.as_bytes());
}

/// Runs each traffic on a connection of its own for so long, and hands the traffics back.
///
/// # Errors
/// When the server goes away or an answer is wrong.
pub(crate) fn run<T: Traffic>(
    address: SocketAddr,
    traffics: Vec<T>,
    lasting: Duration,
) -> Result<(Load, Vec<T>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|it| it.to_string())?.block_on(rounds(address, traffics, lasting))
}

async fn rounds<T: Traffic>(
    address: SocketAddr,
    traffics: Vec<T>,
    lasting: Duration,
) -> Result<(Load, Vec<T>), String> {
    let mut open = Vec::with_capacity(traffics.len());
    for traffic in traffics {
        let stream = TcpStream::connect(address).await.map_err(|it| format!("{address}: {it}"))?;
        stream.set_nodelay(true).map_err(|it| it.to_string())?;
        open.push((Connection { stream, buffer: Vec::with_capacity(16 * 1024) }, traffic));
    }
    let start = now();
    let until = start + lasting;
    let mut running = tokio::task::JoinSet::new();
    for (mut connection, mut traffic) in open {
        running.spawn(async move {
            let (mut times, mut out) = (Vec::with_capacity(4096), Vec::with_capacity(4096));
            loop {
                let asked = now();
                if asked >= until {
                    return Ok::<(Vec<u32>, T), String>((times, traffic));
                }
                out.clear();
                traffic.ask(&mut out);
                let (status, body) =
                    connection.exchange(&out).await.map_err(|it| it.to_string())?;
                let took = asked.elapsed().as_micros();
                traffic.answered(status, connection.body(body))?;
                connection.buffer.clear();
                times.push(u32::try_from(took).unwrap_or(u32::MAX));
            }
        });
    }
    let (mut all, mut back) = (Vec::new(), Vec::new());
    while let Some(done) = running.join_next().await {
        let (times, traffic) = done.map_err(|it| it.to_string())??;
        all.extend(times);
        back.push(traffic);
    }
    let seconds = start.elapsed().as_secs_f64();
    all.sort_unstable();
    Ok((Load { seconds, times: all }, back))
}

/// A connection and what came over it.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Where the body begins and ends in the buffer.
type Body = (usize, usize);

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// Asks once and answers status and body.
    pub(crate) async fn call(&mut self, request: &[u8]) -> io::Result<(u16, Vec<u8>)> {
        let (status, body) = self.exchange(request).await?;
        let body = self.body(body).to_vec();
        self.buffer.clear();
        Ok((status, body))
    }

    fn body(&self, (from, to): Body) -> &[u8] {
        self.buffer.get(from..to).unwrap_or_default()
    }

    async fn exchange(&mut self, request: &[u8]) -> io::Result<(u16, Body)> {
        self.stream.write_all(request).await?;
        let mut searched = 0_usize;
        let head = loop {
            if let Some(at) = end_of_head(&self.buffer, searched) {
                break at;
            }
            searched = self.buffer.len().saturating_sub(3);
            self.read().await?;
        };
        let (status, length) = read_head(self.buffer.get(..head).unwrap_or_default())?;
        let end = head.saturating_add(length);
        while self.buffer.len() < end {
            self.read().await?;
        }
        Ok((status, (head, end)))
    }

    async fn read(&mut self) -> io::Result<()> {
        self.buffer.reserve(8 * 1024);
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Where the body begins.
fn end_of_head(buffer: &[u8], from: usize) -> Option<usize> {
    let rest = buffer.get(from..)?;
    let at = rest.windows(4).position(|it| it == b"\r\n\r\n")?;
    Some(from.saturating_add(at).saturating_add(4))
}

fn read_head(head: &[u8]) -> io::Result<(u16, usize)> {
    let text = std::str::from_utf8(head).map_err(io::Error::other)?;
    let status = text.split(' ').nth(1).and_then(|it| it.parse().ok());
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok()).flatten()
    });
    let none = matches!(status, Some(204 | 304));
    match (status, length.or(none.then_some(0))) {
        (Some(status), Some(length)) => Ok((status, length)),
        _ => Err(io::Error::other(format!("an answer that cannot be read: {text}"))),
    }
}
