//! Streams that leave the installation sealed: backups, archives, the list of changes. Pieces are
//! counted, and the last one says that it is the last: what is cut off, turned round or mixed from two
//! streams does not open. `docs/formats/backup.md` has the bytes.

use std::io::{self, Read, Write};

use zeroize::Zeroizing;

use crate::cipher::{Key, NONCE, Ready, TAG};
use crate::{Fault, Vault, random};

/// The first bytes; the version is the last of them.
const MAGIC: [u8; 12] = *b"kept-sealed\x01";
/// Bytes of a stream's id, and of its salt.
const ID: usize = 16;
/// Bytes before the first piece: magic, what it is, id, salt.
const HEAD: usize = MAGIC.len() + 1 + ID + ID;
/// Bytes of plaintext in a piece of a stream that is written on and on.
const PIECE: usize = 64 * 1024;
/// Bytes of the largest piece that is read.
const PIECE_MAX: usize = 16 << 20;
/// In the length of a piece: that it is the last.
const LAST: u32 = 1 << 31;

/// What a stream is. It opens as nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// The rows of a backup.
    Data = 1,
    /// The wrapped keys of a backup.
    Keys = 2,
    /// Changes, as they are written down outside.
    Changes = 3,
    /// Closed cases.
    Archive = 4,
}

impl Vault {
    /// Begins a stream. Its pieces become durable as `to` does.
    ///
    /// # Errors
    /// When the generator fails, or `to` cannot be written.
    pub fn seal_stream<W: Write>(
        &self,
        stream: Stream,
        id: [u8; ID],
        mut to: W,
    ) -> io::Result<Sealing<W>> {
        let salt: [u8; ID] = random::array().map_err(io::Error::other)?;
        let head = head(stream, id, salt);
        to.write_all(&head)?;
        let pieces = Pieces::new(&self.roots.outside(), &head).map_err(io::Error::other)?;
        Ok(Sealing { to, pieces, waiting: Zeroizing::new(Vec::with_capacity(PIECE)) })
    }

    /// Opens a stream.
    ///
    /// # Errors
    /// When it is another one, or its beginning cannot be read.
    pub fn open_stream<R: Read>(&self, stream: Stream, mut from: R) -> io::Result<Opening<R>> {
        let mut head = [0; HEAD];
        from.read_exact(&mut head)?;
        let (magic, rest) = head.split_at(MAGIC.len());
        if magic != MAGIC || rest.first() != Some(&(stream as u8)) {
            return Err(wrong("it is no stream of this kind, or one of a newer program"));
        }
        let id = rest.get(1..=ID).and_then(|it| it.try_into().ok()).unwrap_or_default();
        let pieces = Pieces::new(&self.roots.outside(), &head).map_err(io::Error::other)?;
        let ready = Zeroizing::new(Vec::new());
        Ok(Opening { from, pieces, id, ready, at: 0, last: false })
    }
}

fn head(stream: Stream, id: [u8; ID], salt: [u8; ID]) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let parts = [MAGIC.as_slice(), &[stream as u8], &id, &salt];
    for (to, from) in head.iter_mut().zip(parts.concat()) {
        *to = from;
    }
    head
}

fn wrong(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

/// The key of one stream, and which piece is next.
struct Pieces {
    key: Ready,
    next: u64,
}

impl Pieces {
    /// All of the head goes into the key: another head is another key.
    fn new(outside: &Key, head: &[u8; HEAD]) -> Result<Self, Fault> {
        let key = outside.derive(&[b"kept-stream-v1", head]).ready()?;
        Ok(Self { key, next: 0 })
    }

    /// The number of the piece. The key is the stream's alone, so no nonce comes twice.
    fn nonce(&mut self) -> io::Result<[u8; NONCE]> {
        let mut nonce = [0; NONCE];
        for (to, from) in nonce.iter_mut().skip(NONCE - 8).zip(self.next.to_be_bytes()) {
            *to = from;
        }
        self.next = self.next.checked_add(1).ok_or_else(|| wrong("it is too long"))?;
        Ok(nonce)
    }

    fn seal(&mut self, plain: &[u8], last: bool, out: &mut Vec<u8>) -> io::Result<()> {
        let length = u32::try_from(plain.len()).ok().filter(|_| plain.len() <= PIECE_MAX);
        let length = length.ok_or_else(|| wrong("a piece is too large"))?;
        let said = (length | if last { LAST } else { 0 }).to_be_bytes();
        out.extend_from_slice(&said);
        let nonce = self.nonce()?;
        self.key.seal(&nonce, &said, plain, out).map_err(io::Error::other)
    }
}

/// A stream that is written.
pub struct Sealing<W> {
    to: W,
    pieces: Pieces,
    waiting: Zeroizing<Vec<u8>>,
}

impl<W> std::fmt::Debug for Sealing<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl<W: Write> Sealing<W> {
    /// One piece by itself, which can be read before the stream has ended.
    ///
    /// # Errors
    /// When it is too large, or cannot be written.
    pub fn piece(&mut self, plain: &[u8]) -> io::Result<()> {
        let mut out = Vec::with_capacity(plain.len().saturating_add(TAG + 4));
        self.pieces.seal(plain, false, &mut out)?;
        self.to.write_all(&out)
    }

    /// Writes what waits and says that it was the last.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> io::Result<W> {
        let mut out = Vec::new();
        self.pieces.seal(&self.waiting, true, &mut out)?;
        self.to.write_all(&out)?;
        self.to.flush()?;
        Ok(self.to)
    }

    /// What is written to.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.to
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PIECE.saturating_sub(self.waiting.len());
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or(bytes);
        self.waiting.extend_from_slice(taken);
        if self.waiting.len() >= PIECE {
            let full =
                std::mem::replace(&mut self.waiting, Zeroizing::new(Vec::with_capacity(PIECE)));
            self.piece(&full)?;
        }
        Ok(taken.len())
    }

    /// What waits for the rest of its piece waits on.
    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A stream that is read. As [`Read`] it ends only where its last piece says so: what is cut off is an
