//! What the desk cannot do, what stays of its answers, and who has to hear of an end.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decide::id::DeliveryId;
use flows::account::Cancel;
use flows::messages::text::{Texts, Way, deliver};
use flows::rights::{
    Answer, Ask, Identify, Open, Opened, Reading, Signed, Worked, answer, follow, identify, open,
    read, request, system_done,
};
use flows::security::By;
use flows::{PersonId, Plain, RequestId, Secret, Stop};

use crate::guardians::{child, decide, guard, id, me, token as link_of};
use crate::requests::{OFFICER, asks, token};
use crate::support::{DAY, World};
use crate::telling::Fake;

const SECRET: &str = "a-secret-of-both-sides-0123456789";
/// The transfer that the starter policy declares, and to whom it goes.
const REPAIR: &str = "cn-eu-service";

impl World {
    /// A request for somebody who wrote in, whose documents were seen.
    async fn known(&self, ask: Open) -> RequestId {
        let opened =
            open(&self.flows, By::Staff(OFFICER), ask, self.now).await.unwrap().into_inner();
        let request = RequestId::parse(&opened.id).unwrap();
        let seen = (request, Identify::Documents);
        let _seen = identify(&self.flows, OFFICER, seen, self.now).await.unwrap();
        request
    }

    async fn answered(&self, request: RequestId, given: Answer) -> Result<Opened, Stop> {
        let done = answer(&self.flows, OFFICER, (request, given), self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    async fn whole(&self, request: RequestId) -> Worked {
        match read(&self.flows, OFFICER, request, self.now).await.unwrap() {
            Reading::Whole(recorded) => recorded.into_inner(),
            Reading::Erased(_) => panic!("nobody is erased"),
        }
    }

    async fn closes(&self, person: PersonId) -> (RequestId, Secret) {
        let ask = Ask { right: "close-account".to_owned(), ..Ask::default() };
        let seen = asks(self, person, ask).await;
        (RequestId::parse(&seen.id).unwrap(), token(&seen.follow.unwrap()))
    }

    /// Whose answer an erasure waits for.
    async fn outstanding(&self, request: &(RequestId, Secret)) -> Vec<String> {
        let shown = follow(&self.flows, (request.0, &request.1)).await.unwrap();
        shown.outstanding.into_iter().map(|it| it.to).collect()
    }
}

fn of(person: PersonId, right: &str) -> Open {
    Open { right: right.to_owned(), person: Some(person), ..Open::default() }
}

fn values(id: &str, value: &str) -> Answer {
    Answer { values: vec![(id.to_owned(), Plain::from(value))], ..Answer::default() }
}

fn barred(done: Result<Opened, Stop>) -> String {
    match done {
        Err(Stop::Invalid { field, say, .. }) if say.contains("themselves") => field,
        other => panic!("barred, but {other:?}"),
    }
}

/// A member of staff who puts an address of their own in the place of a guardian's is the guardian.
#[tokio::test]
async fn nobody_at_the_desk_puts_in_what_somebody_comes_in_by() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let request = world.known(of(id(&kid), "correct")).await;
    let given = values("guardian-contact", "officer@example.org");
    assert_eq!(barred(world.answered(request, given).await), "values.guardian-contact");
    let (person, _) = world.person("wei@example.com").await;
    let request = world.known(of(person, "correct")).await;
    for category in ["email", "password", "birth-date", "push"] {
        let done = world.answered(request, values(category, "x")).await;
        assert_eq!(barred(done), format!("values.{category}"));
    }
}

/// A number that the desk puts in is not the person's before they proved it.
#[tokio::test]
async fn a_number_that_the_desk_puts_in_is_proved_too() {
    let mut world = World::new().await;
    let folder = world.dir.path().join("text");
    let way = Some(Way::Folder(folder.clone()));
    world.flows.text_by(Texts { way, ..Texts::default() }).unwrap();
    let texts = async |world: &World| {
        world.work().await;
        deliver(&world.flows, world.now).await.unwrap();
        std::fs::read_dir(&folder).map_or(0, Iterator::count)
    };
    let (person, _) = world.person("wei@example.com").await;
    let before = texts(&world).await;
    let request = world.known(of(person, "correct")).await;
    world.later(2 * DAY);
    world.answered(request, values("phone", "+86 139 0013 9000")).await.unwrap();
    assert_eq!(texts(&world).await, before + 1, "a code goes to the new one");
}

/// The values go out in the mail; what stays names them, and goes too.
#[tokio::test]
async fn an_answer_keeps_no_copy_of_what_it_shows() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let text = Some(Plain::from("What do you hold?"));
    let asked = world.known(Open { text, ..of(person, "access") }).await;
    world.later(1_000);
    let text = Some(Plain::from("Here it is."));
    world.answered(asked, Answer { text, ..Answer::default() }).await.unwrap();
    let mail = world.mails().await.pop().unwrap().replace("=\r\n", "");
    assert!(mail.contains("Wei Planted") && mail.contains("Here it is."), "{mail}");
    let theirs = request(&world.flows, person, asked, world.now).await.unwrap().into_inner();
    for said in [world.whole(asked).await.said, theirs.said] {
        let said = said.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" ");
        assert!(said.contains("Here it is.") && said.contains("Email address"), "{said}");
        assert!(!said.contains("Wei Planted") && !said.contains("wei@example.com"), "{said}");
    }

    let waits = Ask {
        right: "correct".to_owned(),
        text: Some(Plain::from("It is wrong.")),
        ..Ask::default()
    };
    let waits = RequestId::parse(&asks(&world, person, waits).await.id).unwrap();
    world.later(flows::limit::REQUEST_TEXTS_MILLIS + DAY);
    world.work().await;
    let whole = world.whole(asked).await;
    assert_eq!((whole.text, whole.said.len()), (None, 0), "a year later");
    assert_eq!(whole.request.state, "done", "that it was answered stays");
    assert!(world.whole(waits).await.text.is_some(), "what is open is kept");
    let text = Some(Plain::from("Put right."));
    world.answered(waits, Answer { text, ..Answer::default() }).await.unwrap();
    world.later(2 * DAY);
    world.work().await;
    assert!(world.whole(waits).await.text.is_some(), "kept anew from the last word");
}

