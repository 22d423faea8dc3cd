//! Answers under idempotency keys.
