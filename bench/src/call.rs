//! How a bench is called: its name, words after it, and whether the report is written down.

/// What a bench ends with: nothing, or what went wrong or was missed, in words.
pub(crate) type Done = Result<(), String>;

/// A bench by its name.
pub(crate) struct Bench {
    pub(crate) name: &'static str,
    pub(crate) does: &'static str,
    pub(crate) run: fn(&Call) -> Done,
}

/// The words after `--`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Call {
    words: Vec<String>,
    /// Whether the report goes into `RESULTS.md` and the chart into `charts/`.
    pub(crate) write: bool,
    /// Whether rounds are few and short: to see that it runs, not to take figures.
    pub(crate) short: bool,
}

impl Call {
    pub(crate) fn read(words: impl Iterator<Item = String>) -> Self {
        let mut call = Self::default();
        for word in words {
            match word.as_str() {
                "--write" => call.write = true,
                "--short" => call.short = true,
                _ => call.words.push(word),
            }
        }
        call
    }

    /// The bench's name.
    pub(crate) fn name(&self) -> &str {
        self.words.first().map_or("", String::as_str)
    }

    /// The words after the name.
    pub(crate) fn rest(&self) -> Vec<&str> {
        self.words.iter().skip(1).map(String::as_str).collect()
    }

    /// The command that does the same again.
    pub(crate) fn command(&self) -> String {
        let short = if self.short { " --short" } else { "" };
        format!("cargo run --release -p bench -- {}{short}", self.words.join(" "))
    }
}
