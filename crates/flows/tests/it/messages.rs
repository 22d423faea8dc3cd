//! Messages and complaints: anybody writes, the clock runs, support answers, and nobody reads on.

use decide::id::MessageId;
use flows::messages::desk::{self, Asked, Decide, Reply};
use flows::messages::{Canned, Desk, Leave, Left};
use flows::rights::Ask;
use flows::{PersonId, Plain, Stop};

use crate::support::{DAY, World, key};

const HOUR: i64 = 3_600_000;
pub(crate) const TEXT: &str = "My Planted-Mixer hums at night";
const STAFF: &str = "staff_lena";

pub(crate) fn message(text: &str) -> Leave {
    Leave {
        from: None,
        text: Plain::from(text),
        reply_to: Some(Plain::from("Mei@Example.com")),
        kind: "message".to_owned(),
        region: Some("eu".to_owned()),
        language: "en".to_owned(),
        idempotency: None,
    }
}

fn complaint(text: &str, region: &str) -> Leave {
    Leave { kind: "complaint".to_owned(), region: Some(region.to_owned()), ..message(text) }
}

pub(crate) fn of(person: PersonId, text: &str) -> Leave {
    Leave { from: Some(person), reply_to: None, region: None, ..message(text) }
}

pub(crate) async fn leave(world: &World, ask: Leave) -> Result<Left, Stop> {
    let done = flows::messages::leave(&world.flows, ask, world.now).await;
    done.map(flows::Recorded::into_inner)
}

pub(crate) fn id(left: &Left) -> MessageId {
    MessageId::parse(&left.id).unwrap()
}

pub(crate) async fn read(world: &World, id: MessageId) -> Result<desk::Conversation, Stop> {
    desk::read(&world.flows, STAFF, id, world.now).await.map(flows::Recorded::into_inner)
}

pub(crate) async fn reply(world: &World, id: MessageId, text: &str) -> Result<desk::Done, Stop> {
    let ask = Reply { text: Plain::from(text), answer: None, idempotency: None };
    let done = desk::reply(&world.flows, STAFF, (id, &ask), world.now).await;
    done.map(flows::Recorded::into_inner)
}

pub(crate) async fn decide_it(
    world: &World,
    id: MessageId,
    outcome: &str,
) -> Result<desk::Done, Stop> {
    let text = Plain::from("We looked at the log of the machine.");
    let ask = Decide { outcome: outcome.to_owned(), text, idempotency: None };
    let done = desk::decide(&world.flows, STAFF, (id, &ask), world.now).await;
    done.map(flows::Recorded::into_inner)
}

pub(crate) async fn queue(world: &World) -> Vec<desk::Row> {
    desk::queue(&world.flows, &Asked::default(), world.now).await.unwrap().messages
}

pub(crate) async fn service(world: &World) -> flows::messages::Service {
    flows::messages::service(&world.flows, world.now).await.unwrap()
}

pub(crate) fn managed(world: &World) {
    world.flows.equip(Desk {
        managers: vec!["boss@example.com".to_owned()],
        answers: vec![Canned {
            id: "hours".to_owned(),
            title: "Opening hours".to_owned(),
            text: [("en", "We are here from 9 to 17."), ("zh", "营业时间 9 点至 17 点。")]
                .map(|(code, text)| (code.to_owned(), text.to_owned()))
                .into(),
        }],
        ..Desk::default()
    });
}

/// The field of a mail.
pub(crate) fn header<'m>(mail: &'m str, name: &str) -> &'m str {
    let begin = format!("{name}: ");
    mail.lines().find_map(|it| it.strip_prefix(begin.as_str())).unwrap_or("")
}

