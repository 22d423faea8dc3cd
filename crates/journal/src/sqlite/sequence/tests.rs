use super::*;

#[test]
fn runs_break_where_place_or_index_jumps() {
    let span = |first_seq, last_seq, first_index| Span { first_seq, last_seq, first_index };
    assert_eq!(runs(&[]), vec![]);
    assert_eq!(runs(&[(1, 10), (2, 11), (3, 12)]), vec![span(1, 3, 10)]);
    assert_eq!(runs(&[(1, 10), (3, 11)]), vec![span(1, 1, 10), span(3, 3, 11)]);
    assert_eq!(runs(&[(1, 10), (2, 12)]), vec![span(1, 1, 10), span(2, 2, 12)]);
}
