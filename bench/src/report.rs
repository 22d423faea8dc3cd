//! What a bench says: a heading with the machine's state, tables, goals met or missed. It is printed,
//! and with `--write` put on top of `RESULTS.md`.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::probe::{self, said};

/// A report that grows while a bench runs.
pub(crate) struct Report {
    name: String,
    lines: Vec<String>,
    missed: Vec<String>,
    write: bool,
}

impl Report {
    /// Probes the machine and begins.
    ///
    /// # Errors
    /// When the disk cannot be probed.
    pub(crate) fn begin(call: &Call, title: &str) -> Result<Self, String> {
        let mut report = Self {
            name: call.name().to_owned(),
            lines: Vec::new(),
            missed: Vec::new(),
            write: call.write,
        };
        let commit = probe::commit();
        report.say(format!("## {title}, {}, commit {commit}", crate::measure::date()));
        report.say("");
        report.say(format!("`{}`", call.command()));
        report.say("");
        report.say(format!(
            "{}. `fdatasync` of 4 KiB appended: {:.2} ms. Load average {} before.",
            probe::machine(),
            probe::fdatasync()?,
            probe::load()
        ));
        Ok(report)
    }

    /// A line; an empty one parts paragraphs.
    pub(crate) fn say(&mut self, line: impl Into<String>) {
        let line = line.into();
        println!("{line}");
        self.lines.push(line);
    }

    /// A table: the first column is to the left, the others to the right.
    pub(crate) fn table(&mut self, columns: &[&str], rows: &[Vec<String>]) {
        self.say("");
        self.say(format!("| {} |", columns.join(" | ")));
        let rule: Vec<&str> = columns.iter().skip(1).map(|_| "---:").collect();
        self.say(format!("|---|{}|", rule.join("|")));
        for row in rows {
            self.say(format!("| {} |", row.join(" | ")));
        }
        self.say("");
    }

    /// A goal: what it asks for, what was found, and whether that is enough.
    pub(crate) fn goal(&mut self, goal: &str, found: &str, met: bool) {
        let word = if met { "met" } else { "**missed**" };
        self.say(format!("* {goal}: {found}, {word}"));
        if !met {
            self.missed.push(goal.to_owned());
        }
    }

    /// Draws a chart, and refers to it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn chart(&mut self, name: &str, chart: &Chart<'_>) -> Done {
        if self.write {
            let path = probe::root().join("bench/charts").join(format!("{name}.svg"));
            store(&path, &chart.svg())?;
        }
        self.say("");
        self.say(format!("![{}](charts/{name}.svg)", chart.title));
        Ok(())
    }

    /// Ends it, and writes it down where that is wanted.
    ///
    /// # Errors
    /// When it cannot be written, or a goal is missed.
    pub(crate) fn end(mut self) -> Done {
        self.say("");
        self.say(format!("Load average {} after.", probe::load()));
        if self.write {
            on_top(&self.lines.join("\n"))?;
        }
        match self.missed.as_slice() {
            [] => Ok(()),
            missed => Err(format!("{}: missed: {}", self.name, missed.join("; "))),
        }
    }
}

/// Puts a report before the newest in `RESULTS.md`.
fn on_top(report: &str) -> Done {
    let path = probe::root().join("bench/RESULTS.md");
    let text = std::fs::read_to_string(&path).map_err(said)?;
    let (head, rest) = text.split_once("\n## ").unwrap_or((text.as_str(), ""));
    let rest = if rest.is_empty() { String::new() } else { format!("\n## {rest}") };
    store(&path, &format!("{}\n\n{}\n{rest}", head.trim_end(), report.trim_end()))
}

/// Writes a file.
///
/// # Errors
/// When that fails.
pub(crate) fn store(path: &Path, text: &str) -> Done {
    let mut file = File::create(path).map_err(|it| format!("`{}`: {it}", path.display()))?;
    file.write_all(text.as_bytes()).map_err(said)
}