#[tokio::test]
async fn anybody_writes_without_an_account_and_is_answered_in_time() {
    let mut world = World::new().await;
    managed(&world);
    let left = leave(&world, message(TEXT)).await.unwrap();
    assert!(left.id.starts_with("msg_eu_"));
    assert_eq!(left.reply_due, "2026-11-23T14:00:00Z");
    let arrived = world.mails().await.pop().unwrap();
    assert!(arrived.contains("To: mei@example.com") && arrived.contains(&left.id), "{arrived}");
    assert!(!arrived.contains("Planted"), "the address is not proved: nothing is repeated");
    assert_eq!(header(&arrived, "Auto-Submitted"), "auto-generated");

    world.later(HOUR);
    let lines = queue(&world).await;
    assert_eq!((lines[0].state.as_str(), lines[0].seconds_left), ("received", 23 * 3_600));
    let seen = read(&world, id(&left)).await.unwrap();
    assert_eq!(seen.said[0].text, TEXT);
    assert_eq!(seen.values.get("email"), Some("mei@example.com"));
    desk::assign(&world.flows, (STAFF, STAFF), id(&left), world.now).await.unwrap().into_inner();
    let hours = Some("hours".to_owned());
    let ask = Reply { text: Plain::from("Come by."), answer: hours, idempotency: Some(key("a")) };
    let done = desk::reply(&world.flows, STAFF, (id(&left), &ask), world.now).await.unwrap();
    assert_eq!(done.into_inner().state, "answered");
    let twice = desk::reply(&world.flows, STAFF, (id(&left), &ask), world.now).await;
    assert!(matches!(twice, Err(Stop::Replayed { .. })), "{twice:?}");

    let mails = world.mails().await;
    let answer = mails.last().unwrap();
    assert_eq!(mails.len(), 2);
    assert!(answer.contains("We are here from 9 to 17.") && answer.contains("Come by."));
    assert_eq!(header(answer, "In-Reply-To"), header(&arrived, "Message-ID"));
    assert!(header(answer, "Subject").contains(&left.id));
    assert_eq!(header(answer, "Auto-Submitted"), "");
    assert!(queue(&world).await.is_empty());
    let figures = service(&world).await.messages;
    assert_eq!((figures.last_30_days.in_time, figures.last_30_days.share), (1, Some(1_000)));

    // What is over is read by nobody, and no permit is asked for it.
    world.later(8 * DAY);
    world.work().await;
    let closed = read(&world, id(&left)).await;
    assert!(matches!(closed, Err(Stop::NotNow(_))), "{closed:?}");
    assert!(!world.holds("Planted-Mixer") && !world.holds("mei@example.com"));
    assert!(!world.holds("Come by"));
}

#[tokio::test]
async fn before_time_runs_out_somebody_else_is_called_and_told_nothing_of_the_person() {
    let mut world = World::new().await;
    managed(&world);
    let left = leave(&world, message(TEXT)).await.unwrap();
    world.later(20 * HOUR - 1);
    world.work().await;
    assert_eq!(queue(&world).await[0].state, "received");
    world.later(1);
    world.work().await;
    world.work().await;
    assert_eq!(queue(&world).await[0].state, "escalated");
    let mails = world.mails().await;
    let told: Vec<_> = mails.iter().filter(|it| it.contains("To: boss@example.com")).collect();
    assert_eq!(told.len(), 1, "once");
    assert!(told[0].contains(&left.id) && told[0].contains("/console/messages/"));
    assert!(!told[0].contains("mei@") && !told[0].contains("Planted"));

    world.later(5 * HOUR);
    let figures = service(&world).await.messages.last_30_days;
    assert_eq!((figures.in_time, figures.late, figures.share), (0, 1, Some(0)), "overdue is late");
    assert!(queue(&world).await[0].overdue);
    reply(&world, id(&left), "Sorry.").await.unwrap();
    let figures = service(&world).await.messages.last_30_days;
    assert_eq!((figures.in_time, figures.late), (0, 1), "and counts once");
}

