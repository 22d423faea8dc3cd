//! Age: asked before anything else, and kept as a state, so that the day of birth need not be read.

use decide::{Age, RegionCode, Timestamp};
use jiff::civil::Date;

use crate::book::Book;
use crate::limit::AGE_MAX;
use crate::time::{day, full_years};
use crate::{Stop, value};

/// The age state of somebody born on a day, in a region, now.
///
/// # Errors
/// `Invalid`, for a day that lies ahead or too far back.
pub(crate) fn age(
    book: &Book,
    region: RegionCode,
    born: Date,
    now: Timestamp,
) -> Result<Age, Stop> {
    let wrong = || Stop::invalid("birth_date", "write the day on which you were born");
    let today = day(now, &book.zone(region)).ok_or_else(wrong)?;
    let years = full_years(born, today).filter(|it| *it <= AGE_MAX).ok_or_else(wrong)?;
    let rule = book.policy().minors.as_ref();
    let ask_below = rule.map_or(18, |it| i16::from(it.ask_below));
    let legal = rule.and_then(|it| it.guardian_below.get(region.as_str()).copied());
    Ok(match legal {
        _ if years >= ask_below => Age::Adult,
        Some(legal) if years < i16::from(legal) => Age::Child,
        Some(_) | None => Age::Minor,
    })
}

/// Whether somebody born on a day is asked to come with a guardian: what a form shows next.
///
/// # Errors
/// `Invalid`, for what is no day, or for a region that the policy does not declare.
pub fn is_minor(book: &Book, region: &str, birth_date: &str, now: Timestamp) -> Result<bool, Stop> {
    let (region, _) = book.region(region)?;
    let born = value::date("birth_date", birth_date)?;
    Ok(match age(book, region, born, now)? {
        Age::Adult | Age::Unknown => false,
        Age::Minor | Age::MinorAgreed | Age::Child | Age::ChildAgreed => true,
    })
}

#[cfg(test)]
mod tests;
