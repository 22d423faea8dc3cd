//! What connections may cost, in numbers and in time.

use std::time::Duration;

use crate::limit::{
    BODY_PAUSE_SECONDS_MAX, CONNECTIONS_MAX, CONNECTIONS_SHARE, DRAIN_SECONDS_MAX, FAREWELL_MILLIS,
    FILES_RESERVED, HEADER_SECONDS_MAX, READER_PAUSE_SECONDS_MAX,
};

/// What connections may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at a time.
    pub connections: usize,
    /// Connections of one address at a time.
    pub connections_of_one: usize,
    /// Until the headers of a request are whole, and so long a connection may be idle.
    pub header: Duration,
    /// For which a body may stand still while it arrives.
    pub body_pause: Duration,
    /// For which a reader may take nothing.
    pub reader_pause: Duration,
    /// For which a server that stops still takes requests and says that each is the last on its
    /// connection: what is on its way when it is told to stop is answered.
    pub farewell: Duration,
    /// For which open requests may go on when the server stops.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS_MAX,
            connections_of_one: CONNECTIONS_MAX / CONNECTIONS_SHARE,
            header: Duration::from_secs(HEADER_SECONDS_MAX),
            body_pause: Duration::from_secs(BODY_PAUSE_SECONDS_MAX),
            reader_pause: Duration::from_secs(READER_PAUSE_SECONDS_MAX),
            farewell: Duration::from_millis(FAREWELL_MILLIS),
            drain: Duration::from_secs(DRAIN_SECONDS_MAX),
        }
    }
}

impl Limits {
    /// The same, for a process that may have so many files open: a connection that finds none would
    /// fail, where one that waits is only late.
    #[must_use]
    pub fn within_files(self, files: u64) -> Self {
        let left = usize::try_from(files.saturating_sub(FILES_RESERVED)).unwrap_or(usize::MAX);
        let connections = self.connections.min(left.max(CONNECTIONS_SHARE));
        let share = (connections / CONNECTIONS_SHARE).max(1);
        Self { connections, connections_of_one: self.connections_of_one.min(share), ..self }
    }
}

#[cfg(test)]
mod tests;
