//! Figures: one decision beside other engines, taken in one run.
fn main() {}
