//! The types run out where the way is left: what tries another way does not compile.
#![cfg(test)]

#[test]
fn a_transaction_is_judged_once_recorded_once_and_never_read_past() {
    trybuild::TestCases::new().compile_fail("tests/tokens/*.rs");
}
