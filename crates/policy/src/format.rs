//! Stub.
/// S
pub fn format() {}
