//! Plaintext lives no longer than the transaction that permitted it: this does not compile.
#![cfg(test)]

#[test]
fn plaintext_cannot_outlive_its_transaction() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/plaintext/*.rs");
}
