//! What people, applications and staff do, as the dice fall; and what the oracle remembers of it.

use decide::id::RequestId;
use decide::{Account, Age, Facts, PersonId, Set, Signals, Timestamp};
use flows::account::{Cancel, Register, Verify};
use flows::collection::Put;
use flows::consent::{Answered, Choose, Who};
use flows::purpose::Use;
use flows::rights::Ask;
use flows::{Plain, Secret, Stop};
use sim::world::Dice;

use crate::install::{DAY, Install};
use crate::known::{Closing, Known};
use crate::oracle::due;
use crate::young::{self, Young};

/// The regions.
const REGIONS: [&str; 3] = ["cn", "eu", "us"];

/// What an application brings, by category.
const BROUGHT: [&str; 5] = ["purchase", "support-messages", "interests", "address", "installation"];

fn plain(text: &str) -> Plain {
    Plain::from(text)
}

/// Somebody registers, and mostly proves the address.
pub(crate) async fn register(
    (install, dice): (&mut Install, &mut Dice),
    people: &mut Vec<Known>,
    now: Timestamp,
) {
    let region = REGIONS[dice.below(REGIONS.len())];
    let years = match dice.below(12) {
        0 => young::legal(region) - 2,
        1 | 2 => young::legal(region),
        3 => 17,
        4 => 18,
        _ => 20 + i64::try_from(dice.below(50)).unwrap(),
    };
    let day = i64::try_from(dice.among(360)).unwrap();
    let guardian = dice.chance(150);
    let mut known = enter(install, (people.len(), region), (years, day, guardian), now).await;
    let mails = install.mails(now).await;
    let code = code(&mails, &known.email).unwrap();
    known.young.invited(&mails, &known.email);
    if !dice.chance(40) {
        verify(install, &mut known, &code, now).await;
    }
    people.push(known);
}

/// An account of somebody who is so many years old on a day of this year.
pub(crate) async fn enter(
    install: &Install,
    (n, region): (usize, &str),
    (years, day, guardian): (i64, i64, bool),
    now: Timestamp,
) -> Known {
    let email = format!("planted-{n}@example.com");
    let name = format!("Planted Name {n}");
    let (born, mut young) = Young::new(region, years, day);
    let age = young.age(now);
    let mut data = vec![("name".to_owned(), plain(&name))];
    let guardian = (guardian && age != Age::Adult).then(|| young::address(&email));
    data.extend(guardian.iter().map(|it| (young::CONTACT.to_owned(), plain(it))));
    let form = Register {
        email: plain(&email),
        phone: None,
        birth_date: Some(plain(&born)),
        region: region.to_owned(),
        language: "en".to_owned(),
        accept: install.flows().book().version(),
        screen: "registration".to_owned(),
        data,
        idempotency: None,
    };
    let done = flows::account::register(install.flows(), form, now).await.unwrap().into_inner();
    let id = PersonId::parse(&done.id).unwrap();
    let book = install.flows().book();
    let (_, position) = book.region(region).unwrap();
    let child = age == Age::Child;
    let account = if child { Account::AwaitingGuardian } else { Account::Unverified };
    assert_eq!(done.state, account.word(), "{id}: {age:?}");
    young.begins((age, guardian.is_some()), now);
    let mut known = Known {
        id,
        facts: Facts { age, ..Facts::new(position, account, book.version()) },
        values: std::collections::BTreeMap::default(),
        email: email.clone(),
        registered: now,
        session: None,
        unproved: Some(now.plus_millis(if child { 30 } else { 7 } * DAY)),
        young,
        moved: false,
        closing: None,
        held: None,
        improve: None,
        erased: None,
    };
    known.tell("email", &email, None);
    if let Some(guardian) = &guardian {
        known.tell(young::CONTACT, guardian, None);
    }
    if !child {
        known.tell("name", &name, None);
        known.tell("birth-date", &born, None);
        known.tell("language", "en", None);
    }
    known
}

/// The newest code that was mailed to an address.
pub(crate) fn code(mails: &[String], to: &str) -> Option<String> {
    let (to, says) = (format!("To: {to}"), "Your code is ");
    let mail = mails.iter().rev().find(|it| it.contains(&to) && it.contains(says))?;
    Some(mail.split(says).nth(1)?.chars().take(6).collect())
}

