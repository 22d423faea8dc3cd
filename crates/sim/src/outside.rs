//! The program as it is met from outside: a process, addresses, keys, folders, HTTP.
//!
//! It does not look inside the process: what it knows, it was told over HTTP or read from files.

pub mod cluster;
pub mod http;
pub mod kept;
pub mod patroni;
pub mod postgres;
pub mod raw;
