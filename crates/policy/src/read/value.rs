//! TOML values: what they are called, and their canonical text.

use jiff::civil::Date;
use toml::de::{DeTable, DeValue};

/// What a value is, in the reader's words.
pub(crate) fn called(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a point",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// A table as text that does not depend on layout or order.
pub(crate) fn canonical(table: &DeTable<'_>) -> String {
    let fields =
        table.iter().map(|(key, value)| format!("{}={}", key.get_ref(), one(value.get_ref())));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

fn one(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(it) => format!("{it:?}"),
        DeValue::Integer(it) => it.to_string(),
        DeValue::Float(it) => it.to_string(),
        DeValue::Boolean(it) => it.to_string(),
        DeValue::Datetime(it) => it.to_string(),
        DeValue::Array(it) => {
            let values: Vec<String> = it.iter().map(|it| one(it.get_ref())).collect();
            format!("[{}]", values.join(","))
        }
        DeValue::Table(it) => canonical(it),
    }
}

/// A whole number of any radix.
pub(crate) fn integer(value: &DeValue<'_>) -> Option<i64> {
    value.as_integer().and_then(|it| i64::from_str_radix(it.as_str(), it.radix()).ok())
}

/// A day without a time.
pub(crate) fn date(value: &DeValue<'_>) -> Option<Date> {
    let when = value.as_datetime().filter(|it| it.time.is_none() && it.offset.is_none())?;
    let day = when.date?;
    let year = i16::try_from(day.year).ok()?;
    Date::new(year, i8::try_from(day.month).ok()?, i8::try_from(day.day).ok()?).ok()
}
