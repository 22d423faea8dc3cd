//! The handlers: each reads what came in, calls one verb, and replies.
//!
//! They decide nothing and store nothing.
