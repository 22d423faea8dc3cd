//! A new version of the policy: published with its notice, told to exactly those whom it affects,
//! asked anew where consent is needed, and applied to nobody before.

use decide::Signals;
use flows::change::{self, Draft};
use flows::consent::{Answered, Choose, Shown, Who};
use flows::{PersonId, Stop};

use crate::support::{DAY, World, refused, starter};

/// The starter policy as version 2, from a day on: help may see birth dates, which needs no consent,
/// and advertising may use phone numbers, which does.
pub(crate) fn second(effective: &str, edits: &[(&str, &str)]) -> Draft {
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    let usual = [
        ("version    = 1", "version    = 2"),
        ("updated    = 2026-10-01", "updated    = 2026-11-22"),
        ("effective  = 2026-10-15", "effective  = 2026-12-23"),
        (
            "[purpose.support]\ntitle  = \"Help and support\"\nbasis  = \"contract\"\nuses   = [",
            "[purpose.support]\ntitle  = \"Help and support\"\nbasis  = \"contract\"\nuses   = [\"birth-date\", ",
        ),
        (
            "uses    = [\"email\", \"interests\", \"page-views\"]",
            "uses    = [\"email\", \"phone\", \"interests\", \"page-views\"]",
        ),
    ];
    for (from, to) in usual.iter().chain(edits) {
        assert!(text.contains(from), "`{from}` is not in the starter policy");
        *text = text.replacen(from, to, 1);
    }
    Draft { folder, effective: Some(effective.parse().unwrap()) }
}

/// The first day that leaves the 30 days which the starter policy promises.
pub(crate) const EARLIEST: &str = "2026-12-23";
/// From the beginning of the world to that day in Shanghai.
pub(crate) const UNTIL: i64 = 30 * DAY + 2 * 3_600_000;

pub(crate) async fn publish(world: &World, draft: &Draft) -> change::Plan {
    change::publish(&world.flows, draft, world.now).await.unwrap()
}

impl World {
    /// The clock moves, the version whose day has come is in force, and what is due is done.
    pub(crate) async fn come(&mut self, millis: i64) {
        self.later(millis);
        flows::notice::refresh(&self.flows, self.now).await.unwrap();
        self.work().await;
    }

    pub(crate) async fn says(&self, person: PersonId, purpose: &str, word: &str) {
        let choose = self.answer(Who::Known(person), &[(purpose, word)], Signals::default());
        let done = flows::consent::choose(&self.flows, choose, self.now).await.unwrap();
        assert!(matches!(done, Answered::Known(_)));
    }

    /// Answers to what the newest version asks, in its words.
    async fn says_anew(&self, person: PersonId, choices: &[(&str, &str)]) -> Result<(), Stop> {
        let greeted = self.greeted(person).await.unwrap();
        let usual = self.answer(Who::Known(person), choices, Signals::default());
        let choose = Choose { text_hash: greeted.text_hash, ..usual };
        flows::consent::choose(&self.flows, choose, self.now).await.map(drop)
    }

    async fn greeted(&self, person: PersonId) -> Option<change::Greeting> {
        let done = change::greet(&self.flows, person, ("sign-in", "en"), self.now).await.unwrap();
        done.map(flows::Recorded::into_inner)
    }

    pub(crate) async fn adopted(&self, person: PersonId) -> u32 {
        let me = flows::account::me(&self.flows, person, None, self.now).await.unwrap();
        me.into_inner().policy
    }

    pub(crate) async fn letters(&self) -> Vec<String> {
        let all = self.mails().await;
        let plain = |it: &String| {
            it.replace("=\r\n", "").replace("=E2=80=9C", "“").replace("=E2=80=9D", "”")
        };
        all.iter().filter(|it| it.contains("Our privacy policy changes on")).map(plain).collect()
    }

    /// What help may see of a birth date, and advertising of a phone number.
    async fn uses_both(&self, person: PersonId) -> [Result<(), String>; 2] {
        let mut all = Vec::new();
        for (purpose, category) in [("support", "birth-date"), ("advertise", "phone")] {
            all.push(match self.uses(person, purpose, &[category]).await {
                Ok(_) => Ok(()),
                other => Err(refused(other).0),
            });
        }
        all.try_into().unwrap()
    }
}

fn no(reason: &str) -> Result<(), String> {
    Err(reason.to_owned())
}