pub(crate) async fn verify(install: &Install, known: &mut Known, code: &str, now: Timestamp) {
    let ask = Verify {
        person: known.id,
        channel: "email".to_owned(),
        code: Secret::given(code),
        label: "Firefox, computer".to_owned(),
        browser: None,
    };
    let done = flows::account::verify(install.flows(), ask, now).await.unwrap().into_inner();
    if known.facts.account == Account::Unverified {
        known.facts.account = Account::Active;
        known.unproved = None;
    }
    assert_eq!(done.state, known.facts.account.word(), "{}", known.id);
    known.young.proved = true;
    known.session = Some(done.session);
}

/// Somebody answers for some purposes.
pub(crate) async fn choose(
    (install, dice): (&Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    let flows = install.flows();
    let book = flows.book();
    let open = book.choices(known.id.region());
    let (mut choices, mut then) = (Vec::new(), known.facts.clone());
    let mut improve = known.improve;
    for (id, purpose) in &open {
        if !dice.chance(100) {
            continue;
        }
        let given = dice.chance(128);
        choices.push((id.clone(), if given { "given" } else { "refused" }.to_owned()));
        if id == crate::change::PURPOSE {
            improve = given.then_some(now);
        }
        then.given = if given { then.given.with(*purpose) } else { then.given.less(*purpose) };
        then.refused =
            if given { then.refused.less(*purpose) } else { then.refused.with(*purpose) };
    }
    let alone = matches!(known.facts.age, Age::Child | Age::ChildAgreed);
    let yes = choices.iter().any(|(_, it)| it == "given");
    if choices.is_empty() {
        return;
    }
    let ask = Choose {
        who: Who::Known(known.id),
        choices,
        text_hash: flows::consent::text_hash(&book, known.id.region(), "en"),
        language: "en".to_owned(),
        signals: Signals::default(),
        screen: "privacy-centre".to_owned(),
        idempotency: None,
    };
    match flows::consent::choose(flows, ask, now).await {
        Ok(Answered::Known(_)) if !(alone && yes) => {
            known.facts = then;
            known.improve = improve;
            known.young.asked_anew &= alone;
        }
        // Below the legal age a guardian says yes.
        Err(Stop::NotNow(_)) if alone && yes => {}
        other => panic!("{}: {other:?}", known.id),
    }
}

/// An application brings a value, where it may.
pub(crate) async fn bring(
    (install, dice): (&Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    let category = BROUGHT[dice.below(BROUGHT.len())];
    let value = format!("planted {category} {} {}", known.email, now.millis());
    let source = match category {
        "interests" => "derived",
        _ => "staff",
    };
    let ask = Put {
        person: known.id,
        category: category.to_owned(),
        value: plain(&value),
        source: source.to_owned(),
        purpose: None,
        idempotency: None,
    };
    match flows::collection::put(install.flows(), &install.app, ask, now).await {
        Ok(_) => {
            let region = known.id.region();
            let due = due(install.flows(), (region.as_str(), category), now);
            known.tell(category, &value, due);
        }
        Err(Stop::Refused(_)) => {}
        Err(other) => panic!("{}: {other:?}", known.id),
    }
}

/// An application asks for values, and gets what is known or nothing.
pub(crate) async fn use_values(
    (install, dice): (&Install, &mut Dice),
    known: &Known,
    now: Timestamp,
) {
    let book = install.flows().book();
    let purposes: Vec<&String> = book.policy().purposes.keys().collect();
    let purpose = purposes[dice.below(purposes.len())].clone();
    let categories = book.policy().categories.iter().filter(|(_, it)| !it.events);
    let categories = categories.map(|(id, _)| id.clone()).filter(|it| it != "password").collect();
    let ask = Use { person: known.id, purpose, categories };
    match flows::purpose::use_values(install.flows(), &install.app, &ask, now).await {
        Ok(used) => {
            for (category, value) in used.into_inner().values.0.clone() {
                let last = known.values.get(&category).map(|(it, _)| it.as_str());
                assert_eq!(last, Some(value.as_str()), "{}: `{category}`", known.id);
            }
        }
        Err(Stop::Refused(_)) => {}
        Err(Stop::Gone) => assert!(known.erased.is_some(), "{}: gone without a word", known.id),
        Err(other) => panic!("{}: {other:?}", known.id),
    }
}

/// Somebody corrects their name, or deletes a value.
pub(crate) async fn change(
    (install, dice): (&Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    if dice.chance(128) {
        let name = format!("Planted Other {} {}", known.email, now.millis());
        let fix = ("name", plain(&name), None);
        match flows::rights::correct(install.flows(), known.id, fix, now).await {
            Ok(_) => known.tell("name", &name, None),
            Err(Stop::Refused(_)) => {}
            Err(other) => panic!("{}: {other:?}", known.id),
        }
        return;
    }
    let held: Vec<String> = known
        .values
        .keys()
        .filter(|it| !["email", "birth-date", young::CONTACT].contains(&it.as_str()))
        .cloned()
        .collect();
    if held.is_empty() {
        return;
    }
    let category = held[dice.below(held.len())].clone();
    match flows::rights::delete(install.flows(), known.id, &category, now).await {
        Ok(_) => drop(known.values.remove(&category)),
        // Its time was over, and the sweeper was quicker.
        Err(Stop::NotFound) => {
            let over =
                known.values.get(&category).is_some_and(|(_, due)| due.is_some_and(|it| it <= now));
            assert!(over, "{}: `{category}` is not there", known.id);
        }
        Err(other) => panic!("{}: {other:?}", known.id),
    }
}

/// Somebody restricts, or lifts it; objects, or takes that back.
pub(crate) async fn claim(
    (install, dice): (&Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    let book = install.flows().book();
    let lift = dice.chance(128);
    let mut ask = Ask { lift, ..Ask::default() };
    let restrict = dice.chance(100);
    if restrict {
        ask.right = "restrict".to_owned();
    } else {
        ask.right = "object".to_owned();
        let open = book.choices(known.id.region());
        ask.purpose = Some(open[dice.below(open.len())].0.clone());
    }
    let purpose = ask.purpose.clone();
    let done = flows::rights::ask(install.flows(), known.id, ask, now).await;
    match (done, known.facts.account, restrict) {
        (Ok(_), Account::Active, true) if !lift => known.facts.account = Account::Restricted,
        (Ok(_), Account::Restricted, true) if lift => known.facts.account = Account::Active,
        (Err(Stop::NotNow(_)), _, true) => {}
        (Ok(_), _, false) => {
            let purpose = book.purpose(&purpose.unwrap()).unwrap();
            let all = known.facts.objected;
            known.facts.objected = if lift { all.less(purpose) } else { all.with(purpose) };
        }
        (other, account, _) => panic!("{}: {account:?} {other:?}", known.id),
    }
}

/// Somebody closes the account.
pub(crate) async fn close(install: &Install, known: &mut Known, now: Timestamp) {
    let done = flows::account::close(install.flows(), known.id, (None, None), now).await;
    let done = done.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner();
    let request = RequestId::parse(&done.request).unwrap();
    let window = install.flows().book().policy().account.as_ref().unwrap().change_mind;
    let region = known.id.region();
    let due = install.flows().book().policy().due(region.as_str(), now, window).unwrap();
    assert_eq!(done.effective_at, flows::when(due));
    known.closing = Some(Closing { request, due, before: known.facts.account });
    known.facts.account = Account::Closing;
}

/// Somebody changes their mind.
pub(crate) async fn cancel(install: &Install, known: &mut Known, now: Timestamp) {
    let Some(closing) = known.closing.take() else { return };
    let ask = Cancel { person: known.id, request: closing.request, token: None };
    let done = flows::account::cancel(install.flows(), ask, now).await;
    drop(done.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)));
    known.facts.account = closing.before;
}

/// What the clocks of a person did by themselves until now; whether two of them ran out since the last
/// look, so that what came of it hangs on which was first.
pub(crate) fn time_passes(known: &mut Known, now: Timestamp) -> bool {
    if known.erased.is_some() {
        return false;
    }
    known.swept(now);
    known.held.take_if(|it| it.until <= now);
    let closed = known.closing.as_ref().is_some_and(|it| it.due <= now);
    let waits = matches!(known.facts.account, Account::Unverified | Account::AwaitingGuardian);
    let never = waits && known.unproved.is_some_and(|it| it <= now);
    let both = never && !closed && young::grows(known, now).is_some();
    if closed || (never && !both) {
        erased(known, now);
    } else if !both {
        young::time_passes(known, now);
    }
    both
}

/// Everything went.
pub(crate) fn erased(known: &mut Known, now: Timestamp) {
    known.erased = Some(now);
    known.facts.account = Account::Closed;
    known.values.clear();
    known.facts.given = Set::EMPTY;
}
