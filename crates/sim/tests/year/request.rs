//! Requests to exercise a right, by people and by those who write in: each with a deadline by region, an
//! identity that is known before anything is done, and an answer in writing.

use decide::id::RequestId;
use decide::{Account, PersonId, Right, Timestamp};
use flows::queue::{Look, REQUESTS, Standing};
use flows::rights::{self, Answer, Ask, Identify, Open};
use flows::{Plain, Secret, Stop};
use sim::world::Dice;

use crate::act::code;
use crate::install::{DAY, Install};
use crate::known::{Closing, Known};
use crate::young;

/// Who of staff works on them.
const STAFF: &str = "stf_officer";
/// Rights of which somebody asks in words.
const IN_WORDS: [&str; 4] = ["access", "export", "correct", "delete"];

/// A request, as the oracle remembers it.
pub(crate) struct Case {
    id: RequestId,
    whose: PersonId,
    /// Who of the people; a stranger is none of them.
    at: Option<usize>,
    email: String,
    right: &'static str,
    purpose: Option<String>,
    received: Timestamp,
    due: Timestamp,
    extended: bool,
    /// Whether it is known who asks.
    known: bool,
    by: By,
    /// When it ended.
    ended: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Person,
    Staff,
}

impl Case {
    /// When the desk is reminded: a third of the time before the deadline, three days at most.
    fn reminded(&self) -> Timestamp {
        let third = (self.due.millis() - self.received.millis()) / 3;
        self.due.plus_millis(-third.clamp(0, 3 * DAY))
    }

    /// The request among these that it repeats, if there is one.
    fn repeats(&self, of: &[Self]) -> bool {
        of.iter().any(|it| it.ended.is_none() && it.whose == self.whose && it.right == self.right)
    }
}

/// Until when somebody in a region has an answer.
fn deadline(install: &Install, right: &str, region: &str, from: Timestamp) -> Timestamp {
    let book = install.flows().book();
    let rule = book.policy().rights.get(&Right::from_word(right).unwrap()).unwrap();
    let within = rule.within.get(region).unwrap_or_else(|| panic!("{right}: no time in {region}"));
    book.policy().due(region, from, *within).unwrap()
}

/// Somebody asks in words, signed in.
pub(crate) async fn ask(
    (install, dice): (&Install, &mut Dice),
    (at, known): (usize, &Known),
    (all, now): (&mut Vec<Case>, Timestamp),
) {
    let right = IN_WORDS[dice.below(IN_WORDS.len())];
    let open = all.iter().filter(|it| it.whose == known.id && it.ended.is_none()).count();
    if open > 5 {
        return;
    }
    let text = Some(Plain::new(format!("planted wish {}: with the reasons, please", all.len())));
    let ask = Ask { right: right.to_owned(), text, ..Ask::default() };
    let seen = rights::ask(install.flows(), known.id, ask, now).await;
    let seen = seen.unwrap_or_else(|it| panic!("{}: {it:?}", known.id)).into_inner();
    let due = deadline(install, right, known.id.region().as_str(), now);
    assert_eq!((seen.state.as_str(), &seen.due), ("received", &flows::when(due)), "{}", seen.id);
    let case = Case {
        id: RequestId::parse(&seen.id).unwrap(),
        whose: known.id,
        at: Some(at),
        email: known.email.clone(),
        right,
        purpose: None,
        received: now,
        due,
        extended: false,
        known: true,
        by: By::Person,
        ended: None,
    };
    assert_eq!(seen.duplicate_of.is_some(), case.repeats(all), "{}: linked", seen.id);
    all.push(case);
}

