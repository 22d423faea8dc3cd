use super::*;

#[test]
fn runs_break_where_place_or_index_jumps() {
    let span = |first_seq, last_seq, first_index| Span { first_seq, last_seq, first_index };
    assert_eq!(runs(&[]), vec![]);
    assert_eq!(runs(&[(1, 10), (2, 11), (3, 12)]), vec![span(1, 3, 10)]);
    assert_eq!(runs(&[(1, 10), (3, 11)]), vec![span(1, 1, 10), span(3, 3, 11)]);
    assert_eq!(runs(&[(1, 10), (2, 12)]), vec![span(1, 1, 10), span(2, 2, 12)]);
}

#[test]
fn what_waits_is_found_however_many_steps_there_were() {
    let file = rusqlite::Connection::open_in_memory().unwrap();
    file.execute_batch(include_str!("../../../migrations/records/V1__records.sql")).unwrap();
    let spans = "INSERT INTO spans WITH RECURSIVE n (it) AS (SELECT 1 UNION ALL SELECT it + 1 FROM n \
                 LIMIT 10000) SELECT it * 10, it * 10 + 9, it * 30 FROM n";
    file.execute_batch(spans).unwrap();
    let row = "INSERT INTO records (seq, owner_id, record_id, at, leaf, sealed) \
               VALUES ($1, x'00', $1, 0, zeroblob(32), x'')";
    for seq in [100_009, 100_010] {
        file.execute(row, [seq]).unwrap();
    }
    let query = record::waiting();
    let mut statement = file.prepare(query.text.sqlite).unwrap();
    let mut found = statement.query([10]).unwrap();
    let first: i64 = found.next().unwrap().unwrap().get(0).unwrap();
    assert_eq!(first, 100_010, "what comes after the last span");
    assert!(found.next().unwrap().is_none());
    drop(found);
    let looked_at = statement.get_status(rusqlite::StatementStatus::FullscanStep);
    assert!(looked_at < 10, "rows looked at one after the other: {looked_at}");
}
