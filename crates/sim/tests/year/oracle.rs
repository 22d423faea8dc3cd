//! The oracle: what the policy promises about a person now, by the naive decision over what is known
//! of them, held against what the installation answers.

use std::collections::BTreeSet;

use decide::{Act, Facts, Request, Set, Timestamp};
use flows::purpose::Ask;
use flows::{Flows, Stop};
use sim::naive;

use crate::change::{self, Published};
use crate::install::Install;
use crate::known::Known;
use crate::young::{CONTACT, NEVER};

/// Asks for every purpose with every category, and compares.
pub(crate) async fn check(
    install: &Install,
    (known, published): (&Known, Option<Published>),
    now: Timestamp,
) {
    let flows = install.flows();
    let book = flows.book();
    let names = book.rules().vocabulary();
    let categories: Vec<String> = book.policy().categories.keys().cloned().collect();
    for purpose in book.policy().purposes.keys() {
        let ask = asking(known, purpose, &categories);
        let answer = flows::purpose::ask(flows, &install.app, ask, now).await;
        if known.erased.is_some() {
            assert!(matches!(answer, Err(Stop::Gone)), "{}: erased, and answered", known.id);
            continue;
        }
        let answer = answer.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner();
        let all: Set<decide::Category> =
            categories.iter().filter_map(|it| names.category(it)).collect();
        let act = Act::Use { purpose: names.purpose(purpose).unwrap() };
        let request = Request { act, categories: all };
        let facts = known.facts(names);
        let expected = naive::decide(&book.policy().spec, names, &facts, &request, now);
        let refused: BTreeSet<&str> =
            answer.refused.iter().filter_map(|it| it.category.as_deref()).collect();
        let mut permitted = (answer.permit != "none").then(|| {
            let left = categories.iter().filter(|it| !refused.contains(it.as_str()));
            left.cloned().collect::<BTreeSet<_>>()
        });
        if NEVER.contains(&purpose.as_str()) {
            let below = known.young.is_below_age(now);
            assert!(!below || permitted.is_none(), "{}: `{purpose}` below age", known.id);
        }
        if known.young.asked_anew
            && book.choices(known.id.region()).iter().any(|it| &it.0 == purpose)
        {
            assert_eq!(permitted, None, "{}: `{purpose}` since they came of age", known.id);
        }
        let mut promised = expected.permitted();
        if purpose == change::PURPOSE && book.version() > 1 {
            match change::may(known, published) {
                Some(true) => {}
                Some(false) => promised = without(promised),
                None => (permitted, promised) = (without(permitted), without(promised)),
            }
        }
        assert_eq!(
            permitted,
            promised,
            "{} may `{purpose}` with: left what is answered, {:?}, right what is promised; {facts:?}; \
             registered {}, said yes {:?}, the second version counts from {:?}, now {}",
            known.id,
            answer.refused.iter().map(|it| &it.reason).collect::<BTreeSet<_>>(),
            flows::when(known.registered),
            known.improve.map(flows::when),
            published.map(|it| flows::when(it.effective)),
            flows::when(now),
        );
    }
}

/// Every purpose, and what it may be served with: as the installation answers; `None` for nobody.
pub(crate) async fn answered(
    install: &Install,
    known: &Known,
    now: Timestamp,
) -> Option<Vec<(String, BTreeSet<String>)>> {
    let flows = install.flows();
    let book = flows.book();
    let categories: Vec<String> = book.policy().categories.keys().cloned().collect();
    let mut all = Vec::new();
    for purpose in book.policy().purposes.keys() {
        let ask = asking(known, purpose, &categories);
        let answer = match flows::purpose::ask(flows, &install.app, ask, now).await {
            Err(Stop::Gone | Stop::NotFound) => return None,
            answer => answer.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner(),
        };
        let refused: BTreeSet<&str> =
            answer.refused.iter().filter_map(|it| it.category.as_deref()).collect();
        let left = categories.iter().filter(|it| !refused.contains(it.as_str()));
        let left = left.filter(|_| answer.permit != "none").cloned().collect();
        all.push((purpose.clone(), left));
    }
    Some(all)
}

