//! What stands in a record, as JSON.
