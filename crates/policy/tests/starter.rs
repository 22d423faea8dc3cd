//! The policy that ships with the product compiles, and says what it says in both languages.

mod support;

use support::starter;

#[test]
fn compiles() {
    match policy::compile(&starter()) {
        Ok(policy) => println!("{}\n{}", policy.hash(), policy.warnings),
        Err(faults) => panic!("{faults}"),
    }
}
