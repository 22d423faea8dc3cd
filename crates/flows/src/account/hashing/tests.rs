use std::task::{Context, Poll, Waker};

use super::*;

#[tokio::test]
async fn work_is_done_and_no_more_than_may_waits() {
    let hashing = Hashing::start().unwrap();
    assert_eq!(hashing.run(|| Ok(7)).await.unwrap(), 7);
    assert!(matches!(hashing.run(|| Err::<(), _>(Stop::Wrong)).await, Err(Stop::Wrong)));
    // Everybody works on something that does not end, and as many wait as may.
    let (go, held) = sync_channel::<()>(0);
    let held = Arc::new(Mutex::new(held));
    let mut waiting = Vec::new();
    let refused = loop {
        let held = Arc::clone(&held);
        let mut work = Box::pin(hashing.run(move || {
            held.lock().unwrap().recv().ok();
            Ok(())
        }));
        match work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => break done,
            Poll::Pending => waiting.push(work),
        }
    };
    assert!(matches!(refused, Err(Stop::Busy)), "{refused:?}");
    assert!(waiting.len() >= PASSWORDS_WAITING_MAX);
    drop(go);
    for work in waiting {
        work.await.unwrap();
    }
}
