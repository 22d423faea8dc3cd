//! A decision that nobody looks at is a mistake.

#![deny(unused_must_use)]

use decide::{Facts, Request, Ruleset, Timestamp};

fn ask(rules: &Ruleset, facts: &Facts, request: &Request) {
    let permit = || decide::decide(rules, facts, request, Timestamp::NEVER);
    permit();
    let Ok(it) = permit() else { return };
    std::convert::identity::<decide::Permit>(it);
}

fn main() {}