/// error.
pub struct Opening<R> {
    from: R,
    pieces: Pieces,
    id: [u8; ID],
    ready: Zeroizing<Vec<u8>>,
    at: usize,
    last: bool,
}

impl<R> std::fmt::Debug for Opening<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

/// What comes next in a stream.
#[derive(Debug)]
pub enum Piece {
    /// A whole piece.
    Whole(Zeroizing<Vec<u8>>),
    /// The stream was ended.
    End,
    /// The stream stops without an end: in the middle of a piece, or behind a whole one.
    Cut,
}

impl<R: Read> Opening<R> {
    /// The id that it was begun with.
    pub const fn id(&self) -> [u8; ID] {
        self.id
    }

    /// The next piece by itself.
    ///
    /// # Errors
    /// When it was changed, or cannot be read.
    pub fn piece(&mut self) -> io::Result<Piece> {
        if self.last {
            return Ok(Piece::End);
        }
        let mut said = [0; 4];
        if !filled(&mut self.from, &mut said)? {
            return Ok(Piece::Cut);
        }
        let word = u32::from_be_bytes(said);
        if word == 0 {
            return self.nothing();
        }
        let length = usize::try_from(word & !LAST).unwrap_or(usize::MAX);
        if length > PIECE_MAX {
            return Err(wrong("a piece of it was changed"));
        }
        let mut sealed = vec![0; length.saturating_add(TAG)];
        if !filled(&mut self.from, &mut sealed)? {
            return Ok(Piece::Cut);
        }
        let nonce = self.pieces.nonce()?;
        let opened = self.pieces.key.open(&nonce, &said, &sealed, "stream");
        let plain = opened
            .map_err(|_| wrong("a piece of it was changed, or was sealed under other root keys"))?;
        self.last = word & LAST != 0;
        if self.last && filled(&mut self.from, &mut [0])? {
            return Err(wrong("something stands behind its end"));
        }
        Ok(Piece::Whole(plain))
    }
}

impl<R: Read> Opening<R> {
    /// A piece without a byte that is not the last is never written: it is what a power failure left,
    /// where nothing but zeros follows.
    fn nothing(&mut self) -> io::Result<Piece> {
        let mut byte = [0];
        while filled(&mut self.from, &mut byte)? {
            if byte != [0] {
                return Err(wrong("a piece of it was changed"));
            }
        }
        Ok(Piece::Cut)
    }
}

/// Whether there were bytes enough.
fn filled(from: &mut impl Read, into: &mut [u8]) -> io::Result<bool> {
    match from.read_exact(into) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

impl<R: Read> Read for Opening<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.ready.len() {
            match self.piece()? {
                Piece::Whole(plain) => (self.ready, self.at) = (plain, 0),
                Piece::End => return Ok(0),
                Piece::Cut => return Err(wrong("it is cut off")),
            }
        }
        let ready = self.ready.get(self.at..).unwrap_or_default();
        let mut taken = 0_usize;
        for (to, from) in into.iter_mut().zip(ready) {
            *to = *from;
            taken = taken.saturating_add(1);
        }
        self.at = self.at.saturating_add(taken);
        Ok(taken)
    }
}

#[cfg(test)]
mod tests;
