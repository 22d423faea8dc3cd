//! Stub.
/// S
pub fn explain() {}
