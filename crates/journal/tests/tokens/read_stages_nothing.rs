//! What was not judged can neither stage nor see a key.

use journal::{Read, Tx, Write};

fn early(mut tx: Tx<Read>) {
    tx.stage(Write::Erase);
    let _key = tx.key();
}

fn main() {}
