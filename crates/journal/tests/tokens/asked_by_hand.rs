//! An answer is not said to have been asked for.

use journal::Asked;

fn forge() -> Asked {
    Asked(todo!())
}

fn main() {}