#[tokio::test]
async fn nothing_widened_is_done_to_a_person_who_was_not_told_or_did_not_answer() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let (bob, _) = world.person("bob@example.org").await;
    world.says(ada, "advertise", "given").await;
    assert_eq!(world.uses_both(ada).await, [no("undeclared"), no("undeclared")]);
    let plan = publish(&world, &second(EARLIEST, &[])).await;
    assert_eq!((plan.reach.people, plan.reach.told, plan.reach.asked), (2, 2, 1));
    world.come(1_000).await;
    let letters = world.letters().await;
    assert_eq!(letters.len(), 2, "{letters:?}");
    let to = |who: &str| letters.iter().find(|it| it.contains(&format!("To: {who}"))).unwrap();
    assert!(to("ada@").contains("“More relevant advertising” may also use: phone number."));
    assert!(to("ada@").contains("need your agreement anew"), "{}", to("ada@"));
    assert!(to("bob@").contains("“Help and support” may also use: birth date."));
    assert!(!to("bob@").contains("advertising"), "{}", to("bob@"));
    assert!(to("bob@").contains("23 December 2026"), "{}", to("bob@"));
    // Until the day the old rules hold, whatever was answered.
    assert_eq!(world.uses_both(ada).await, [no("undeclared"), no("undeclared")]);
    world.come(UNTIL).await;
    assert_eq!(world.flows.book().version(), 2);
    assert_eq!(world.uses_both(bob).await, [Ok(()), no("not-consented")]);
    // Who did not answer keeps the old rules, all of them: what was agreed to goes on.
    assert_eq!(world.uses_both(ada).await, [no("not-told"), no("not-told")]);
    world.uses(ada, "advertise", &["email"]).await.unwrap();
    assert_eq!((world.adopted(ada).await, world.adopted(bob).await), (1, 2));
    let shown = Shown::to(&world.flows, ada, ("en", Signals::default()), world.now).await.unwrap();
    let shown = shown.into_inner();
    assert!(!shown.answered && shown.ask_again == ["advertise"], "{shown:?}");
    // She answers, and it counts at once.
    world.says_anew(ada, &[("advertise", "given")]).await.unwrap();
    assert_eq!(world.uses_both(ada).await, [Ok(()), Ok(())]);
    assert_eq!(world.adopted(ada).await, 2);
    // Nobody is written to twice.
    world.come(40 * DAY).await;
    assert_eq!(world.letters().await.len(), 2);
}

#[tokio::test]
async fn whoever_answers_before_the_day_is_asked_no_more() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let (eve, _) = world.person("eve@example.org").await;
    for person in [ada, eve] {
        world.says(person, "advertise", "given").await;
    }
    publish(&world, &second(EARLIEST, &[])).await;
    world.come(1_000).await;
    let greeted = world.greeted(ada).await.unwrap();
    assert_eq!((greeted.version, greeted.in_force, greeted.seen), (2, false, false));
    assert_eq!(greeted.state.as_deref(), Some("asked"));
    assert_eq!(greeted.ask.len(), 1);
    world.says_anew(ada, &[("advertise", "given")]).await.unwrap();
    // A no is a withdrawal, and counts at once.
    world.says_anew(eve, &[("advertise", "refused")]).await.unwrap();
    assert_eq!(refused(world.uses(eve, "advertise", &["email"]).await).0, "withdrawn");
    let greeted = world.greeted(ada).await.unwrap();
    assert_eq!((greeted.state.as_deref(), greeted.ask.len()), (Some("answered"), 0));
    // Not before the day, also for whoever agreed.
    assert_eq!(world.uses_both(ada).await, [no("undeclared"), no("undeclared")]);
    assert_eq!(world.adopted(ada).await, 1);
    world.come(UNTIL).await;
    assert_eq!(world.uses_both(ada).await, [Ok(()), Ok(())]);
    assert_eq!(world.uses_both(eve).await, [Ok(()), no("withdrawn")]);
}

/// A yes counts at once: it is not taken for words that ask for less than those in force.
#[tokio::test]
async fn a_yes_to_less_waits_for_the_day_that_asks_for_less() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let (bob, _) = world.person("bob@example.org").await;
    world.says(bob, "advertise", "given").await;
    let less = [(
        "uses    = [\"email\", \"phone\", \"interests\", \"page-views\"]",
        "uses    = [\"email\", \"interests\"]",
    )];
    publish(&world, &second(EARLIEST, &less)).await;
    world.come(1_000).await;
    let early = world.says_anew(ada, &[("advertise", "given")]).await;
    assert!(matches!(early, Err(Stop::NotNow(_))), "{early:?}");
    assert_eq!(refused(world.uses(ada, "advertise", &["email"]).await).0, "not-consented");
    // A no is a no, and whoever agreed to more has agreed to this.
    world.says_anew(ada, &[("advertise", "refused")]).await.unwrap();
    world.says_anew(bob, &[("advertise", "given")]).await.unwrap();
    world.come(UNTIL).await;
    world.says(ada, "advertise", "given").await;
    world.uses(ada, "advertise", &["email"]).await.unwrap();
}

