//! Whoever is below age: a guardian who is asked, agrees, refuses or never answers, and the day on which
//! somebody comes of age. What holds of them is reckoned here by a table and a calendar of its own.

use decide::{Account, Age, Set, Timestamp};
use flows::account::Me;
use flows::consent::{Answered, Choose, Who};
use flows::minors::{Answer, Enter, Invite};
use flows::{Acting, Plain, Secret, Stop};
use sim::world::Dice;

use crate::act::{code, erased};
use crate::install::{DAY, HOUR, Install, START};
use crate::known::Known;

/// The category of a guardian's address.
pub(crate) const CONTACT: &str = "guardian-contact";
/// What is never done with the data of the young.
pub(crate) const NEVER: [&str; 2] = ["advertise", "measure"];

/// Age, and who decides.
#[derive(Debug)]
pub(crate) struct Young {
    /// When they are old enough to decide alone, and when they are of age.
    legal: Timestamp,
    full: Timestamp,
    /// Whether the address was proved.
    pub(crate) proved: bool,
    /// Came of age and has not answered since.
    pub(crate) asked_anew: bool,
    guardian: Guardian,
}

/// Where a guardian stands.
#[derive(Debug)]
enum Guardian {
    /// None was asked.
    Nobody,
    /// There is a link, or a child is asked for one.
    Asked { link: Option<Secret>, until: Timestamp },
    /// They agreed, and were signed in.
    Agreed { session: Secret, since: Timestamp },
}

/// How old somebody must be to decide alone.
pub(crate) fn legal(region: &str) -> i64 {
    match region {
        "cn" => 14,
        "eu" => 16,
        _ => 13,
    }
}

/// The guardian of whoever has an address.
pub(crate) fn address(email: &str) -> String {
    email.replace("planted-", "planted-guardian-")
}

/// Hours by which a region is ahead of UTC when a day of this year begins: the days on which summer time
/// begins and ends, as they stand in an almanac.
fn ahead(region: &str, day: &str) -> i64 {
    match region {
        "cn" => 8,
        "eu" if ("2026-03-30".."2026-10-26").contains(&day) => 2,
        "eu" => 1,
        _ if ("2026-03-09".."2026-11-02").contains(&day) => -7,
        _ => -8,
    }
}

impl Young {
    /// Somebody who is so many years old on a day after the beginning; and when they were born.
    pub(crate) fn new(region: &str, years: i64, day: i64) -> (String, Self) {
        let midnight = START - START.rem_euclid(DAY) + day * DAY;
        let date = flows::when(Timestamp::from_millis(midnight)).split_at(10).0.to_owned();
        let at = Timestamp::from_millis(midnight - ahead(region, &date) * HOUR);
        let of = |age: i64| match years.cmp(&age) {
            // The year has a few days more than one, and its second birthdays.
            std::cmp::Ordering::Less if years + 1 == age => at.plus_millis(365 * DAY),
            std::cmp::Ordering::Less => Timestamp::from_millis(i64::MAX),
            std::cmp::Ordering::Equal => at,
            std::cmp::Ordering::Greater => Timestamp::from_millis(i64::MIN),
        };
        let (year, rest) = date.split_at(4);
        let born = format!("{}{rest}", year.parse::<i64>().unwrap() - years);
        let young = Self {
            legal: of(legal(region)),
            full: of(18),
            proved: false,
            asked_anew: false,
            guardian: Guardian::Nobody,
        };
        (born, young)
    }

    /// Whether they are below 18, whatever anybody agreed to.
    pub(crate) fn is_below_age(&self, now: Timestamp) -> bool {
        now < self.full
    }

    /// The age of somebody for whom nobody has agreed.
    pub(crate) fn age(&self, now: Timestamp) -> Age {
        if now >= self.full {
            Age::Adult
        } else if now >= self.legal {
            Age::Minor
        } else {
            Age::Child
        }
    }

    /// They registered, and named a guardian or not.
    pub(crate) fn begins(&mut self, (age, named): (Age, bool), now: Timestamp) {
        if age == Age::Child || named {
            self.guardian = Guardian::Asked { link: None, until: now.plus_millis(30 * DAY) };
        }
    }

    /// Takes the link from what was mailed to the guardian.
    pub(crate) fn invited(&mut self, mails: &[String], email: &str) {
        let to = format!("To: {}", address(email));
        let mail = mails.iter().rev().find(|it| it.contains(&to) && it.contains("agreement"));
        let Some(mail) = mail else { return };
        if let Guardian::Asked { link, .. } = &mut self.guardian {
            *link = Some(secret(&mail.replace("=\r\n", "").replace("=3D", "=")));
        }
    }
}

/// The secret of a link.
fn secret(text: &str) -> Secret {
    let rest = text.split("/privacy/guardian/").nth(1).unwrap();
    Secret::given(rest.split('?').next().unwrap())
}

