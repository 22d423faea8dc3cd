//! Redis's protocol: commands out in one write, answers back in their order. A few lines in place of a
//! client library, and no slower than one.

use std::future::Future;
use std::pin::Pin;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use crate::probe::said;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    Text(String),
    Number(i64),
    Nothing,
    List(Vec<Reply>),
}

impl Reply {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Number(_) | Self::Nothing | Self::List(_) => None,
        }
    }

    pub(crate) fn list(self) -> Vec<Self> {
        match self {
            Self::List(items) => items,
            Self::Text(_) | Self::Number(_) | Self::Nothing => Vec::new(),
        }
    }
}

/// Commands that go out together.
#[derive(Debug, Default)]
pub(crate) struct Pipeline {
    bytes: Vec<u8>,
    commands: usize,
}

impl Pipeline {
    /// One more command.
    pub(crate) fn add(&mut self, words: &[&str]) -> &mut Self {
        self.bytes.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
        for word in words {
            self.bytes.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
            self.bytes.extend_from_slice(word.as_bytes());
            self.bytes.extend_from_slice(b"\r\n");
        }
        self.commands += 1;
        self
    }
}

/// A connection.
pub(crate) struct Client {
    stream: TcpStream,
}

impl Client {
    pub(crate) async fn open(port: u16) -> Result<Self, String> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await.map_err(said)?;
        stream.set_nodelay(true).map_err(said)?;
        Ok(Self { stream })
    }

    /// Sends them and waits for all answers.
    pub(crate) async fn send(&mut self, commands: &Pipeline) -> Result<Vec<Reply>, String> {
        let mut replies = Vec::with_capacity(commands.commands);
        let (read, mut write) = self.stream.split();
        // Both at once: a long pipeline fills the buffers of both ends.
        let sending = async { write.write_all(&commands.bytes).await.map_err(said) };
        let receiving = async {
            let mut reader = BufReader::with_capacity(64 * 1024, read);
            for _ in 0..commands.commands {
                replies.push(reply(&mut reader).await?);
            }
            Ok::<(), String>(())
        };
        tokio::try_join!(sending, receiving)?;
        Ok(replies)
    }

    /// One command.
    pub(crate) async fn ask(&mut self, words: &[&str]) -> Result<Reply, String> {
        let mut one = Pipeline::default();
        one.add(words);
        self.send(&one).await?.pop().ok_or_else(|| "no answer".to_owned())
    }
}

type Reading<'a> = Pin<Box<dyn Future<Output = Result<Reply, String>> + Send + 'a>>;

/// Reads one answer.
fn reply<R: tokio::io::AsyncBufRead + Send + Unpin>(reader: &mut R) -> Reading<'_> {
    Box::pin(async move {
        let mut line = String::new();
        if reader.read_line(&mut line).await.map_err(said)? == 0 {
            return Err("Redis went away".to_owned());
        }
        let line = line.trim_end();
        let (kind, rest) = line.split_at_checked(1).ok_or("an empty answer")?;
        let number = || rest.parse::<i64>().map_err(said);
        match kind {
            "+" => Ok(Reply::Text(rest.to_owned())),
            "-" => Err(format!("Redis says: {rest}")),
            ":" => number().map(Reply::Number),
            "$" => {
                let Ok(length) = usize::try_from(number()?) else { return Ok(Reply::Nothing) };
                let mut bytes = vec![0; length + 2];
                reader.read_exact(&mut bytes).await.map_err(said)?;
                bytes.truncate(length);
                String::from_utf8(bytes).map(Reply::Text).map_err(said)
            }
            "*" => {
                let count = usize::try_from(number()?).unwrap_or(0);
                let mut items = Vec::with_capacity(count);
                for _ in 0..count {
                    items.push(reply(reader).await?);
                }
                Ok(Reply::List(items))
            }
            _ => Err(format!("an answer that cannot be read: {line}")),
        }
    })
}
