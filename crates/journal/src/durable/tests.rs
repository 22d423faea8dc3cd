use super::*;

#[test]
fn failures_count_until_something_is_durable() {
    let durable = Durable::default();
    let full = || Err::<(), _>(Fault::Unreachable("the disk is full".to_owned()));
    durable.note(full()).unwrap_err();
    durable.note(Err::<(), _>(Fault::broken("a disk"))).unwrap_err();
    assert_eq!(durable.failed(), 2);
    // A refusal says nothing about the disk.
    durable.note(Err::<(), _>(Fault::Conflict)).unwrap_err();
    durable.note(Err::<(), _>(Fault::Busy)).unwrap_err();
    assert_eq!(durable.failed(), 2);
    durable.note(Ok(())).unwrap();
    assert_eq!(durable.failed(), 0);
}
