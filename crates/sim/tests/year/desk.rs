//! People write in with an account and without one, ask something or complain, and the desk answers some
//! in time, some late; what is promised of the clocks is held after each look.

use decide::id::MessageId;
use decide::{Account, Timestamp};
use flows::messages::desk::{self, Asked, Decide, Reply};
use flows::messages::{Leave, OfKind, Service};
use flows::{Plain, Stop};
use sim::world::Dice;

use crate::install::{DAY, HOUR, Install, START};
use crate::known::Known;

/// What somebody wrote, as the oracle remembers it.
pub(crate) struct Wrote {
    id: MessageId,
    kind: &'static str,
    /// Who of the people; a stranger is none of them.
    at: Option<usize>,
    text: String,
    received: Timestamp,
    /// Until when it is answered, and when a manager is called.
    due: Timestamp,
    escalate: Timestamp,
    /// When it was answered first.
    answered: Option<Timestamp>,
    /// The process died before its counters were written down, which happens each second.
    unsure: bool,
}

const MESSAGE: &str = "message";
const COMPLAINT: &str = "complaint";

impl Wrote {
    fn in_time(&self) -> bool {
        self.answered.is_some_and(|it| it <= self.due)
    }

    /// Whether the text went with the key of whoever wrote it.
    fn is_gone(&self, people: &[Known]) -> bool {
        self.at.is_some_and(|at| people[at].erased.is_some())
    }
}

/// Until when something of a kind is answered, and when a manager is called.
fn clocks(
    install: &Install,
    (kind, region): (&str, &str),
    now: Timestamp,
) -> (Timestamp, Timestamp) {
    if kind == MESSAGE {
        return (now.plus_millis(24 * HOUR), now.plus_millis(20 * HOUR));
    }
    let book = install.flows().book();
    let declared = book.policy().complaints.as_ref().unwrap();
    // Days are those of the region: where its clocks change, a week is an hour longer or shorter.
    let at = |within| book.policy().due(region, now, within).unwrap();
    (at(declared.reply[region]), at(declared.escalate.unwrap()))
}

/// Somebody writes: whoever is named, or a stranger.
pub(crate) async fn leave(
    (install, dice): (&Install, &mut Dice),
    (all, from): (&mut Vec<Wrote>, Option<(usize, &Known)>),
    now: Timestamp,
) {
    let n = all.len();
    let kind = if dice.chance(90) { COMPLAINT } else { MESSAGE };
    let text = format!("planted {kind} {n}: does the oven hum?");
    let region = ["cn", "eu", "us"][dice.below(3)].to_owned();
    let region = from.map_or(region, |(_, it)| it.id.region().to_string());
    let stranger = || Plain::new(format!("planted-stranger-{n}@example.com"));
    let ask = Leave {
        from: from.map(|(_, it)| it.id),
        text: Plain::new(text.clone()),
        reply_to: from.is_none().then(stranger),
        kind: kind.to_owned(),
        region: Some(region.clone()),
        language: "en".to_owned(),
        idempotency: None,
    };
    let left = flows::messages::leave(install.flows(), ask, now).await;
    // Nothing is taken in of a child who waits, or of whoever had the purpose restricted.
    if from.is_some() && matches!(left, Err(Stop::Refused(_))) {
        return;
    }
    let left = left.unwrap().into_inner();
    let (due, escalate) = clocks(install, (kind, &region), now);
    assert_eq!(left.reply_due, flows::when(due), "{}", left.id);
    let (id, at) = (MessageId::parse(&left.id).unwrap(), from.map(|(at, _)| at));
    all.push(Wrote {
        id,
        kind,
        at,
        text,
        received: now,
        due,
        escalate,
        answered: None,
        unsure: false,
    });
}

