use jiff::civil::date;

use super::full_years;

#[test]
fn a_year_is_full_on_the_birthday() {
    assert_eq!(full_years(date(2010, 11, 22), date(2026, 11, 21)), Some(15));
    assert_eq!(full_years(date(2010, 11, 22), date(2026, 11, 22)), Some(16));
    assert_eq!(full_years(date(2012, 2, 29), date(2026, 2, 28)), Some(13));
    assert_eq!(full_years(date(2012, 2, 29), date(2026, 3, 1)), Some(14));
    assert_eq!(full_years(date(2027, 1, 1), date(2026, 3, 1)), None);
}
