//! Where connections come in, with room for a burst of them.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

use crate::limit::CONNECTIONS_WAITING_MAX;

/// Listens on an address.
///
/// # Errors
/// When somebody else does, or it is not ours.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    // Its place may be taken at once when a server before it has just ended.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(CONNECTIONS_WAITING_MAX)
}
