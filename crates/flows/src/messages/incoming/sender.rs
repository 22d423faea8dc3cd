//! What our own mail server found of the sender of a mail (RFC 8601). It is read to warn, and never to
//! trust: what passes proves an address, not a person.

/// Whether a server says of a mail that it does not come from the domain that it names: it fails DMARC,
/// or, where nothing is said of that, its path is barred (SPF) and no signature (DKIM) holds.
pub(super) fn is_forged<'a>(headers: impl Iterator<Item = &'a str>, server: &str) -> bool {
    let (mut dmarc, mut spf, mut dkim) = (None, false, false);
    for header in headers {
        let text = plain(header);
        let mut parts = text.split(';');
        let by = parts.next().and_then(|it| it.split_whitespace().next()).unwrap_or("");
        // What others on the way wrote anybody may have written.
        if !by.eq_ignore_ascii_case(server) {
            continue;
        }
        for (method, result) in parts.filter_map(result) {
            match method.as_str() {
                "dmarc" if result != "none" => {
                    dmarc = Some(dmarc.unwrap_or(false) || result == "fail");
                }
                "spf" => spf |= result == "fail",
                "dkim" => dkim |= result == "pass",
                _ => {}
            }
        }
    }
    dmarc.unwrap_or(spf && !dkim)
}

/// Method and result: `dmarc=fail`, `dmarc/1 = fail`.
fn result(part: &str) -> Option<(String, String)> {
    let (method, rest) = part.split_once('=')?;
    let method = method.split('/').next()?.trim().to_ascii_lowercase();
    let result = rest.split_whitespace().next()?.to_ascii_lowercase();
    Some((method, result))
}

/// A header without its comments and without what stands in quotes: both may hold anything.
fn plain(header: &str) -> String {
    let mut text = String::with_capacity(header.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for it in header.chars() {
        if escaped {
            escaped = false;
            continue;
        }
        match it {
            '\\' if quoted || depth > 0 => escaped = true,
            '"' if depth == 0 => quoted = !quoted,
            '(' if !quoted => depth = depth.saturating_add(1),
            ')' if !quoted => depth = depth.saturating_sub(1),
            it if depth == 0 && !quoted => text.push(it),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests;
