//! The one thread that commits.
