//! Figures: what the product costs, each beside a named peer and taken in the same run.
//!
//! `cargo run --release -p bench -- NAME`, and with `--write` the report goes on top of `RESULTS.md`
//! and its chart into `charts/`. `list` names all there are. Nothing of the product depends on this
//! program, and nothing is tested by it but that all sides answered alike.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod access;
mod call;
mod chart;
#[cfg(feature = "engines")]
mod compile;
#[cfg(feature = "engines")]
mod decide;
mod dice;
mod erase;
mod gdpr;
mod growth;
mod http;
mod kept;
mod load;
mod log;
mod measure;
mod nodes;
mod open;
mod peer;
mod postgres;
mod probe;
mod process;
mod report;
mod retain;
mod script;
mod seed;
mod soak;
mod space;
mod start;

use call::{Bench, Call};

/// Every bench, in the order in which `cargo xtask bench --all` runs them: one line each.
const BENCHES: &[Bench] = &[
    #[cfg(feature = "engines")]
    Bench { name: "decide", does: "one decision in one process", run: decide::bench },
    Bench { name: "open", does: "one sealed value opened", run: open::bench },
    Bench { name: "ask", does: "asking over HTTP", run: http::ask::bench },
    Bench { name: "use", does: "a use over HTTP, durably recorded", run: http::uses::bench },
    Bench { name: "tax", does: "everything on and everything off", run: http::tax::bench },
    Bench { name: "events", does: "events over HTTP, in batches", run: http::events::bench },
    Bench { name: "consent", does: "consent over HTTP, beside Fides", run: http::consent::bench },
    Bench { name: "gdpr", does: "GDPRbench, the operations of four roles", run: gdpr::bench },
    Bench { name: "erase", does: "erasure, with few events and many", run: erase::bench },
    Bench {
        name: "access",
        does: "asking what is held, with few events and many",
        run: access::bench,
    },
    Bench { name: "retain", does: "values whose time is over", run: retain::bench },
    Bench { name: "space", does: "bytes on the disk", run: space::bench },
    Bench { name: "log", does: "entries into the log, in batches", run: log::bench },
    Bench { name: "growth", does: "a use, with more and more people", run: growth::bench },
    Bench { name: "soak", does: "an hour at four fifths of the peak", run: soak::bench },
    Bench { name: "start", does: "start, memory, size of the program", run: start::bench },
    Bench { name: "script", does: "the script's bytes over the line", run: script::bench },
    #[cfg(feature = "engines")]
    Bench { name: "compile", does: "compiling and checking a policy", run: compile::bench },
    Bench { name: "nodes", does: "more nodes on one PostgreSQL", run: nodes::bench },
];

fn main() {
    let call = Call::read(std::env::args().skip(1));
    let done = match call.name() {
        "list" => {
            // An hour long, it is no part of all.
            for bench in BENCHES.iter().filter(|it| it.name != "soak") {
                println!("{}", bench.name);
            }
            Ok(())
        }
        // A side that runs as a process of its own.
        "peer" => peer::run(&call),
        name => match BENCHES.iter().find(|it| it.name == name) {
            Some(bench) => (bench.run)(&call),
            None => Err(usage()),
        },
    };
    if let Err(what) = done {
        println!("{what}");
        std::process::exit(1);
    }
}

fn usage() -> String {
    let lines = BENCHES.iter().map(|it| format!("  {:<12}{}", it.name, it.does));
    let lines: Vec<String> = lines.collect();
    format!("write one of these after `--`:\n{}", lines.join("\n"))
}
