//! Values in their normal form: what is stored, found and compared. What does not fit says why.

use jiff::civil::Date;
use policy::clause::collection::Format;
use rlibphonenumber::{PhoneNumberFormat, Region as Country};
use vault::Plain;

use crate::Stop;
use crate::account::named;
use crate::book::Book;
use crate::limit::{EMAIL_MAX, VALUE_BYTES_MAX};

/// A value of a category by its id, in its normal form. A person's language is one that the policy is
/// written in: they are written to in it.
pub(crate) fn of(
    book: &Book,
    (id, format): (&str, Format),
    (field, given): (&str, &str),
    region: &str,
) -> Result<Plain, Stop> {
    if id == named::LANGUAGE {
        return book.spoken(field, given).map(Plain::from);
    }
    normal(field, format, given, region)
}

/// A value in its normal form.
pub(crate) fn normal(
    field: &str,
    format: Format,
    given: &str,
    region: &str,
) -> Result<Plain, Stop> {
    if given.len() > VALUE_BYTES_MAX {
        return Err(Stop::invalid(field, format!("use at most {VALUE_BYTES_MAX} bytes")));
    }
    match format {
        Format::Text => text(field, given),
        Format::Email => email(field, given),
        Format::Phone => phone(field, given, region),
        Format::Date => date(field, given).map(|it| Plain::new(it.to_string())),
    }
}

fn text(field: &str, given: &str) -> Result<Plain, Stop> {
    let trimmed = given.trim();
    if trimmed.is_empty() {
        return Err(Stop::invalid(field, "write something, or leave the field out"));
    }
    if trimmed.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(Stop::invalid(field, "leave out control characters"));
    }
    Ok(Plain::new(trimmed.to_owned()))
}

/// An email address: its domain in small letters, and the part before it too, because no provider of
/// note tells them apart, and two accounts for one mailbox help nobody.
pub(crate) fn email(field: &str, given: &str) -> Result<Plain, Stop> {
    let wrong = || Stop::invalid(field, "write an email address such as `name@example.com`");
    let lowered = given.trim().to_lowercase();
    let address: lettre::Address = lowered.parse().map_err(|_| wrong())?;
    let domain = address.domain();
    let dotted = domain.split('.').count() >= 2 && domain.split('.').all(|it| !it.is_empty());
    let plain = lowered.chars().all(|it| !it.is_control() && !it.is_whitespace());
    if lowered.len() > EMAIL_MAX || !plain || !dotted {
        return Err(wrong());
    }
    Ok(Plain::new(lowered))
}

/// A phone number in E.164; without `+` it is read as one of the region's country.
fn phone(field: &str, given: &str, region: &str) -> Result<Plain, Stop> {
    let wrong = || Stop::invalid(field, "write a phone number such as `+86 138 0013 8000`");
    // A region that is no country, such as a union, has numbers in full only.
    let country = (!given.trim_start().starts_with('+'))
        .then(|| Country::try_from(region.to_uppercase().as_str()).ok())
        .flatten();
    let number = rlibphonenumber::PHONE_NUMBER_UTIL.parse(given.trim(), country);
    let number = number.map_err(|_| wrong())?;
    if !number.is_valid() {
        return Err(wrong());
    }
    Ok(Plain::new(number.format_as(PhoneNumberFormat::E164).into_owned()))
}

/// The code of a phone number's country, `+86`, out of its normal form.
pub(crate) fn calling_code(number: &str) -> Option<String> {
    let number = rlibphonenumber::PHONE_NUMBER_UTIL.parse(number, None).ok()?;
    // Written for other countries, the code comes first and stands by itself.
    let written = number.format_as(PhoneNumberFormat::International).into_owned();
    written.split(' ').next().map(str::to_owned)
}

/// A day.
pub(crate) fn date(field: &str, given: &str) -> Result<Date, Stop> {
    given.trim().parse().map_err(|_| Stop::invalid(field, "write a day as `2001-12-31`"))
}

#[cfg(test)]
mod tests;
