//! Whether the oracle notices: what it holds is made wrong in one place, as if the installation had
//! answered something else, and each look that is about it has to fail.

use std::panic::{AssertUnwindSafe, catch_unwind};

use decide::Timestamp;

use crate::install::{DAY, Install, START};
use crate::known::Known;
use crate::{act, oracle, request};

/// A fault: it makes what is known of somebody wrong.
type Fault = fn(&mut Known, &Install);

fn permitted(known: &mut Known, install: &Install) {
    let purpose = install.flows().book().purpose("personalise").unwrap();
    known.facts.given = known.facts.given.with(purpose);
}

fn lost(known: &mut Known, _: &Install) {
    known.tell("address", "Planted Street 1", None);
}

fn kept(known: &mut Known, _: &Install) {
    known.values.remove("name");
}

fn back(known: &mut Known, _: &Install) {
    act::erased(known, Timestamp::from_millis(START));
}

#[test]
fn an_answer_that_was_not_promised_is_noticed() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let now = Timestamp::from_millis(START);
    let mut install = runtime.block_on(Install::new(now));
    let mut known = runtime.block_on(act::enter(&install, (0, "eu"), (40, 100, false), now));
    let mails = runtime.block_on(install.mails(now));
    let code = act::code(&mails, &known.email).unwrap();
    runtime.block_on(act::verify(&install, &mut known, &code, now));
    let holds = |known: &Known| {
        catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                oracle::check(&install, (known, None), now).await;
                oracle::check_values(&install, known, now).await;
            });
        }))
        .is_ok()
    };
    assert!(holds(&known), "nothing is wrong yet");
    let faults: [(&str, Fault); 4] =
        [("permitted", permitted), ("lost", lost), ("kept", kept), ("back", back)];
    for (name, fault) in faults {
        let (facts, values) = (known.facts.clone(), known.values.clone());
        fault(&mut known, &install);
        assert!(!holds(&known), "`{name}` was planted, and nobody noticed");
        (known.facts, known.values, known.erased) = (facts, values, None);
    }
    assert!(holds(&known), "and nothing is wrong any more");
}

#[test]
fn a_request_that_is_answered_late_or_by_nobody_is_noticed() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let now = Timestamp::from_millis(START);
    let install = runtime.block_on(Install::new(now));
    let mut dice = sim::world::Dice::seeded(7);
    let mut all = Vec::new();
    let asked = request::write_in((&install, &mut dice), (None, &[]), (&mut all, now));
    runtime.block_on(asked);
    let holds = |all: &[request::Case], now: Timestamp| {
        catch_unwind(AssertUnwindSafe(|| runtime.block_on(request::check(&install, all, now))))
            .is_ok()
    };
    assert!(holds(&all, now), "nothing is wrong yet");
    assert!(!holds(&[], now), "a request that nobody made");
    // Nobody works: the deadline comes near, and the desk is not told.
    assert!(!holds(&all, now.plus_millis(60 * DAY)), "nobody was reminded");
}
