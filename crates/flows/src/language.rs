//! Which language somebody is spoken to in, out of what they prefer and those that there are.

/// Of the languages that there are, the one that is wanted most, by a list as a browser writes it in
/// `Accept-Language` (RFC 9110, 12.5.4); of those that are wanted equally, the one that is named first.
pub fn preferred<'a, T: AsRef<str>>(wanted: &str, all: &'a [T]) -> Option<&'a str> {
    let mut best: Option<(&str, u16)> = None;
    for range in wanted.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let Some(found) = of_tag(tag, all) else { continue };
        let weight = weight(parameters);
        if weight > best.map_or(0, |it| it.1) {
            best = Some((found, weight));
        }
    }
    best.map(|it| it.0)
}

/// The language of a tag such as `en` or `zh-Hans-CN`, where it is there.
pub(crate) fn of_tag<'a, T: AsRef<str>>(tag: &str, all: &'a [T]) -> Option<&'a str> {
    let short = tag.trim().split(['-', '_']).next().unwrap_or("");
    all.iter().map(AsRef::as_ref).find(|it| it.eq_ignore_ascii_case(short))
}

/// How much a language is wanted, in thousandths, by what stands behind its tag: `q=0.8`. What cannot be
/// read is not wanted.
fn weight(parameters: &str) -> u16 {
    let said = parameters.split(';').find_map(|it| it.trim().strip_prefix("q="));
    let Some(said) = said else { return 1_000 };
    let (whole, part) = said.trim().split_once('.').unwrap_or((said.trim(), ""));
    let mut digits = part.chars().chain("000".chars()).take(3).map(|it| it.to_digit(10));
    let part = digits.try_fold(0_u32, |sum, it| Some(sum.saturating_mul(10).saturating_add(it?)));
    match (whole, part.and_then(|it| u16::try_from(it).ok())) {
        ("0", Some(part)) => part,
        ("1", Some(0)) => 1_000,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
