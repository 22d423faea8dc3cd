//! Migrations of each kind of file.
