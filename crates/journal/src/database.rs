//! One database file: its connections.
