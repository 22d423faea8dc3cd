//! What is owed cannot be looked at before it is recorded.

use journal::Pending;

fn peek(pending: Pending<String>) -> String {
    let _there = pending.owed.is_some();
    pending.into_inner()
}

fn main() {}
