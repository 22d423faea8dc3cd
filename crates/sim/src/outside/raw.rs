//! The raw bytes of a folder: what anybody finds who copies the disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Every file below a folder.
///
/// # Errors
/// When a folder cannot be read.
pub fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// The files below a folder in which any of `needles` stands, with the needle's place in the list.
///
/// # Errors
/// When a file cannot be read.
pub fn find(folder: &Path, needles: &[Vec<u8>]) -> io::Result<Vec<(PathBuf, usize)>> {
    let mut found = Vec::new();
    for path in files(folder)? {
        let bytes = fs::read(&path)?;
        for (place, needle) in needles.iter().enumerate() {
            let there = !needle.is_empty() && bytes.windows(needle.len()).any(|it| it == needle);
            if there {
                found.push((path.clone(), place));
            }
        }
    }
    Ok(found)
}

/// Copies a folder as it lies, while nobody writes to it.
///
/// # Errors
/// When a file cannot be copied.
pub fn copy(from: &Path, to: &Path) -> io::Result<()> {
    for path in files(from)? {
        let target = to.join(path.strip_prefix(from).map_err(io::Error::other)?);
        fs::create_dir_all(target.parent().unwrap_or(to))?;
        fs::copy(&path, target)?;
    }
    Ok(())
}

/// The forms in which a planted value would be seen: as it is, in base64 at each offset, as hex,
/// percent-encoded, and in UTF-16.
pub fn forms(value: &str) -> Vec<Vec<u8>> {
    let mut forms = vec![value.as_bytes().to_vec()];
    let hex: Vec<String> = value.bytes().map(|it| format!("{it:02x}")).collect();
    forms.push(hex.concat().into_bytes());
    forms.push(value.replace('@', "%40").replace('+', "%2B").into_bytes());
    forms.push(value.encode_utf16().flat_map(u16::to_le_bytes).collect());
    forms
}
