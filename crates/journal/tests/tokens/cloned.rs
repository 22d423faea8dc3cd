//! There is one of each transaction, and one of each answer.

use journal::{Permit, Recorded, Tx};

fn copy(tx: &Tx<Permit>, recorded: &Recorded<String>) -> (Tx<Permit>, Recorded<String>) {
    (tx.clone(), recorded.clone())
}

fn main() {}
