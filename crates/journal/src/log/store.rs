//! What the log asks of the place it lives in: few operations, so that a test can fail each one.

use std::io;

use decide::Timestamp;

/// A place to read tiles, bundles and the checkpoint from.
pub trait Tiles {
    /// The bytes at a path such as `tile/0/000` or `checkpoint`; `None` where nothing stands.
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>>;
}

impl<T: Tiles> Tiles for &T {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        (**self).tile(path)
    }
}

/// A place to write the log to.
///
/// Only [`Store::append`] and [`Store::sync`] make anything durable; the sequencer orders its
/// writes so that what is lost between two of them can be made again.
pub trait Store: Tiles {
    /// Writes a whole file, visible when it returns, durable after the next [`Store::sync`].
    /// A crash in between may leave any part of it.
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// The same, for a file whose loss does no harm: [`Store::sync`] need not wait for it.
    fn put_loose(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name as one step: whoever reads that name sees the old file or the new
    /// one. Durable after the next [`Store::sync`].
    fn rename(&mut self, from: &str, to: &str) -> io::Result<()>;
    /// Adds bytes at the end of a file that exists; durable when it returns.
    fn append(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;
    /// Makes everything written so far durable.
    fn sync(&mut self) -> io::Result<()>;
    /// Removes a folder of partial tiles, if it is there.
    fn prune(&mut self, folder: &str) -> io::Result<()>;
    /// Removes a file at the top, if it is there.
    fn remove(&mut self, name: &str) -> io::Result<()>;
    /// The files at the top with the time at which each was written, in ascending order of names.
    fn times(&self) -> io::Result<Vec<(String, Timestamp)>>;
    /// The names of the files at the top, in ascending order.
    fn names(&self) -> io::Result<Vec<String>>;
}
