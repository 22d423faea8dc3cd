//! A refusal writes its record and nothing else.

use journal::{Refusal, Tx, Write};

fn write(mut tx: Tx<Refusal>) {
    tx.stage(Write::Erase);
    let _owed = tx.owe(());
}

fn main() {}
