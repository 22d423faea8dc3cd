use super::*;

fn faults(path: &str, text: &str) -> usize {
    check(&Tree::planted(&[(path, text)])).len()
}

#[test]
fn a_sleeping_test_is_found() {
    for line in [
        "std::thread::sleep(Duration::from_secs(1));",
        "tokio::time::sleep(wait).await;",
        "use tokio::time::{Duration, sleep};",
        "tokio::time::sleep_until(then).await;",
    ] {
        assert_eq!(faults("crates/sim/tests/crash.rs", line), 1, "{line}");
        assert_eq!(faults("crates/flows/src/jobs/tests.rs", line), 1, "{line}");
        assert_eq!(faults("crates/flows/src/jobs.rs", line), 0, "a courier may wait: {line}");
    }
    assert_eq!(faults("crates/sim/tests/crash.rs", "// no sleep here\nlet a = \"sleep\";"), 0);
    assert_eq!(faults("e2e/story.mjs", "await page.waitForTimeout(500);"), 1);
}

#[test]
fn a_test_that_is_switched_off_is_found() {
    assert_eq!(
        faults("crates/flows/src/jobs/tests.rs", "#[test]\n#[ignore = \"slow\"]\nfn a() {}"),
        1
    );
}
