use super::*;

#[test]
fn there_are_no_more_connections_than_files_for_them() {
    let limits = Limits::default();
    assert_eq!(limits.connections, 20_000);
    assert_eq!(limits.connections_of_one, 2_000);
    assert_eq!(limits.within_files(1_000_000), limits);
    let few = limits.within_files(1_024);
    assert_eq!((few.connections, few.connections_of_one), (512, 51));
    let none = limits.within_files(64);
    assert_eq!((none.connections, none.connections_of_one), (10, 1));
}
