//! Figures: what the product costs, each beside a named peer and taken in the same run.
//!
//! `cargo run --release -p bench -- decide`, or `decide few`, or `decide strict`. Nothing of the
//! product depends on this program, and nothing is tested by it but that all sides answered alike.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod decide;
mod dice;
mod measure;

use decide::Case;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let done = match wanted.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["decide"] => decide::run(Case::Usual),
        ["decide", "few"] => decide::run(Case::Few),
        ["decide", "strict"] => decide::run(Case::Strict),
        _ => Err("write `decide`, `decide few` or `decide strict` after `--`".to_owned()),
    };
    if let Err(what) = done {
        println!("{what}");
        std::process::exit(1);
    }
}
