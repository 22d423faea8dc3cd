//! Stub.
/// S
#[derive(Debug)] pub struct Change;
/// S
pub fn diff() {}