/// Somebody writes in, whom nobody has to know: staff opens a request, and nothing is done about it.
pub(crate) async fn write_in(
    (install, dice): (&Install, &mut Dice),
    (at, people): (Option<usize>, &[Known]),
    (all, now): (&mut Vec<Case>, Timestamp),
) {
    let n = all.len();
    let right = match at {
        Some(_) => REQUESTS[dice.below(REQUESTS.len())],
        None => IN_WORDS[dice.below(2)],
    };
    let known = at.map(|at| &people[at]);
    let region =
        known.map_or(["cn", "eu", "us"][dice.below(3)].to_owned(), |it| it.id.region().to_string());
    let email = known.map_or(format!("planted-writer-{n}@example.com"), |it| it.email.clone());
    let before = i64::try_from(dice.below(12)).unwrap();
    let received = now.plus_millis(-before * DAY);
    let book = install.flows().book();
    let purpose = known.filter(|_| ["withdraw", "object"].contains(&right)).map(|it| {
        let open = book.choices(it.id.region());
        open[dice.below(open.len())].0.clone()
    });
    let ask = Open {
        right: right.to_owned(),
        address: Some(Plain::from(email.as_str())),
        region: Some(region.clone()),
        language: "en".to_owned(),
        purpose: purpose.clone(),
        text: Some(Plain::new(format!("planted letter {n}"))),
        received: Some(received),
        ..Open::default()
    };
    let opened = rights::open(install.flows(), flows::security::By::Staff(STAFF), ask, now).await;
    let opened = opened.unwrap_or_else(|it| panic!("{email}: {it:?}")).into_inner();
    assert!(known.is_none_or(|it| it.id.to_string() == opened.person), "{email}: somebody else");
    let due = deadline(install, right, &region, received);
    assert_eq!((&opened.identity, &opened.due), (&None, &flows::when(due)), "{}", opened.id);
    let case = Case {
        id: RequestId::parse(&opened.id).unwrap(),
        whose: PersonId::parse(&opened.person).unwrap(),
        at,
        email,
        right,
        purpose,
        received,
        due,
        extended: false,
        known: false,
        by: By::Staff,
        ended: None,
    };
    assert_eq!(opened.duplicate_of.is_some(), case.repeats(all), "{}: linked", opened.id);
    let early = rights::answer(install.flows(), STAFF, (case.id, words()), now).await;
    assert!(matches!(early, Err(Stop::NotNow(_))), "{}: nobody knows who asks", opened.id);
    all.push(case);
}

fn words() -> Answer {
    Answer {
        text: Some(Plain::from("We looked at it, and this is what we found.")),
        ..Answer::default()
    }
}

/// The desk works on what stands open, on each with a chance of so many in 256.
pub(crate) async fn work(
    (install, dice): (&mut Install, &mut Dice),
    (people, share): (&mut [Known], u8),
    (all, now): (&mut [Case], Timestamp),
) {
    for case in all.iter_mut().filter(|it| it.ended.is_none()) {
        let known = case.at.map(|at| &mut people[at]);
        let stands = known.as_ref().is_none_or(|it| {
            let uses = matches!(it.facts.account, Account::Active | Account::Restricted);
            it.erased.is_none() && it.held.is_none() && uses
        });
        if !stands || !dice.chance(share) {
            continue;
        }
        match dice.below(8) {
            _ if !case.known => identify((install, dice), case, now).await,
            0 | 1 => extend(install, case, now).await,
            2 => refuse(install, case, now).await,
            _ => answer((install, dice), (case, known), now).await,
        }
    }
}

/// By a code to the address from which they wrote, or by documents.
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
async fn identify((install, dice): (&mut Install, &mut Dice), case: &mut Case, now: Timestamp) {
    if dice.chance(80) {
        let how = (case.id, Identify::Documents);
        let seen = rights::identify(install.flows(), STAFF, how, now).await.unwrap().into_inner();
        assert_eq!(seen.identity.as_deref(), Some("documents"));
        case.known = true;
        return;
    }
    match rights::identify(install.flows(), STAFF, (case.id, Identify::Code), now).await {
        Ok(_) => {}
        // Many codes came to nothing.
        Err(Stop::NotNow(_)) => return,
        Err(other) => panic!("{}: {other:?}", case.id),
    }
    let mails = install.mails(now).await;
    let sent = code(&mails, &case.email).unwrap();
    let link = rights::link(install.flows(), case.id).unwrap();
    let link = Secret::given(link.split("token=").nth(1).unwrap());
    if dice.chance(60) {
        let wrong = Secret::given(if sent == "000000" { "000001" } else { "000000" });
        let tried = rights::prove(install.flows(), (case.id, &link), wrong, now).await;
        assert!(matches!(tried, Err(Stop::Wrong)), "{}: known by another code", case.id);
        let early = rights::answer(install.flows(), STAFF, (case.id, words()), now).await;
        assert!(matches!(early, Err(Stop::NotNow(_))), "{}: nobody knows who asks", case.id);
        return;
    }
    let proved = rights::prove(install.flows(), (case.id, &link), Secret::given(sent), now).await;
    assert_eq!(proved.unwrap().into_inner().identity.as_deref(), Some("code"));
    case.known = true;
}