/// The age from now on, if it became another one.
pub(crate) fn grows(known: &Known, now: Timestamp) -> Option<Age> {
    match (known.facts.age, known.young.age(now)) {
        (Age::Child, then @ (Age::Minor | Age::Adult)) => Some(then),
        (Age::ChildAgreed, Age::Minor) => Some(Age::MinorAgreed),
        (Age::ChildAgreed | Age::Minor | Age::MinorAgreed, Age::Adult) => Some(Age::Adult),
        _ => None,
    }
}

/// A guardian did not answer in time, or somebody came of age: what rested on a yes stops.
pub(crate) fn time_passes(known: &mut Known, now: Timestamp) {
    let over = matches!(known.young.guardian, Guardian::Asked { until, .. } if until <= now);
    if over {
        known.young.guardian = Guardian::Nobody;
        known.values.remove(CONTACT);
    }
    let Some(age) = grows(known, now) else { return };
    known.facts.age = age;
    known.facts.given = Set::EMPTY;
    known.improve = None;
    known.young.asked_anew = true;
    if known.facts.account == Account::AwaitingGuardian {
        opens(known, now);
    }
    // Between the legal age and full age a guardian may still be asked: that link stays good.
    let waits = matches!(known.young.guardian, Guardian::Asked { .. });
    if age == Age::Adult || !waits {
        known.young.guardian = Guardian::Nobody;
        known.values.remove(CONTACT);
    }
}

/// Nobody is waited for any more but for the proof of the address.
fn opens(known: &mut Known, now: Timestamp) {
    if known.young.proved {
        (known.facts.account, known.unproved) = (Account::Active, None);
    } else {
        known.facts.account = Account::Unverified;
        known.unproved = Some(now.plus_millis(7 * DAY));
    }
}

/// Two clocks ran out since the last look: what came of it is taken as it is answered, one of the two.
pub(crate) async fn settle(install: &Install, known: &mut Known, now: Timestamp) {
    let Me { age, state, .. } = match flows::account::me(install.flows(), known.id, None, now).await
    {
        Ok(seen) => seen.into_inner(),
        Err(Stop::Gone) => return erased(known, now),
        Err(other) => panic!("{}: {other:?}", known.id),
    };
    time_passes(known, now);
    let stands = if known.young.proved { "active" } else { "unverified" };
    assert_eq!((age.as_str(), state.as_str()), (known.facts.age.word(), stands));
    let shown = flows::rights::data(install.flows(), known.id, "en", now).await.unwrap();
    let shown = shown.into_inner();
    known.values.retain(|category, _| shown.data.iter().any(|it| &it.category == category));
}

/// Something happens between somebody below age and a guardian.
pub(crate) async fn act(
    (install, dice): (&mut Install, &mut Dice),
    known: &mut Known,
    now: Timestamp,
) {
    let stands = match known.facts.account {
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted => {
            known.young.is_below_age(now)
        }
        Account::Visitor | Account::Closing | Account::Closed => false,
    };
    // Who had the use of their data restricted gives no new ones, a guardian's address neither.
    let restricted = known.facts.account == Account::Restricted;
    if !stands || restricted && !matches!(known.young.guardian, Guardian::Agreed { .. }) {
        return;
    }
    match (&known.young.guardian, known.facts.age) {
        (Guardian::Agreed { .. }, _) => guards((install, dice), known, now).await,
        (Guardian::Asked { link: Some(_), .. }, _) if dice.chance(200) => {
            answers((install, dice), known, now).await;
        }
        (Guardian::Nobody | Guardian::Asked { .. }, Age::Child | Age::Minor) => {
            invite((install, dice), known, now).await;
        }
        (Guardian::Nobody | Guardian::Asked { .. }, _) => {}
    }
}

/// A guardian is asked, by mail or by a link that the child sends.
async fn invite((install, dice): (&mut Install, &mut Dice), known: &mut Known, now: Timestamp) {
    let to = dice.chance(160).then(|| address(&known.email));
    let ask = Invite { email: to.as_deref().map(Plain::from), language: "en".to_owned() };
    let done = flows::minors::invite(install.flows(), known.id, ask, now).await;
    let done = match done {
        Ok(done) => done.into_inner(),
        // Many links in one day.
        Err(Stop::NotNow(_)) => return,
        Err(other) => panic!("{}: {other:?}", known.id),
    };
    // A child's account goes on its day, however often a guardian is asked.
    let until = match &known.young.guardian {
        Guardian::Asked { until, .. } if known.facts.age == Age::Child => *until,
        _ => now.plus_millis(30 * DAY),
    };
    assert_eq!(done.until, flows::when(until), "{}", known.id);
    let link = done.link.as_deref().map(secret);
    known.young.guardian = Guardian::Asked { link, until };
    let mails = install.mails(now).await;
    match &to {
        Some(to) => {
            known.tell(CONTACT, to, None);
            known.young.invited(&mails, &known.email);
        }
        None => drop(known.values.remove(CONTACT)),
    }
}

