//! Benches over HTTP: the product as a process beside a peer as a process, asked by the same client.
