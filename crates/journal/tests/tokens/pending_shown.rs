//! What is owed is not cloned, displayed or taken apart.

use journal::Pending;

fn show(pending: Pending<String>) {
    println!("{pending}");
    let _other = pending.clone();
    let Pending { owed, .. } = pending;
}

fn main() {}