/// Longer: once, inside the first period, where the policy lets it.
async fn extend(install: &Install, case: &mut Case, now: Timestamp) {
    let why = Plain::from("Your records lie in several archives.");
    let book = install.flows().book();
    let region = case.whose.region();
    let rule = book.policy().rights.get(&Right::from_word(case.right).unwrap()).unwrap();
    let more = rule.extension.get(region.as_str()).filter(|_| !case.extended && case.due > now);
    let done = rights::extend(install.flows(), STAFF, (case.id, why), now).await;
    match (done, more) {
        (Ok(done), Some(more)) => {
            case.due = book.policy().due(region.as_str(), case.due, *more).unwrap();
            case.extended = true;
            assert_eq!(done.into_inner().due, flows::when(case.due), "{}", case.id);
        }
        (Err(Stop::NotNow(_)), None) => {}
        (other, _) => panic!("{}: {other:?}", case.id),
    }
}

async fn refuse(install: &Install, case: &mut Case, now: Timestamp) {
    let silent = rights::refuse(install.flows(), STAFF, (case.id, Plain::from(" ")), now).await;
    assert!(matches!(silent, Err(Stop::Invalid { .. })), "{}: refused without a word", case.id);
    let why = Plain::from("It is about somebody else.");
    let done = rights::refuse(install.flows(), STAFF, (case.id, why), now).await.unwrap();
    assert_eq!(done.into_inner().state, "refused");
    ends(install, case, now).await;
}

/// What is asked for is done.
async fn answer(
    (install, dice): (&Install, &mut Dice),
    (case, known): (&mut Case, Option<&mut Known>),
    now: Timestamp,
) {
    let mut answer = words();
    let own = ["email", "birth-date", young::CONTACT];
    let held = known.iter().flat_map(|it| it.values.keys());
    let held: Vec<String> = held.filter(|it| !own.contains(&it.as_str())).cloned().collect();
    match case.right {
        "correct" if held.iter().any(|it| it == "name") => {
            answer
                .values
                .push(("name".to_owned(), Plain::new(format!("Planted Right {}", case.id))));
        }
        "delete" => {
            let gone = if held.is_empty() { "address" } else { &held[dice.below(held.len())] };
            answer.categories.push(gone.to_owned());
        }
        _ => {}
    }
    let gone = answer.categories.first().cloned();
    let right = answer.values.first().map(|(_, it)| it.as_str().to_owned());
    match rights::answer(install.flows(), STAFF, (case.id, answer), now).await {
        Ok(done) => {
            let state = if case.right == "close-account" { "waiting" } else { "done" };
            assert_eq!(done.into_inner().state, state, "{}", case.id);
        }
        Err(Stop::NotNow(_)) if case.right == "restrict" => {
            let restricted = known.is_some_and(|it| it.facts.account == Account::Restricted);
            assert!(restricted, "{}: could be restricted", case.id);
            return;
        }
        Err(other) => panic!("{} `{}`: {other:?}", case.id, case.right),
    }
    if let Some(known) = known {
        follows(install, (case, known), (gone, right), now);
    }
    ends(install, case, now).await;
}

