//! A policy's source: files by name. Reading them from a disk is somebody else's.

use std::collections::BTreeMap;

/// The files of a policy, name to text. Names of folders inside end with `/`: `holidays/cn.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folder {
    /// Name to text.
    pub files: BTreeMap<String, String>,
}

impl Folder {
    /// A folder of these files.
    pub fn of<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        Self { files: files.into_iter().map(|(name, text)| (name.into(), text.into())).collect() }
    }

    /// Whether a file of this name belongs to a policy; all others are ignored.
    pub fn reads(name: &str) -> bool {
        let is = |suffix: &str| name.ends_with(suffix);
        let page = (name.starts_with("policy.") || name.starts_with("glossary.")) && is(".md");
        let calendar = name.starts_with("holidays/") && is(".toml");
        page && !name.contains('/') || calendar
    }
}