/// However much is still to be told, an erasure waits for everybody whom it told.
#[tokio::test]
async fn no_number_of_deliveries_hides_one() {
    let mut world = World::new().await;
    let letters = Fake::start(500, "");
    world.flows.connect(vec![letters.system("letters")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    for n in 0..130 {
        let name = ("name", Plain::from(format!("Wei {n}").as_str()), None);
        let _done = flows::rights::correct(&world.flows, person, name, world.now).await.unwrap();
    }
    let closing = world.closes(person).await;
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(world.outstanding(&closing).await, ["letters"]);
}

/// What we sent, sent back to us, says nothing; nor does a body that does not say that it is done.
#[tokio::test]
async fn a_system_says_that_it_is_done_in_words_of_its_own() {
    let mut world = World::new().await;
    let crm = Fake::start(202, "");
    world.flows.connect(vec![crm.system("crm")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    let closing = world.closes(person).await;
    world.later(7 * DAY);
    world.work().await;
    world.work().await;
    let heard = crm.heard().remove(0);
    let delivery = heard["delivery"].as_str().unwrap().to_owned();
    let about = DeliveryId::parse(&delivery).unwrap();
    let stamp = (world.now.millis() / 1_000).to_string();
    let sends = async |world: &World, body: String| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signed = hmac::sign(&key, format!("{delivery}.{stamp}.{body}").as_bytes());
        let signed = Signed {
            id: delivery.clone(),
            stamp: stamp.clone(),
            signature: format!("v1,{}", STANDARD.encode(signed.as_ref())),
            body: body.into_bytes(),
        };
        system_done(&world.flows, (about, &signed), world.now).await
    };
    let other = "del_cn_00000000000000000000000000000007";
    let wrong = [
        heard.to_string(),
        r#"{"done":true}"#.to_owned(),
        format!(r#"{{"done":false,"delivery":"{delivery}"}}"#),
        format!(r#"{{"done":true,"delivery":"{other}"}}"#),
    ];
    for body in wrong {
        let done = sends(&world, body.clone()).await;
        assert!(matches!(done, Err(Stop::Wrong)), "{body}: {done:?}");
    }
    assert_eq!(world.outstanding(&closing).await, ["crm"]);
    sends(&world, format!(r#"{{"done":true,"delivery":"{delivery}"}}"#)).await.unwrap();
    assert!(world.outstanding(&closing).await.is_empty());
}

/// Who got something under what was agreed to and ended since is told when everything goes.
#[tokio::test]
async fn whoever_had_something_hears_of_the_end() {
    let mut world = World::new().await;
    let recipient = world.flows.book().policy().transfers[REPAIR].recipient.clone();
    let (taken_back, _) = world.person("wei@example.com").await;
    world.agrees(taken_back, REPAIR, "given").await.unwrap();
    world.later(1_000);
    world.agrees(taken_back, REPAIR, "refused").await.unwrap();
    let (too_young, _) = world.person("ada@example.com").await;
    world.agrees(too_young, REPAIR, "given").await.unwrap();
    world.later(1_000);
    let born = ("birth-date", Plain::from("2015-01-01"), None);
    let _young = flows::rights::correct(&world.flows, too_young, born, world.now).await.unwrap();
    let (never, _) = world.person("eve@example.com").await;
    let mut all = Vec::new();
    for person in [taken_back, too_young, never] {
        all.push(world.closes(person).await);
    }
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(world.outstanding(&all[0]).await, std::slice::from_ref(&recipient));
    assert_eq!(world.outstanding(&all[1]).await, [recipient]);
    assert!(world.outstanding(&all[2]).await.is_empty(), "who had nothing hears nothing");
}

/// A stranger is kept as long as somebody has still to answer them.
#[tokio::test]
async fn a_stranger_with_an_open_request_is_not_erased() {
    let mut world = World::new().await;
    let address = Some(Plain::from("nobody@example.com"));
    let ask = Open { right: "access".to_owned(), address, ..Open::default() };
    let first = world.known(ask).await;
    let stranger = PersonId::parse(&world.whole(first).await.request.person).unwrap();
    world.answered(first, Answer::default()).await.unwrap();
    world.later(20 * DAY);
    let second = world.known(of(stranger, "access")).await;
    world.later(12 * DAY);
    world.work().await;
    assert!(world.whole(second).await.request.open, "not gone unanswered");
    world.answered(second, Answer::default()).await.unwrap();
    world.later(32 * DAY);
    world.work().await;
    let left = read(&world.flows, OFFICER, second, world.now).await.unwrap();
    assert!(matches!(left, Reading::Erased(_)));
}

/// What the guardian of a child closes the child does not open again.
#[tokio::test]
async fn a_guardian_s_closing_is_the_guardian_s_to_take_back() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let link = link_of(&world).await;
    let session = decide(&mut world, &link, "agree").await.session.unwrap();
    let guardian = guard(&world, &session).await.unwrap();
    let person = id(&kid);
    world.later(1_000);
    let closing = flows::account::close(&world.flows, guardian, (None, None), world.now).await;
    let closing = RequestId::parse(&closing.unwrap().into_inner().request).unwrap();
    world.later(1_000);
    let mails = world.mails().await;
    let mail = mails.last().unwrap().replace("=\r\n", "");
    assert!(mail.contains("/privacy/child/sign-in") && !mail.contains("token"), "{mail}");
    let own = Cancel { person, request: closing, token: None };
    let own = flows::account::cancel(&world.flows, own, world.now).await;
    assert!(matches!(own, Err(Stop::NotNow(_))), "{own:?}");
    assert_eq!(me(&world, person).await.state, "closing");
    let theirs = (guardian, closing);
    let _back = flows::account::cancel_for(&world.flows, theirs, world.now).await.unwrap();
    assert_eq!(me(&world, person).await.state, "unverified", "as it was before");
}