/// What the oracle knows since then.
fn follows(
    install: &Install,
    (case, known): (&Case, &mut Known),
    (gone, right): (Option<String>, Option<String>),
    now: Timestamp,
) {
    let book = install.flows().book();
    let purpose = case.purpose.as_ref().map(|it| book.purpose(it).unwrap());
    match (case.right, purpose) {
        ("correct", _) => {
            if let Some(name) = right {
                known.tell("name", &name, None);
            }
        }
        ("delete", _) => drop(gone.and_then(|it| known.values.remove(&it))),
        ("restrict", _) => known.facts.account = Account::Restricted,
        ("object", Some(purpose)) => known.facts.objected = known.facts.objected.with(purpose),
        ("withdraw", Some(purpose)) => {
            known.facts.given = known.facts.given.less(purpose);
            known.facts.refused = known.facts.refused.with(purpose);
            if case.purpose.as_deref() == Some(crate::change::PURPOSE) {
                known.improve = None;
            }
        }
        ("close-account", _) => {
            let window = book.policy().account.as_ref().unwrap().change_mind;
            let due = book.policy().due(known.id.region().as_str(), now, window).unwrap();
            let before = known.facts.account;
            known.closing = Some(Closing { request: case.id, due, before });
            known.facts.account = Account::Closing;
        }
        _ => {}
    }
}

/// It ended: whoever asked has it in writing.
async fn ends(install: &Install, case: &mut Case, now: Timestamp) {
    case.ended = Some(now);
    let seen = rights::request(install.flows(), case.whose, case.id, now).await.unwrap();
    let seen = seen.into_inner();
    let closing = case.right == "close-account" && seen.request.state == "waiting";
    let written = seen.said.iter().any(|it| it.kind == "out" && !it.text.is_empty());
    assert!(written || closing, "{}: ended without a word", case.id);
    assert!(seen.text.is_some() || closing, "{}: what was asked is not there", case.id);
}

/// Whoever is erased asks for nothing any more.
pub(crate) fn time_passes(all: &mut [Case], people: &[Known]) {
    for case in all.iter_mut().filter(|it| it.ended.is_none()) {
        let gone = case.at.and_then(|at| people[at].erased);
        case.ended = case.ended.or(gone);
    }
}

/// What is open stands in the queue with its deadline, and the desk was reminded of what runs out.
pub(crate) async fn check(install: &Install, all: &[Case], now: Timestamp) {
    let mut lines: Vec<Standing> = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let look = Look { kinds: &REQUESTS, done: false, cursor: cursor.as_deref() };
        let page = flows::queue::look(install.flows(), &look, now).await.unwrap();
        lines.extend(page.cases);
        match page.next {
            Some(next) => cursor = Some(next),
            None => break,
        }
    }
    let open = || all.iter().filter(|it| it.ended.is_none());
    let mut mine = 0;
    for line in &lines {
        let case = open().find(|it| it.id.to_string() == line.id);
        // What is being closed has another clock.
        let Some(case) = case else {
            assert_eq!(line.kind, "close-account", "{}: still open", line.id);
            continue;
        };
        mine += 1;
        assert_eq!(line.due, flows::when(case.due), "{}", line.id);
        assert_eq!(line.overdue, case.due < now, "{}", line.id);
        let told = line.about["reminded"] == true;
        assert_eq!(told, case.reminded() <= now, "{}: reminded; due {}", line.id, line.due);
        let known = !line.about["identity"].is_null();
        assert_eq!(known, case.known, "{}: known who asks", line.id);
        assert_eq!(!line.about["opened_by"].is_null(), case.by == By::Staff, "{}", line.id);
    }
    assert_eq!(mine, open().count(), "every open request stands in the queue");
}

/// A stranger is not kept after the time to complain.
pub(crate) async fn check_strangers(install: &Install, all: &[Case], now: Timestamp) {
    let over = |it: &&Case| it.ended.is_some_and(|at| at.plus_millis(31 * DAY) <= now);
    for case in all.iter().filter(|it| it.at.is_none()).filter(over).take(5) {
        let seen = rights::request(install.flows(), case.whose, case.id, now).await;
        assert!(matches!(seen, Err(Stop::Gone)), "{}: a stranger is kept", case.id);
    }
}