#[tokio::test]
async fn a_complaint_has_a_clock_of_its_region_and_ends_with_an_outcome() {
    let mut world = World::new().await;
    managed(&world);
    let here = leave(&world, complaint(TEXT, "eu")).await.unwrap();
    assert_eq!(here.reply_due, "2026-12-22T14:00:00Z", "a calendar month");
    let there = leave(&world, complaint(TEXT, "cn")).await.unwrap();
    assert_eq!(there.reply_due, "2026-12-11T14:00:00Z", "fifteen working days");
    assert_eq!(world.mails().await.len(), 2, "both are acknowledged at once");
    assert_eq!(reply(&world, id(&here), "We look into it.").await.unwrap().state, "assigned");
    assert_eq!(service(&world).await.complaints.last_30_days.in_time, 0, "that was no answer");
    world.later(7 * DAY);
    world.work().await;
    assert!(queue(&world).await.iter().all(|it| it.state == "escalated"));
    let none = decide_it(&world, id(&here), "maybe").await;
    assert!(matches!(none, Err(Stop::Invalid { .. })));
    assert_eq!(decide_it(&world, id(&here), "rejected").await.unwrap().state, "answered");
    let mails = world.mails().await;
    let told = mails.iter().find(|it| it.contains("do not think that you are right")).unwrap();
    assert!(told.replace("=\r\n", "").contains("data protection authority"), "{told}");
    decide_it(&world, id(&there), "upheld").await.unwrap();
    assert_eq!(service(&world).await.complaints.last_30_days.in_time, 2);
    let message = leave(&world, message(TEXT)).await.unwrap();
    let none = decide_it(&world, id(&message), "upheld").await;
    assert!(matches!(none, Err(Stop::NotNow(_))), "only a complaint has an outcome: {none:?}");
}

/// An address that nobody proved opens nothing: neither of whose it is, nor of who has it later.
#[tokio::test]
async fn the_address_of_somebody_else_attaches_to_nothing() {
    let mut world = World::new().await;
    let (wei, _) = world.person("mei@example.com").await;
    let own = leave(&world, of(wei, "my own")).await.unwrap();
    let cn = Some("cn".to_owned());
    leave(&world, Leave { region: cn, ..message("not Mei") }).await.unwrap();
    let list = flows::messages::list(&world.flows, wei, None, world.now).await.unwrap();
    let list = list.into_inner().messages;
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].id, own.id);

    // The other way round: a correspondent's address stands in nobody's way.
    let cn = Some("cn".to_owned());
    let lin = Some(Plain::from("lin@example.com"));
    let strange =
        leave(&world, Leave { region: cn, reply_to: lin, ..message("hello") }).await.unwrap();
    let (lin, _) = world.person("lin@example.com").await;
    let other = flows::messages::one(&world.flows, lin, id(&strange), world.now).await;
    assert!(matches!(other, Err(Stop::NotFound)), "{other:?}");
    let put_in = (id(&strange), Plain::from("mine?"), None);
    let other = flows::messages::add(&world.flows, lin, put_in, world.now).await;
    assert!(matches!(other, Err(Stop::NotFound)), "{other:?}");
}

/// Whose data may not be used is answered all the same, and no more is looked at than an answer needs.
#[tokio::test]
async fn who_restricted_or_leaves_is_heard() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    let ask = Ask { right: "restrict".to_owned(), ..Ask::default() };
    flows::rights::ask(&world.flows, wei, ask, world.now).await.unwrap().into_inner();
    let left = leave(&world, of(wei, TEXT)).await.unwrap();
    let seen = read(&world, id(&left)).await.unwrap();
    assert_eq!(seen.values.get("email"), Some("wei@example.com"));
    assert_eq!(seen.values.get("name"), None, "only what an answer needs");
    reply(&world, id(&left), "Heard.").await.unwrap();
    let closing = flows::account::close(&world.flows, wei, (None, None), world.now).await;
    closing.unwrap().into_inner();
    let put_in = (id(&left), Plain::from("and now?"), None);
    flows::messages::add(&world.flows, wei, put_in, world.now).await.unwrap().into_inner();
    reply(&world, id(&left), "Heard again.").await.unwrap();
    let mails = world.mails().await;
    assert!(mails.iter().any(|it| it.contains("Heard.")));
    assert!(mails.iter().any(|it| it.contains("Heard again.")));
}

