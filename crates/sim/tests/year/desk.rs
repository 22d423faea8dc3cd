//! People without an account write in, and the desk answers some in time, some late; what is promised
//! of the clock is held after each look.

use decide::Timestamp;
use decide::id::MessageId;
use flows::messages::desk::{self, Asked, Reply};
use flows::messages::{Leave, Service};
use flows::{Plain, Stop};
use sim::world::Dice;

use crate::install::{DAY, HOUR, Install, START};

/// What somebody wrote, as the oracle remembers it.
pub(crate) struct Wrote {
    id: MessageId,
    text: String,
    received: Timestamp,
    /// When it was answered first.
    answered: Option<Timestamp>,
    /// The process died before its counters were written down, which happens each second.
    unsure: bool,
}

const REPLY: i64 = 24 * HOUR;
const ESCALATE: i64 = 20 * HOUR;

impl Wrote {
    fn in_time(&self) -> bool {
        self.answered.is_some_and(|it| it <= self.received.plus_millis(REPLY))
    }
}

/// Somebody writes.
pub(crate) async fn leave(
    (install, dice): (&Install, &mut Dice),
    all: &mut Vec<Wrote>,
    now: Timestamp,
) {
    let n = all.len();
    let text = format!("planted question {n}: does the oven hum?");
    let region = ["cn", "eu", "us"][dice.below(3)];
    let ask = Leave {
        from: None,
        text: Plain::new(text.clone()),
        reply_to: Some(Plain::new(format!("planted-stranger-{n}@example.com"))),
        kind: "message".to_owned(),
        region: Some(region.to_owned()),
        language: "en".to_owned(),
        idempotency: None,
    };
    let left = flows::messages::leave(install.flows(), ask, now).await.unwrap().into_inner();
    assert_eq!(left.reply_due, flows::when(now.plus_millis(REPLY)));
    let id = MessageId::parse(&left.id).unwrap();
    all.push(Wrote { id, text, received: now, answered: None, unsure: false });
}

/// Support answers some of what waits, each with a chance of so many in 256.
pub(crate) async fn answer(
    (install, dice): (&Install, &mut Dice),
    (all, share): (&mut [Wrote], u8),
    now: Timestamp,
) {
    for wrote in all.iter_mut().filter(|it| it.answered.is_none()) {
        if !dice.chance(share) {
            continue;
        }
        let read =
            desk::read(install.flows(), "stf_sim", wrote.id, now).await.unwrap().into_inner();
        assert!(read.said.iter().any(|it| it.text == wrote.text), "{}: another text", wrote.id);
        let reply = Reply {
            text: Plain::from("It hums when it is happy."),
            answer: None,
            idempotency: None,
        };
        let done = desk::reply(install.flows(), "stf_sim", (wrote.id, &reply), now).await;
        drop(done.unwrap_or_else(|it| panic!("{}: {it:?}", wrote.id)));
        wrote.answered = Some(now);
    }
}

/// What waits stands in the queue, what runs out of time was escalated, and the figures are true.
pub(crate) async fn check(install: &Install, all: &[Wrote], now: Timestamp) {
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
    let waits = all.iter().filter(|it| it.answered.is_none());
    assert_eq!(lines.len(), waits.clone().count(), "the queue holds what waits, and nothing else");
    for wrote in waits {
        let line = lines.iter().find(|it| it.id == wrote.id.to_string());
        let line = line.unwrap_or_else(|| panic!("{}: nobody sees that it waits", wrote.id));
        let over = wrote.received.plus_millis(ESCALATE) <= now;
        assert_eq!(line.state == "escalated", over, "{}: {}", wrote.id, line.state);
        assert_eq!(line.overdue, wrote.received.plus_millis(REPLY) <= now, "{}", wrote.id);
    }
}

/// Over the whole year the figures that everybody can see are the true ones.
pub(crate) async fn check_figures(install: &Install, all: &[Wrote], now: Timestamp) {
    let Service { messages, .. } = flows::messages::service(install.flows(), now).await.unwrap();
    let year = messages.last_12_months;
    let over = |it: &&Wrote| it.received.plus_millis(REPLY) <= now;
    let late = |it: &&Wrote| !it.in_time() && (it.answered.is_some() || over(it));
    let count = |of: &dyn Fn(&&Wrote) -> bool| {
        let found: Vec<&Wrote> = all.iter().filter(|it| of(it)).collect();
        // What is old counts by the day, so that the first days may lie outside of a year.
        let first = |it: &Wrote| it.received.millis() < START + 2 * DAY;
        let unsure = found.iter().filter(|it| it.unsure || first(it)).count();
        (found.len() - unsure) as u64..=found.len() as u64
    };
    let (in_time, late) = (count(&|it| it.in_time()), count(&late));
    assert!(in_time.contains(&year.in_time), "{} in time, and {in_time:?} were", year.in_time);
    assert!(late.contains(&year.late), "{} late, and {late:?} were", year.late);
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
