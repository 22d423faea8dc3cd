//! What the tests of this crate share: the vectors of the format, and the person that they are of.

use decide::PersonId;

/// The page that says how things are sealed.
pub(crate) const FORMAT: &str = include_str!("../../../docs/formats/sealed.md");

/// The person of the vectors.
pub(crate) fn person() -> PersonId {
    PersonId::parse("per_cn_01a203c82a83734c91ce445a670bcb87").unwrap()
}

/// What stands in a row of a table of vectors.
pub(crate) fn row<'a>(page: &'a str, named: &str) -> &'a str {
    let vectors = page.split("## Vectors").nth(1).unwrap();
    let row = vectors.lines().find(|it| it.starts_with(&format!("| {named} | `")));
    row.unwrap().split('`').nth(1).unwrap()
}

/// Bytes from hexadecimal digits.
pub(crate) fn bytes(hex: &str) -> Vec<u8> {
    let pairs = hex.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).unwrap());
    pairs.map(|it| u8::from_str_radix(it, 16).unwrap()).collect()
}
