//! What is wrong with a policy, where, and what to write instead.

mod render;

use std::collections::BTreeMap;
use std::fmt;

use crate::limit::FAULTS_MAX;

/// A place in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    /// The position of the file among the folder's names.
    pub file: usize,
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl At {
    /// In no file.
    pub(crate) const NOWHERE: Self = Self::new(usize::MAX, 0, 0);

    /// A place from its file and bytes.
    pub(crate) const fn new(file: usize, start: usize, end: usize) -> Self {
        Self { file, start, end }
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy does not compile.
    Error,
    /// It compiles; a look is worth it.
    Warning,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its name: `undefined-category`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub at: At,
    /// What is wrong.
    pub message: String,
    /// What is wrong with the marked place itself.
    pub label: String,
    /// What to write instead.
    pub help: String,
    /// Other places that belong to it.
    pub also: Vec<(At, String)>,
}

impl Diagnostic {
    pub(crate) fn label(&mut self, label: impl Into<String>) -> &mut Self {
        self.label = label.into();
        self
    }

    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Self {
        self.help = help.into();
        self
    }

    pub(crate) fn also(&mut self, at: At, label: impl Into<String>) -> &mut Self {
        self.also.push((at, label.into()));
        self
    }
}

/// All faults of a policy, with the texts that they point into.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diagnostics {
    /// The faults, by place.
    pub faults: Vec<Diagnostic>,
    /// Faults beyond the limit, counted only.
    pub more: usize,
    files: Vec<(String, String)>,
}

impl Diagnostics {
    /// The codes of all faults, in the order of their places.
    pub fn codes(&self) -> Vec<&str> {
        self.faults.iter().map(|it| it.code.as_str()).collect()
    }

    /// The file, line and column (both from 1) of a fault.
    pub fn position(&self, at: At) -> (&str, usize, usize) {
        let (name, text) = self.files.get(at.file).map_or(("", ""), |(n, t)| (n, t));
        let before = text.get(..at.start).unwrap_or(text);
        let line = before.matches('\n').count().saturating_add(1);
        let column = before.rsplit('\n').next().unwrap_or("").chars().count().saturating_add(1);
        (name, line, column)
    }

    /// The text that a terminal shows; with colours or without.
    pub fn render(&self, colour: bool) -> String {
        render::render(self, colour)
    }

    /// Name and text of a file.
    fn file(&self, index: usize) -> (&str, &str) {
        self.files.get(index).map_or(("", ""), |(name, text)| (name, text))
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}

/// Gathers faults while a policy is read.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    found: Vec<Diagnostic>,
}

impl Faults {
    /// Adds an error, to be completed by the caller.
    pub(crate) fn error(
        &mut self,
        code: impl Into<String>,
        at: At,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Error, (code.into(), at, message.into()))
    }

    /// Adds a warning, to be completed by the caller.
    pub(crate) fn warning(
        &mut self,
        code: impl Into<String>,
        at: At,
        message: impl Into<String>,
    ) -> &mut Diagnostic {
        self.add(Severity::Warning, (code.into(), at, message.into()))
    }

    fn add(&mut self, severity: Severity, what: (String, At, String)) -> &mut Diagnostic {
        let (code, at, message) = what;
        let (label, help) = (String::new(), String::new());
        let also = Vec::new();
        self.found.push_mut(Diagnostic { code, severity, at, message, label, help, also })
    }

    /// Whether an error is among them.
    pub(crate) fn fatal(&self) -> bool {
        self.found.iter().any(|it| it.severity == Severity::Error)
    }

    /// All of them with their texts, by place.
    pub(crate) fn finish(mut self, files: &BTreeMap<String, String>) -> Diagnostics {
        self.found.sort_by(|a, b| (a.at, &a.code, &a.message).cmp(&(b.at, &b.code, &b.message)));
        self.found.dedup();
        let more = self.found.len().saturating_sub(FAULTS_MAX);
        self.found.truncate(FAULTS_MAX);
        let files = files.iter().map(|(name, text)| (name.clone(), text.clone())).collect();
        Diagnostics { faults: self.found, more, files }
    }
}
