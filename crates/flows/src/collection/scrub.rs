//! Scrubbing: what identifies is cut out of log information before it is sealed.

use std::net::IpAddr;

/// Letters of a piece of a path from which on it may be an id.
const ID_LETTERS: usize = 16;
/// What stands where an id stood.
const MASK: &str = ":id";

/// The path of an address: without host, query and fragment, ids masked.
pub(super) fn path(given: &str) -> String {
    let base = url::Url::parse("http://x/").ok();
    let parsed = base.and_then(|it| it.join(given).ok());
    let path = parsed.as_ref().map_or("/", |it| it.path());
    path.split('/').map(piece).collect::<Vec<_>>().join("/")
}

/// The host of an address, or a host as it stands; a port says nothing about a person and goes too.
pub(super) fn host(given: &str) -> String {
    let with_scheme =
        if given.contains("://") { given.to_owned() } else { format!("http://{given}") };
    let parsed = url::Url::parse(&with_scheme).ok();
    // A name before the host, `name@host`, is dropped with everything else that is no host.
    parsed.and_then(|it| it.host_str().map(str::to_lowercase)).unwrap_or_default()
}

/// Text that people or pages wrote: numbers, addresses and long runs of letters are masked.
pub(super) fn text(given: &str) -> String {
    given.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

fn word(it: &str) -> &str {
    let digits = it.chars().filter(char::is_ascii_digit).count();
    if it.contains('@') || digits >= 4 || looks_like_id(it) { MASK } else { it }
}

fn piece(it: &str) -> &str {
    let plain = it.strip_suffix(".html").or(it.strip_suffix(".htm")).unwrap_or(it);
    let all_digits = !plain.is_empty() && plain.bytes().all(|it| it.is_ascii_digit());
    let escaped_at = it.contains('@') || it.to_ascii_lowercase().contains("%40");
    if all_digits || escaped_at || looks_like_id(plain) { MASK } else { it }
}

/// A UUID, a hash, a token: long, and mixed of letters and digits, or all hex.
fn looks_like_id(it: &str) -> bool {
    let letters = it.chars().filter(char::is_ascii_alphanumeric);
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
