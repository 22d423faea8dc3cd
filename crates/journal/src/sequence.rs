//! Brings queued entries into the log.
