//! An answer is not said to be recorded.

use journal::{RecordId, Recorded};

fn forge(record: RecordId) -> Recorded<String> {
    Recorded { record, owed: "an email".to_owned() }
}

fn new(record: RecordId) -> Recorded<String> {
    Recorded::new(record, "an email".to_owned())
}

fn main() {}