#[tokio::test]
async fn where_the_policy_says_stop_silence_ends_the_purpose() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    world.says(ada, "advertise", "given").await;
    // What was promised when she was asked is in the version before.
    let first = [("ask_again = true", "ask_again = true\nunanswered = \"stop\"")];
    let mut draft = second("2026-11-24", &first);
    let text = draft.folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("[\"birth-date\", \"email\"", "[\"email\"").replace(
        "uses    = [\"email\", \"phone\", \"interests\"",
        "uses    = [\"email\", \"interests\"",
    );
    let plan = publish(&world, &draft).await;
    assert!(!plan.widens(), "{:?}", plan.changes);
    world.come(2 * DAY).await;
    let third = [
        ("version    = 2", "version    = 3"),
        ("ask_again = true", "ask_again = true\nunanswered = \"stop\""),
    ];
    publish(&world, &second("2026-12-31", &third)).await;
    world.come(1_000).await;
    let letters = world.letters().await;
    assert!(letters[0].contains("If you do not answer, it stops on that day"), "{letters:?}");
    world.uses(ada, "advertise", &["email"]).await.unwrap();
    world.come(45 * DAY).await;
    assert_eq!(refused(world.uses(ada, "advertise", &["email"]).await).0, "not-consented");
    assert_eq!(world.uses_both(ada).await, [Ok(()), no("not-consented")]);
    assert_eq!(world.adopted(ada).await, 3);
    // Asked again like anybody who has not answered, she may say yes.
    world.says(ada, "advertise", "given").await;
    assert_eq!(world.uses_both(ada).await, [Ok(()), Ok(())]);
}

#[tokio::test]
async fn whoever_is_told_late_has_the_whole_notice() {
    let mut world = World::new().await;
    let (bob, _) = world.person("bob@example.org").await;
    publish(&world, &second(EARLIEST, &[])).await;
    // The round came to nobody: the server was down for all of it.
    world.later(UNTIL + DAY);
    flows::notice::refresh(&world.flows, world.now).await.unwrap();
    assert_eq!(world.flows.book().version(), 2);
    assert_eq!(world.uses_both(bob).await[0], no("not-told"));
    world.work().await;
    assert_eq!(world.letters().await.len(), 1);
    assert_eq!(world.uses_both(bob).await[0], no("not-told"));
    world.come(29 * DAY).await;
    assert_eq!(world.uses_both(bob).await[0], no("not-told"));
    world.come(2 * DAY).await;
    assert_eq!(world.uses_both(bob).await[0], Ok(()));
}

#[tokio::test]
async fn a_version_that_only_words_anew_writes_to_nobody() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let mut draft = second("2026-11-23", &[("We have tried to write", "We tried to write")]);
    let text = draft.folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("[\"birth-date\", \"email\"", "[\"email\"").replace(
        "uses    = [\"email\", \"phone\", \"interests\"",
        "uses    = [\"email\", \"interests\"",
    );
    let plan = publish(&world, &draft).await;
    assert!(!plan.widens());
    world.come(2 * DAY).await;
    assert_eq!(world.flows.book().version(), 2);
    assert!(world.letters().await.is_empty());
    let said = change::announcement(&world.flows, "en", world.now).unwrap();
    assert_eq!(said.title, "Our privacy policy changed on 23 November 2026");
    assert!(said.says.is_empty() && said.text.starts_with("Only words change"), "{said:?}");
    // Going on is noted as the notice seen, once, with version, language and the hash of the text.
    let first = world.greeted(ada).await.unwrap();
    assert!(!first.seen && first.ask.is_empty());
    assert!(world.greeted(ada).await.is_none(), "it was seen");
    let consents = flows::rights::consents(&world.flows, ada, None, world.now).await.unwrap();
    let accepted = consents.into_inner().0["accepted"].clone();
    assert_eq!(accepted.as_array().unwrap().len(), 2, "{accepted}");
    assert_eq!(accepted[0]["counts"], "notice-seen");
    assert_eq!(accepted[0]["version"], 2);
    assert_eq!(accepted[1]["counts"], "agreed");
    assert_eq!(accepted[1]["language"], "en");
    let hash = |at: usize| accepted[at]["text_hash"].as_str().unwrap().to_owned();
    assert!(hash(0).starts_with("sha256:") && hash(0) != hash(1), "{accepted}");
    assert!(change::announcement(&world.flows, "en", world.now.plus_millis(40 * DAY)).is_none());
}

#[tokio::test]
async fn a_browser_that_agreed_is_asked_by_the_banner() {
    let mut world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes makes a person")
    };
    let secret = recorded.into_inner().browser.unwrap();
    let browser = flows::account::who(&world.flows, &secret, world.now).await.unwrap().unwrap();
    // Its log information may be used for more.
    let wider = [(
        "uses    = [\"page-views\", \"clicks\", \"device\", \"language\"]",
        "uses    = [\"page-views\", \"clicks\", \"device\", \"language\", \"ip\"]",
    )];
    let draft = second(EARLIEST, &wider);
    let plan = publish(&world, &draft).await;
    assert_eq!((plan.reach.told, plan.reach.asked), (1, 1), "{}", plan.render());
    world.come(1_000).await;
    assert!(world.letters().await.is_empty());
    world.come(UNTIL).await;
    let shown = Shown::to(&world.flows, browser, ("en", Signals::default()), world.now);
    let shown = shown.await.unwrap().into_inner();
    assert!(!shown.answered && shown.ask_again == ["improve"], "{shown:?}");
    assert_eq!(shown.notice.unwrap().version, 2);
    world.says(browser, "improve", "given").await;
    let shown = Shown::to(&world.flows, browser, ("en", Signals::default()), world.now);
    assert!(shown.await.unwrap().into_inner().ask_again.is_empty());
}
