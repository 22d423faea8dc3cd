//! Figures: what the product costs, each beside a named peer and taken in the same run.
//!
//! `cargo run --release -p bench -- decide`. Nothing of the product depends on this program, and
//! nothing is tested by it but that both sides gave the same answers.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod decide;
mod dice;
mod measure;

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let done = match wanted.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["decide"] => decide::run(),
        _ => Err("write `cargo run --release -p bench -- decide`".to_owned()),
    };
    if let Err(what) = done {
        println!("{what}");
        std::process::exit(1);
    }
}
