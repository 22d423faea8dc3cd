//! Scrubbing: what identifies is cut out of log information before it is sealed.

use std::borrow::Cow;
use std::net::IpAddr;

/// Letters of a piece of a path from which on it may be an id.
const ID_LETTERS: usize = 16;
/// Letters of a host that is looked at by itself.
const HOST_LETTERS: usize = 200;
/// What stands where an id stood.
const MASK: &str = ":id";

/// How a field is scrubbed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The address of a site: its host alone.
    Host,
    /// The address of a page: its path alone.
    Path,
    /// Text that people or pages wrote.
    Text,
}

impl Cut {
    /// By the name of the field.
    pub(super) fn of(field: &str) -> Self {
        if field.contains("host") {
            Self::Host
        } else if field.contains("path") || field.contains("url") {
            Self::Path
        } else {
            Self::Text
        }
    }
}

/// What is left of a text.
pub(super) fn cut(how: Cut, given: &str) -> Cow<'_, str> {
    match how {
        Cut::Host => host(given),
        Cut::Path => path(given),
        Cut::Text => text(given),
    }
}

/// The path of an address: without host, query and fragment, ids masked.
pub(super) fn path(given: &str) -> Cow<'_, str> {
    if is_plain_path(given) {
        return if given.split('/').any(is_masked) { masked(given).into() } else { given.into() };
    }
    let base = url::Url::parse("http://x/").ok();
    let parsed = base.and_then(|it| it.join(given).ok());
    masked(parsed.as_ref().map_or("/", |it| it.path())).into()
}

/// Whether the rules of addresses leave a path as it stands: from the root, of letters that are not
/// escaped, no piece that begins with a dot.
fn is_plain_path(given: &str) -> bool {
    let plain =
        |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'-' | b'_' | b'.' | b'~');
    let (mut before, mut begins) = (b' ', true);
    for letter in given.bytes() {
        let misplaced = match (before, letter) {
            (b'/', b'.') => true,
            // Two at the beginning are a host's.
            (b'/', b'/') => begins,
            (b' ', it) => it != b'/',
            _ => false,
        };
        if misplaced || !plain(letter) {
            return false;
        }
        begins = before == b' ';
        before = letter;
    }
    !given.is_empty()
}

fn masked(path: &str) -> String {
    path.split('/').map(|it| if is_masked(it) { MASK } else { it }).collect::<Vec<_>>().join("/")
}

/// The host of an address, or a host as it stands; a port says nothing about a person and goes too.
pub(super) fn host(given: &str) -> Cow<'_, str> {
    if is_plain_host(given) {
        return given.into();
    }
    let with_scheme =
        if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
    let parsed = url::Url::parse(&with_scheme).ok();
    // A name before the host, `name@host`, is dropped with everything else that is no host.
    parsed.and_then(|it| it.host_str().map(str::to_lowercase)).unwrap_or_default().into()
}

/// Whether the rules of addresses leave a host as it stands: names of small letters, digits and
/// single hyphens within, the last one of letters alone.
fn is_plain_host(given: &str) -> bool {
    let name = |it: &str| {
        let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
        let ends = it.starts_with('-') || it.ends_with('-');
        (1..=63).contains(&it.len()) && it.bytes().all(plain) && !ends && !it.contains("--")
    };
    let last = given.rsplit('.').next().unwrap_or("");
    given.len() <= HOST_LETTERS
        && last.bytes().all(|it| it.is_ascii_lowercase())
        && given.split('.').all(name)
}

/// Text that people or pages wrote: numbers, addresses and long runs of letters are masked.
pub(super) fn text(given: &str) -> Cow<'_, str> {
    if !given.contains(char::is_whitespace) {
        return word(given).into();
    }
    given.split_whitespace().map(word).collect::<Vec<_>>().join(" ").into()
}

fn word(it: &str) -> &str {
    let digits = it.bytes().filter(u8::is_ascii_digit).count();
    if it.contains('@') || digits >= 4 || looks_like_id(it) { MASK } else { it }
}

/// Whether a piece of a path may name somebody or something of theirs.
fn is_masked(it: &str) -> bool {
    let plain = it.strip_suffix(".html").or(it.strip_suffix(".htm")).unwrap_or(it);
    let all_digits = !plain.is_empty() && plain.bytes().all(|it| it.is_ascii_digit());
    all_digits || it.contains('@') || it.contains("%40") || looks_like_id(plain)
}

/// A UUID, a hash, a token: long, and mixed of letters and digits, or all hex.
fn looks_like_id(it: &str) -> bool {
    let letters = it.bytes().filter(u8::is_ascii_alphanumeric);
    let (mut length, mut digits, mut hex) = (0_usize, 0_usize, true);
    for letter in letters {
        length = length.saturating_add(1);
        digits = digits.saturating_add(usize::from(letter.is_ascii_digit()));
        hex &= letter.is_ascii_hexdigit();
    }
    let mixed = digits >= 3;
    (length >= ID_LETTERS && (mixed || hex)) || (hex && mixed && length >= 8)
}

/// A network address without what tells one household from the next: /24, and /48 for version 6.
pub(super) fn address(given: IpAddr) -> String {
    match given {
        IpAddr::V4(it) => {
            let [a, b, c, _] = it.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(it) => {
            if let Some(inner) = it.to_ipv4_mapped() {
                return address(IpAddr::V4(inner));
            }
            let [a, b, c, ..] = it.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
    }
}

/// The kind of a browser, out of what it says of itself: never its version or build.
pub fn browser(given: &str) -> String {
    let is = |needle: &str| given.contains(needle);
    let family = if is("Edg/") {
        "Edge"
    } else if is("OPR/") {
        "Opera"
    } else if is("MicroMessenger") {
        "WeChat"
    } else if is("Firefox/") {
        "Firefox"
    } else if is("Chrome/") || is("CriOS/") {
        "Chrome"
    } else if is("Safari/") {
        "Safari"
    } else {
        "Browser"
    };
    let device = if is("Mobile") || is("Android") || is("iPhone") { "phone" } else { "computer" };
    format!("{family}, {device}")
}

#[cfg(test)]
mod tests;
