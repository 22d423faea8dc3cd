//! A permit comes from the decision, once: what tries another way does not compile.
#![cfg(test)]

#[test]
fn a_permit_is_neither_forged_nor_copied_nor_used_twice() {
    trybuild::TestCases::new().compile_fail("tests/forge/*.rs");
}