/// The guardian is reached by a code, and agrees or refuses.
async fn answers((install, dice): (&mut Install, &mut Dice), known: &mut Known, now: Timestamp) {
    let Guardian::Asked { link: Some(link), .. } = &known.young.guardian else { return };
    let token = Secret::given(link.as_str());
    let to = address(&known.email);
    let says = |decision: &str, code: Option<&str>| Answer {
        decision: decision.to_owned(),
        birth_date: Some(Plain::from("1980-03-04")),
        code: code.map(Secret::given),
        email: Some(Plain::from(to.as_str())),
        language: "en".to_owned(),
        ..Answer::default()
    };
    let sent = flows::minors::answer(install.flows(), &token, says("code", None), now).await;
    assert_eq!(sent.unwrap().into_inner().state, "reached", "{}", known.id);
    known.tell(CONTACT, &to, None);
    let mails = install.mails(now).await;
    let code = code(&mails, &to).unwrap();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    if dice.chance(60) {
        let tried = flows::minors::answer(install.flows(), &token, says("agree", Some(wrong)), now);
        assert!(matches!(tried.await, Err(Stop::Wrong)), "{}: agreed without a code", known.id);
    }
    let decision = if dice.chance(60) { "refuse" } else { "agree" };
    let done = flows::minors::answer(install.flows(), &token, says(decision, Some(&code)), now);
    let done = done.await.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner();
    if decision == "refuse" {
        assert_eq!(done.state, "refused");
        return erased(known, now);
    }
    assert_eq!(done.state, "agreed");
    known.young.guardian = Guardian::Agreed { session: done.session.unwrap(), since: now };
    if known.facts.age == Age::Child {
        known.facts.age = Age::ChildAgreed;
        known.facts.given = Set::EMPTY;
        known.improve = None;
    } else {
        known.facts.age = Age::MinorAgreed;
    }
    if known.facts.account == Account::AwaitingGuardian {
        opens(known, now);
    }
}

/// The guardian looks at what is held, and chooses for the child.
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
async fn guards((install, dice): (&mut Install, &mut Dice), known: &mut Known, now: Timestamp) {
    let who = signed_in(install, known, now).await;
    let flows = install.flows();
    let shown = flows::rights::data(flows, who, "en", now).await.unwrap().into_inner();
    assert!(shown.data.iter().any(|it| it.category == "email"), "{}", known.id);
    if known.facts.age != Age::ChildAgreed {
        return;
    }
    let book = flows.book();
    let (mut choices, mut then) = (Vec::new(), known.facts.clone());
    let mut improve = known.improve;
    for (id, purpose) in book.choices(known.id.region()) {
        if NEVER.contains(&id.as_str()) || dice.chance(100) {
            continue;
        }
        let given = dice.chance(160);
        choices.push((id.clone(), if given { "given" } else { "refused" }.to_owned()));
        if id == crate::change::PURPOSE {
            improve = given.then_some(now);
        }
        then.given = if given { then.given.with(purpose) } else { then.given.less(purpose) };
        then.refused = if given { then.refused.less(purpose) } else { then.refused.with(purpose) };
    }
    let choose = |choices| Choose {
        who: Who::Guardian(who),
        choices,
        text_hash: flows::consent::text_hash(&book, known.id.region(), "en"),
        language: "en".to_owned(),
        signals: decide::Signals::default(),
        screen: "privacy-centre".to_owned(),
        idempotency: None,
    };
    let never = choose(vec![(NEVER[0].to_owned(), "given".to_owned())]);
    let never = flows::consent::choose(flows, never, now).await;
    assert!(matches!(never, Err(Stop::Invalid { .. })), "{}: advertising to a child", known.id);
    if choices.is_empty() {
        return;
    }
    match flows::consent::choose(flows, choose(choices), now).await {
        Ok(Answered::Known(_)) => (known.facts, known.improve) = (then, improve),
        other => panic!("{}: {other:?}", known.id),
    }
}

/// The guardian, by a session or, after its two weeks, by another code.
async fn signed_in(install: &mut Install, known: &mut Known, now: Timestamp) -> Acting {
    let Guardian::Agreed { session, since } = &known.young.guardian else {
        panic!("{}: nobody agreed", known.id)
    };
    let good = since.plus_millis(14 * DAY) > now;
    let found = flows::minors::guard(install.flows(), session, now).await.unwrap();
    assert_eq!(found.is_some(), good, "{}: since {}", known.id, flows::when(*since));
    if let Some(found) = found {
        return found;
    }
    let to = address(&known.email);
    let ask = |code: Option<Secret>| Enter {
        contact: Plain::from(to.as_str()),
        region: None,
        code,
        language: "en".to_owned(),
        label: String::new(),
    };
    flows::minors::send_guardian_code(install.flows(), ask(None), now).await.unwrap();
    let mails = install.mails(now).await;
    let given = Secret::given(code(&mails, &to).unwrap());
    let entered = flows::minors::enter(install.flows(), ask(Some(given)), now).await;
    let session = entered.unwrap().into_inner().session;
    let found = flows::minors::guard(install.flows(), &session, now).await.unwrap().unwrap();
    known.young.guardian = Guardian::Agreed { session, since: now };
    found
}