/// Support answers some of what waits, each with a chance of so many in 256; a complaint takes longer,
/// and ends with an outcome.
pub(crate) async fn answer(
    (install, dice): (&Install, &mut Dice),
    (all, people, share): (&mut [Wrote], &[Known], u8),
    now: Timestamp,
) {
    for wrote in all.iter_mut().filter(|it| it.answered.is_none()) {
        let share = if wrote.kind == COMPLAINT { share / 12 } else { share };
        let stands = wrote.at.is_none_or(|at| people[at].facts.account == Account::Active);
        if wrote.is_gone(people) || !stands || !dice.chance(share) {
            continue;
        }
        let read =
            desk::read(install.flows(), "stf_sim", wrote.id, now).await.unwrap().into_inner();
        assert!(read.said.iter().any(|it| it.text == wrote.text), "{}: another text", wrote.id);
        let text = Plain::from("It hums when it is happy.");
        let done = if wrote.kind == COMPLAINT {
            let outcome = ["upheld", "partly", "rejected"][dice.below(3)].to_owned();
            let ask = Decide { outcome, text, idempotency: None };
            desk::decide(install.flows(), "stf_sim", (wrote.id, &ask), now).await
        } else {
            let reply = Reply { text, answer: None, idempotency: None };
            desk::reply(install.flows(), "stf_sim", (wrote.id, &reply), now).await
        };
        let done = done.unwrap_or_else(|it| panic!("{}: {it:?}", wrote.id)).into_inner();
        assert_eq!(done.state, "answered", "{}", wrote.id);
        wrote.answered = Some(now);
    }
}

/// What waits stands in the queue, what runs out of time was escalated, and the figures are true.
pub(crate) async fn check(install: &Install, (all, people): (&[Wrote], &[Known]), now: Timestamp) {
    let flows = install.flows();
    let mut ask = Asked::default();
    let mut lines = Vec::new();
    loop {
        let page = desk::queue(flows, &ask, now).await.unwrap();
        lines.extend(page.messages);
        match page.next {
            Some(next) => ask.cursor = Some(next),
            None => break,
        }
    }
    let waits = all.iter().filter(|it| it.answered.is_none() && !it.is_gone(people));
    assert_eq!(lines.len(), waits.clone().count(), "the queue holds what waits, and nothing else");
    for wrote in waits {
        let line = lines.iter().find(|it| it.id == wrote.id.to_string());
        let line = line.unwrap_or_else(|| panic!("{}: nobody sees that it waits", wrote.id));
        let over = wrote.escalate <= now;
        assert_eq!(line.state == "escalated", over, "{}: {}", wrote.id, line.state);
        assert_eq!(line.due, flows::when(wrote.due), "{}", wrote.id);
        assert_eq!(line.overdue, wrote.due < now, "{}", wrote.id);
    }
}

/// Over the whole year the figures that everybody can see are the true ones.
pub(crate) async fn check_figures(
    install: &Install,
    (all, people): (&[Wrote], &[Known]),
    now: Timestamp,
) {
    let Service { messages, complaints, .. } =
        flows::messages::service(install.flows(), now).await.unwrap();
    for (kind, OfKind { last_12_months: year, .. }) in
        [(MESSAGE, messages), (COMPLAINT, complaints)]
    {
        let late = |it: &&Wrote| match it.answered {
            Some(_) => !it.in_time(),
            None => it.due < now && !it.is_gone(people),
        };
        let count = |of: &dyn Fn(&&Wrote) -> bool| {
            let found: Vec<&Wrote> = all.iter().filter(|it| it.kind == kind && of(it)).collect();
            // What is old counts by the day, so that the first days may lie outside of a year.
            let first = |it: &Wrote| it.received.millis() < START + 2 * DAY;
            let unsure = found.iter().filter(|it| it.unsure || first(it)).count();
            (found.len() - unsure) as u64..=found.len() as u64
        };
        let (in_time, late) = (count(&|it| it.in_time()), count(&late));
        let seen = (year.in_time, year.late);
        assert!(in_time.contains(&seen.0), "{kind}: {} in time, and {in_time:?} were", seen.0);
        assert!(late.contains(&seen.1), "{kind}: {} late, and {late:?} were", seen.1);
        let share = (seen.0 * 1_000).checked_div(seen.0 + seen.1);
        assert_eq!(year.share, share, "{kind}: the share in time");
    }
}

/// The process dies now.
pub(crate) fn crashes(all: &mut [Wrote], now: Timestamp) {
    for wrote in all.iter_mut().filter(|it| it.answered == Some(now)) {
        wrote.unsure = true;
    }
}

/// After a conversation is closed nobody at the desk reads it.
pub(crate) async fn check_closed(install: &Install, all: &[Wrote], now: Timestamp) {
    let quiet = |it: &&Wrote| it.answered.is_some_and(|at| at.plus_millis(8 * DAY) <= now);
    for wrote in all.iter().filter(quiet).take(3) {
        let read = desk::read(install.flows(), "stf_sim", wrote.id, now).await;
        let shut = matches!(read, Err(Stop::NotNow(_) | Stop::NotFound | Stop::Gone));
        assert!(shut, "{}: closed, and read", wrote.id);
    }
}