/// The same, as it was promised.
pub(crate) fn promised(
    install: &Install,
    known: &Known,
    now: Timestamp,
) -> Vec<(String, BTreeSet<String>)> {
    let book = install.flows().book();
    let names = book.rules().vocabulary();
    let all: Set<decide::Category> =
        book.policy().categories.keys().filter_map(|it| names.category(it)).collect();
    let one = |purpose: &String| {
        let act = Act::Use { purpose: names.purpose(purpose).unwrap() };
        let (request, facts) = (Request { act, categories: all }, known.facts(names));
        let facts = Facts { adopted: book.version(), ..facts };
        let answer = naive::decide(&book.policy().spec, names, &facts, &request, now);
        (purpose.clone(), answer.permitted().unwrap_or_default())
    };
    book.policy().purposes.keys().map(one).collect()
}

fn asking(known: &Known, purpose: &str, categories: &[String]) -> Ask {
    Ask {
        person: known.id,
        act: "use".to_owned(),
        purpose: purpose.to_owned(),
        categories: categories.to_vec(),
        recipient: None,
        form: None,
        to_region: None,
        source: None,
    }
}

/// All but what the second version adds.
fn without(all: Option<BTreeSet<String>>) -> Option<BTreeSet<String>> {
    let left = all.map(|it| it.into_iter().filter(|it| it != change::ADDED).collect());
    left.filter(|it: &BTreeSet<String>| !it.is_empty())
}

/// What the person is shown is what was said last, each with its date.
pub(crate) async fn check_values(install: &Install, known: &Known, now: Timestamp) {
    let flows = install.flows();
    let shown = flows::rights::data(flows, known.id, "en", now).await;
    if known.erased.is_some() {
        assert!(matches!(shown, Err(Stop::Gone)), "{}: erased, and shown", known.id);
        return;
    }
    let shown = shown.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner();
    let held = |it: &str| known.held.as_ref().is_some_and(|held| held.category == it);
    for (category, (value, due)) in known.values.iter().filter(|(it, _)| !held(it)) {
        let Some(held) = shown.data.iter().find(|it| &it.category == category) else {
            let over = due.is_some_and(|it| it <= now);
            assert!(
                over,
                "{}: `{category}` was acknowledged, and is not there; {:?}, {:?}, now {}",
                known.id,
                known.facts,
                known.young,
                flows::when(now)
            );
            continue;
        };
        assert_eq!(held.value.as_deref(), Some(value.as_str()), "{}: `{category}`", known.id);
        if let Some(due) = due {
            let told = held.due.as_deref();
            assert_eq!(told, Some(flows::when(*due).as_str()), "{}: `{category}`", known.id);
        }
    }
    let waits = known.facts.account == decide::Account::AwaitingGuardian;
    for held in &shown.data {
        // And what a child wrote to us by itself, which the policy has for whoever is young, too.
        let reaches = ["email", CONTACT, "support-messages"].contains(&held.category.as_str());
        assert!(reaches || !waits, "{}: `{}` of a child who waits", known.id, held.category);
        let told = known.values.contains_key(&held.category) || held.value.is_none();
        assert!(told, "{}: `{}` is held and was never told", known.id, held.category);
    }
}

/// What every name, address and text of this world holds.
const PLANTED: &[u8] = b"lanted";

/// Nothing that anybody ever told lies anywhere in clear.
pub(crate) fn check_bytes(install: &Install) {
    for bytes in install.bytes() {
        let at = bytes.windows(PLANTED.len()).position(|it| it == PLANTED);
        assert_eq!(at, None, "what somebody told lies in clear");
    }
}

/// The log holds against an outsider.
pub(crate) async fn check_log(install: &Install, now: Timestamp) {
    install.verify(now).await;
}

/// What the policy says of when a value goes.
pub(crate) fn due(
    flows: &Flows,
    (region, category): (&str, &str),
    now: Timestamp,
) -> Option<Timestamp> {
    let book = flows.book();
    let keep = book.policy().keep.get(category)?;
    // What runs from the last activity ends long after this year.
    let runs = keep.after == policy::Anchor::Collected;
    runs.then(|| book.policy().due(region, now, keep.period).unwrap())
}
