//! There is no fourth step.

use journal::{Step, Tx};

struct Skipped;

impl Step for Skipped {
    type Held = ();
}

fn main() {
    let _tx: Option<Tx<Skipped>> = None;
}