#[tokio::test]
async fn staff_notes_stay_among_staff_and_complaints_are_not_closed_unanswered() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    let left =
        leave(&world, Leave { kind: "complaint".to_owned(), ..of(wei, TEXT) }).await.unwrap();
    let noted = (id(&left), Plain::from("planted-note: ask the workshop"));
    desk::note(&world.flows, STAFF, noted, world.now).await.unwrap().into_inner();
    assert_eq!(read(&world, id(&left)).await.unwrap().said.len(), 2);
    let own = flows::messages::one(&world.flows, wei, id(&left), world.now).await.unwrap();
    assert_eq!(own.into_inner().said.len(), 1);
    let done = desk::close(&world.flows, (STAFF, "spam"), id(&left), world.now).await;
    assert!(matches!(done, Err(Stop::NotNow(_))), "{done:?}");
    decide_it(&world, id(&left), "partly").await.unwrap();
    let done = desk::close(&world.flows, (STAFF, "answered"), id(&left), world.now).await;
    assert_eq!(done.unwrap().into_inner().state, "closed");
    let own = flows::messages::one(&world.flows, wei, id(&left), world.now).await.unwrap();
    assert_eq!(own.into_inner().seen.outcome.as_deref(), Some("partly"), "the person reads on");
    assert!(!world.holds("planted-note"));
    // What was used, and by whom, stands on the person's own list.
    let page = flows::rights::Page::default();
    let uses = flows::rights::uses(&world.flows, wei, &page, world.now).await.unwrap();
    let uses = uses.into_inner().uses;
    assert!(uses.iter().any(|it| it.by == "staff" && it.name == STAFF));
}

#[tokio::test]
async fn what_was_written_goes_when_the_policy_says_and_so_does_who_had_no_account() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    let own = leave(&world, of(wei, TEXT)).await.unwrap();
    let strange = leave(&world, message(TEXT)).await.unwrap();
    world.later(365 * DAY);
    let put_in = (id(&own), Plain::from("a year later"), None);
    flows::messages::add(&world.flows, wei, put_in, world.now).await.unwrap().into_inner();
    world.later(366 * DAY);
    world.work().await;
    let left = flows::messages::one(&world.flows, wei, id(&own), world.now).await.unwrap();
    assert_eq!(left.into_inner().said.len(), 1, "each piece by its own date");
    let gone = read(&world, id(&strange)).await;
    assert!(matches!(gone, Err(Stop::NotNow(_))), "{gone:?}");
    let person = desk::owner(&world.flows, id(&strange)).await.unwrap();
    let data = flows::rights::data(&world.flows, person, "en", world.now).await;
    assert!(matches!(data.map(flows::Recorded::into_inner), Err(Stop::Gone)), "erased");
    world.later(366 * DAY);
    world.work().await;
    let left = flows::messages::one(&world.flows, wei, id(&own), world.now).await.unwrap();
    assert!(left.into_inner().said.is_empty());
}

#[tokio::test]
async fn nobody_writes_without_end_and_nothing_that_is_no_message() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    for _ in 0..50 {
        leave(&world, of(wei, "again")).await.unwrap();
    }
    let full = leave(&world, of(wei, "again")).await;
    assert!(matches!(full, Err(Stop::Full { .. })), "{full:?}");
    world.later(DAY);
    leave(&world, of(wei, "again")).await.unwrap();
    let field = |done: Result<Left, Stop>| match done {
        Err(Stop::Invalid { field, .. }) => field,
        other => panic!("invalid, not {other:?}"),
    };
    assert_eq!(field(leave(&world, message("  \n")).await), "text");
    assert_eq!(field(leave(&world, message(&"x".repeat(16 * 1024 + 1))).await), "text");
    assert_eq!(field(leave(&world, Leave { reply_to: None, ..message(TEXT) }).await), "reply_to");
    let nobody = Some(Plain::from("nobody"));
    assert_eq!(field(leave(&world, Leave { reply_to: nobody, ..message(TEXT) }).await), "reply_to");
    let praise = "praise".to_owned();
    assert_eq!(field(leave(&world, Leave { kind: praise, ..message(TEXT) }).await), "kind");
    let mars = Some("mars".to_owned());
    assert_eq!(field(leave(&world, Leave { region: mars, ..message(TEXT) }).await), "region");
    let once = Leave { idempotency: Some(key("once")), ..message(TEXT) };
    let first = leave(&world, once).await.unwrap();
    let twice = leave(&world, Leave { idempotency: Some(key("once")), ..message(TEXT) }).await;
    let Err(Stop::Replayed { status: 201, body }) = twice else { panic!("{twice:?}") };
    assert!(body.contains(&first.id));
}

