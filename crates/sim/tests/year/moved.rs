//! Moves: a new account in another region, and the values that may cross the border, which are those
//! that were agreed to and no more.

use std::collections::BTreeSet;

use decide::{Account, Timestamp};
use flows::transfer::{self, Agree, Carry};
use flows::{Secret, Stop};
use sim::world::Dice;

use crate::act::{code, enter, verify};
use crate::install::{DAY, Install};
use crate::known::Known;

/// The transfer that the policy declares, from where to where.
const TRANSFER: &str = "cn-eu-service";
const FROM: &str = "cn";
const TO: &str = "eu";
/// What it covers and an account does not ask for itself.
const COVERED: [&str; 2] = ["name", "installation"];

/// Whether somebody could move.
pub(crate) fn may(known: &Known) -> bool {
    let from = known.id.region().as_str() == FROM && known.facts.account == Account::Active;
    from && !known.moved && known.held.is_none() && known.facts.age == decide::Age::Adult
}

/// Somebody moves.
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
pub(crate) async fn moves(
    (install, dice): (&mut Install, &mut Dice),
    (people, at): (&mut Vec<Known>, usize),
    now: Timestamp,
) {
    let mut new = enter(install, (people.len(), TO), (40, 100, false), now).await;
    let mails = install.mails(now).await;
    let code = code(&mails, &new.email).unwrap();
    let early = transfer::token(install.flows(), new.id, now).await;
    assert!(matches!(early, Err(Stop::NotNow(_))), "{}: the address is not proved", new.id);
    verify(install, &mut new, &code, now).await;
    if dice.chance(128) {
        let gone = flows::rights::delete(install.flows(), new.id, "name", now).await;
        drop(gone.unwrap_or_else(|it| panic!("{}: {it:?}", new.id)));
        new.values.remove("name");
    }
    let known = &mut people[at];
    let token = transfer::token(install.flows(), new.id, now).await.unwrap().into_inner().token;
    let carry = async |token: &Secret, now: Timestamp| {
        let ask = Carry {
            from: known.id,
            transfer: TRANSFER.to_owned(),
            to: new.id,
            token: token.clone(),
        };
        transfer::carry(install.flows(), ask, now).await.map(flows::Recorded::into_inner)
    };
    let alone = carry(&token, now).await;
    assert!(matches!(alone, Err(Stop::Refused(_))), "{}: carried unasked: {alone:?}", known.id);
    let late = carry(&token, now.plus_millis(DAY)).await;
    assert!(matches!(late, Err(Stop::Wrong)), "{}: an old token: {late:?}", known.id);
    agree(install, known, now).await;
    let goes = |it: &&str| known.values.contains_key(*it) && !new.values.contains_key(*it);
    let goes: BTreeSet<&str> = COVERED.iter().copied().filter(|it| goes(it)).collect();
    match carry(&token, now).await {
        Ok(done) => {
            let carried: BTreeSet<&str> = done.carried.iter().map(String::as_str).collect();
            assert_eq!(carried, goes, "{} to {}", known.id, new.id);
        }
        Err(Stop::NotNow(_)) if goes.is_empty() => {}
        Err(other) => panic!("{}: {other:?}", known.id),
    }
    for category in goes {
        new.tell(category, &known.values[category].0, None);
    }
    known.moved = true;
    people.push(new);
}

async fn agree(install: &Install, known: &Known, now: Timestamp) {
    let ask = Agree {
        who: known.id.into(),
        transfer: TRANSFER.to_owned(),
        choice: "given".to_owned(),
        text_hash: transfer::text_hash(&install.flows().book(), TRANSFER, "en"),
        language: "en".to_owned(),
        screen: "privacy-centre".to_owned(),
        idempotency: None,
    };
    let done = transfer::agree(install.flows(), ask, now).await;
    drop(done.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)));
}
