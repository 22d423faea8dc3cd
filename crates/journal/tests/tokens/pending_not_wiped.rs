//! Only what can be wiped can be owed.

use journal::{Permit, Tx};

struct Plain(String);

fn owe(tx: &Tx<Permit>) {
    let _owed = tx.owe(Plain(String::new()));
}

fn main() {}