/// Who was erased is waited for by nobody.
#[tokio::test]
async fn an_erased_person_leaves_no_conversation_open() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    leave(&world, of(wei, TEXT)).await.unwrap();
    let closing = flows::account::close(&world.flows, wei, (None, None), world.now).await;
    closing.unwrap().into_inner();
    world.later(7 * DAY);
    world.work().await;
    assert!(queue(&world).await.is_empty());
    assert_eq!(service(&world).await.messages.last_30_days.late, 0);
}

#[tokio::test]
async fn what_was_written_is_taken_along_and_deleted_on_the_persons_word() {
    let mut world = World::new().await;
    let (wei, _) = world.person("wei@example.com").await;
    let left = leave(&world, of(wei, TEXT)).await.unwrap();
    let noted = (id(&left), Plain::from("ask the workshop"));
    desk::note(&world.flows, STAFF, noted, world.now).await.unwrap().into_inner();
    let export = flows::rights::export(&world.flows, wei, "en", world.now).await.unwrap();
    let export = export.into_inner().0;
    assert_eq!(export["messages"][0]["id"], left.id.as_str());
    assert_eq!(export["messages"][0]["said"][0]["text"], TEXT);
    assert_eq!(export["messages"][0]["said"][1]["text"], "ask the workshop", "all that is held");
    let delete = flows::rights::delete(&world.flows, wei, "support-messages", world.now).await;
    delete.unwrap().into_inner();
    let own = flows::messages::one(&world.flows, wei, id(&left), world.now).await.unwrap();
    let own = own.into_inner();
    assert_eq!((own.said.len(), own.seen.state.as_str(), own.seen.open), (0, "closed", false));
    assert!(queue(&world).await.is_empty());
    let twice = flows::rights::delete(&world.flows, wei, "support-messages", world.now).await;
    assert!(matches!(twice, Err(Stop::NotFound)), "{twice:?}");
}

/// What everybody can see is exact after a crash: what was answered counts with its answer, and once.
#[tokio::test]
async fn what_was_answered_counts_once_whatever_happens_then() {
    let mut world = World::new().await;
    let (first, second) = (message("first"), message("second"));
    let first = leave(&world, first).await.unwrap();
    let second = leave(&world, second).await.unwrap();
    reply(&world, id(&first), "Come by.").await.unwrap();
    desk::close(&world.flows, (STAFF, "spam"), id(&second), world.now).await.unwrap().into_inner();
    // Nothing is written down on the way out.
    world = world.reopen().await;
    let figures = service(&world).await.messages.last_30_days;
    assert_eq!((figures.in_time, figures.late, figures.unanswered), (1, 0, 1));
    world.later(HOUR);
    world.work().await;
    let figures = service(&world).await.messages.last_30_days;
    assert_eq!((figures.in_time, figures.late, figures.unanswered), (1, 0, 1), "once");
}

/// A complaint is not lost for want of a table: its deadline is for now, sooner than promised, and says so.
#[tokio::test]
async fn a_deadline_past_the_calendar_is_marked() {
    let mut world = World::new().await;
    let sure = leave(&world, complaint("loud", "cn")).await.unwrap();
    assert!(!sure.due_provisional);
    world.later(30 * DAY);
    let left = leave(&world, complaint("hot", "cn")).await.unwrap();
    assert!(left.due_provisional && left.reply_due.starts_with("2027-01-06"), "{left:?}");
    let other = leave(&world, message("no working days")).await.unwrap();
    assert!(!other.due_provisional);
    let look = flows::queue::Look { kinds: &flows::queue::MESSAGES, done: false, cursor: None };
    let cases = flows::queue::look(&world.flows, &look, world.now).await.unwrap().cases;
    let marked = cases.iter().filter(|it| it.due_provisional).map(|it| it.id.clone());
    assert_eq!(marked.collect::<Vec<_>>(), [left.id]);
}
