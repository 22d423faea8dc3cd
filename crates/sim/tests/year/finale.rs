//! How a year may end: with the data folder lost and a backup in its place, or with the end of the
//! service.

use std::collections::BTreeSet;

use decide::Timestamp;
use flows::Stop;
use flows::cessation::{self, Plan};
use flows::security::AddStaff;

use crate::install::{DAY, HOUR, Install};
use crate::known::Known;
use crate::oracle;

/// The backup is older than much of what was said: nothing comes back that was taken back since, nobody
/// who was erased, no value that was deleted.
pub(crate) async fn restored(install: &mut Install, people: &[Known], now: Timestamp) {
    install.lose_and_restore(now).await;
    install.work(now).await;
    for known in people.iter().filter(|it| Some(it.registered) < install.backed_up) {
        let promised = oracle::promised(install, known, now);
        let answered = oracle::answered(install, known, now).await;
        let Some(answered) = answered else { continue };
        assert!(known.erased.is_none(), "{}: erased, and back again", known.id);
        for ((purpose, left), (_, right)) in answered.iter().zip(&promised) {
            let more: BTreeSet<_> = left.difference(right).collect();
            assert!(more.is_empty(), "{}: `{purpose}` is permitted again with {more:?}", known.id);
        }
        let shown = flows::rights::data(install.flows(), known.id, "en", now).await.unwrap();
        for held in shown.into_inner().data.iter().filter(|it| it.value.is_some()) {
            let there = known.values.contains_key(&held.category);
            assert!(there, "{}: `{}` was deleted, and is back", known.id, held.category);
        }
    }
}

/// The service ends, from the plan to the report; in the end nobody is left.
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
pub(crate) async fn ended(install: &mut Install, people: &[Known], now: Timestamp) {
    let mut now = now;
    let mut by = Vec::new();
    for role in ["engineer", "officer"] {
        let ask = AddStaff { name: format!("A {role}"), roles: vec![role.to_owned()] };
        by.push(flows::security::add_staff(install.flows(), ask, now).await.unwrap().id);
    }
    let flows = install.flows();
    let planned = cessation::plan(flows, Plan::default(), &by[0], now).await.unwrap();
    install.work(now).await;
    cessation::announce(flows, &planned.id, &by[0]).await.unwrap();
    let alone = cessation::approve(flows, &planned.id, &by[0], now).await;
    assert!(alone.is_err(), "one alone ends nothing");
    cessation::approve(flows, &planned.id, &by[1], now).await.unwrap();
    for day in 0..95 {
        now = now.plus_millis(DAY + HOUR);
        install.work(now).await;
        if day % 31 == 30 {
            install.crash(now).await;
        }
    }
    let seen = cessation::one(install.flows(), &planned.id).await.unwrap();
    assert!(seen.report.is_some(), "the ending is `{}`, and nothing is reported", seen.state);
    for known in people {
        let gone = flows::rights::data(install.flows(), known.id, "en", now).await;
        assert!(matches!(gone, Err(Stop::Gone | Stop::NotFound)), "{}: still there", known.id);
    }
}
