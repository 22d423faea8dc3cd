//! State machines, written out: which states there are, who may do what in each, what follows, and
//! which clock runs. A noun declares its own and moves only along it.

use std::fmt::Write as _;

use crate::Stop;

/// One move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// The state that it begins in; empty where there is nothing yet.
    pub from: &'static str,
    /// What happens.
    pub event: &'static str,
    /// Who may do it: `person`, `guardian`, `staff`, `system`; several with ` or ` between.
    pub by: &'static str,
    /// The state that it leads to.
    pub to: &'static str,
    /// What follows, in words.
    pub follows: &'static str,
    /// Which clock runs from then on; empty for none.
    pub clock: &'static str,
}

/// What one thing can be, and how it becomes another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// What it is about.
    pub name: &'static str,
    /// Every move that there is.
    pub moves: &'static [Move],
}

impl Move {
    /// From a state, by an event, for whoever may do it, to a state with what follows, and the clock that
    /// runs from then on.
    pub(crate) const fn of(
        from: &'static str,
        event: &'static str,
        by: &'static str,
        (to, follows): (&'static str, &'static str),
        clock: &'static str,
    ) -> Self {
        Self { from, event, by, to, follows, clock }
    }
}

impl Machine {
    /// The state that an event leads to, for whoever does it.
    ///
    /// # Errors
    /// `NotNow`, with what can be done instead, where there is no such move.
    pub fn step(&self, from: &str, event: &str, by: &str) -> Result<&'static str, Stop> {
        let here = || self.moves.iter().filter(|it| it.from == from);
        let may = |it: &&Move| it.by.split(" or ").any(|who| who == by);
        if let Some(found) = here().filter(may).find(|it| it.event == event) {
            return Ok(found.to);
        }
        let mut left: Vec<&str> = here().filter(may).map(|it| it.event).collect();
        left.sort_unstable();
        left.dedup();
        let left = if left.is_empty() { "nothing".to_owned() } else { left.join(", ") };
        let name = self.name;
        Err(Stop::NotNow(format!(
            "a {name} that is `{from}` cannot `{event}`; what a {by} can do with it: {left}"
        )))
    }

    /// The machine as a page of text: what is reviewed.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n", self.name, "=".repeat(self.name.len()));
        for it in self.moves {
            let from = if it.from.is_empty() { "(nothing)" } else { it.from };
            let line = write!(text, "{from} --{}--> {}\n    by: {}\n", it.event, it.to, it.by);
            let follows = writeln!(text, "    follows: {}", it.follows);
            let clock = if it.clock.is_empty() { "none" } else { it.clock };
            let clock = writeln!(text, "    clock: {clock}");
            debug_assert!(line.and(follows).and(clock).is_ok(), "a text takes what is written");
        }
        text
    }
}

/// Every machine of the program, in the order of the policy's nouns.
pub const ALL: &[Machine] = &[
    crate::account::PHONE,
    crate::retention::hold::MACHINE,
    crate::transfer::MACHINE,
    crate::rights::MACHINE,
    crate::rights::TELLING,
    crate::messages::MACHINE,
    crate::messages::COMPLAINTS,
    crate::change::MACHINE,
    crate::minors::MACHINE,
    crate::minors::OF_AGE,
    crate::cessation::MACHINE,
];

#[cfg(test)]
mod tests;
