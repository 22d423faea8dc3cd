//! What crosses a border: only what a transfer declares, only with a consent of its own, and not a day
//! longer than that lasts. A move hands over what both sides permit.

use flows::queue::Asked;
use flows::security::{AddKey, By};
use flows::transfer::{self, Agree, Carried, Carry, Send, Sending};
use flows::{AskerKind, Json, PersonId, Plain, Secret, Stop};

use crate::requests::asks;
use crate::support::{DAY, World, contains, refused};
use crate::telling::Fake;

/// The one that the starter policy declares.
pub(crate) const REPAIR: &str = "cn-eu-service";
const HOUR: i64 = 3_600_000;

impl World {
    pub(crate) async fn agrees(&self, who: PersonId, id: &str, word: &str) -> Result<Json, Stop> {
        let text_hash = transfer::text_hash(&self.flows.book(), id, "en");
        self.agrees_to(who, (id, word), text_hash).await
    }

    pub(crate) async fn agrees_to(
        &self,
        who: PersonId,
        (id, word): (&str, &str),
        text_hash: String,
    ) -> Result<Json, Stop> {
        let ask = Agree {
            who: who.into(),
            transfer: id.to_owned(),
            choice: word.to_owned(),
            text_hash,
            language: "en".to_owned(),
            screen: "privacy-centre".to_owned(),
            idempotency: None,
        };
        transfer::agree(&self.flows, ask, self.now).await.map(flows::Recorded::into_inner)
    }

    pub(crate) async fn sends(
        &self,
        person: PersonId,
        id: &str,
        of: &[&str],
    ) -> Result<Sending, Stop> {
        let ask = Send {
            person,
            transfer: id.to_owned(),
            categories: of.iter().map(|it| (*it).to_owned()).collect(),
            idempotency: None,
        };
        let done = transfer::send(&self.flows, By::Staff("officer-1"), &ask, self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    pub(crate) async fn state(&self, done: bool) -> Vec<(String, String)> {
        let ask = Asked { done, ..Asked::default() };
        let all = transfer::sendings(&self.flows, &ask).await.unwrap().transfers;
        all.into_iter().map(|it| (it.id, it.state)).collect()
    }

    /// Somebody with a new account in another region.
    pub(crate) async fn moved_to(&mut self, email: &str, region: &str) -> PersonId {
        let form = flows::account::Register {
            region: region.to_owned(),
            data: vec![("password".to_owned(), Plain::from("another horse battery"))],
            phone: None,
            ..Self::form(email)
        };
        let registered = self.register(form).await.unwrap();
        self.later(1_000);
        let code = self.code().await;
        PersonId::parse(&self.verify(&registered.id, &code).await.unwrap().id).unwrap()
    }

    async fn token(&self, to: PersonId) -> Secret {
        transfer::token(&self.flows, to, self.now).await.unwrap().into_inner().token
    }

    pub(crate) async fn carries(
        &self,
        (from, to): (PersonId, PersonId),
        id: &str,
    ) -> Result<Carried, Stop> {
        let token = self.token(to).await;
        self.carries_with((from, to), id, &token).await
    }

    async fn carries_with(
        &self,
        (from, to): (PersonId, PersonId),
        id: &str,
        token: &Secret,
    ) -> Result<Carried, Stop> {
        let ask = Carry { from, transfer: id.to_owned(), to, token: token.clone() };
        let done = transfer::carry(&self.flows, ask, self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    /// Whether any file of a region's database holds these bytes.
    fn holds_in(&self, region: &str, needle: &str) -> bool {
        let files = self.files().into_iter();
        let own: Vec<_> =
            files.filter(|(path, _)| path.to_string_lossy().contains(region)).collect();
        assert!(!own.is_empty(), "no file of the region");
        own.iter().any(|(_, it)| contains(it, needle))
    }

    /// A value of somebody, for help, whatever key asks.
    pub(crate) async fn name_of(&self, person: PersonId) -> Option<String> {
        let used = self.uses(person, "support", &["name"]).await.unwrap();
        used.values.get("name").map(str::to_owned)
    }
}

fn reasons(carried: &Carried) -> Vec<(String, String)> {
    let one = |it: &flows::Told| (it.category.clone().unwrap(), it.reason.clone());
    carried.stays.iter().map(one).collect()
}

/// Each of the four things is told before anybody is asked, and a receipt keeps what was told.
#[tokio::test]
async fn a_transfer_is_asked_about_by_itself_and_tells_the_four_things() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let shown = transfer::list(&world.flows, person, "en", world.now).await.unwrap().into_inner();
    let [it] = shown.transfers.as_slice() else { panic!("{shown:?}") };
    assert_eq!((it.id.as_str(), it.state, it.clause.as_str()), (REPAIR, "not-agreed", "transfer"));
    assert_eq!(
        (it.purpose_title.as_str(), it.to_title.as_str()),
        ("Help and support", "European Union")
    );
    assert_eq!(it.recipient.title, "Our service centre in Europe");
    assert_eq!(
        (it.recipient.role, it.recipient.contact.as_deref()),
        ("processor", Some("service-eu@example.com"))
    );
    assert!(it.safeguards.contains("standard contract") && it.risks.contains("a court abroad"));
    let data: Vec<&str> = it.categories.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(data, ["email", "installation", "name"]);
    let zh = transfer::list(&world.flows, person, "zh", world.now).await.unwrap().into_inner();
    assert!(zh.transfers[0].risks.contains('欧'), "{zh:?}");
    assert_ne!(zh.transfers[0].text_hash, it.text_hash);

    let stale = world.agrees_to(person, (REPAIR, "given"), "sha256:00".to_owned()).await;
    assert!(matches!(stale, Err(Stop::Stale)));
    let wrong = world.agrees(person, REPAIR, "yes").await;
    assert!(matches!(wrong, Err(Stop::Invalid { .. })));
    assert!(matches!(world.agrees(person, "nowhere", "given").await, Err(Stop::NotFound)));
    let receipt = world.agrees(person, REPAIR, "given").await.unwrap().0;
    let told = &receipt["pii_processing"][0];
    assert_eq!(
        (told["consent_type"].as_str(), told["event"]["state"].as_str()),
        (Some("separate"), Some("given"))
    );
    assert_eq!(told["recipient_contact"], "service-eu@example.com");
    let shown = transfer::list(&world.flows, person, "en", world.now).await.unwrap().into_inner();
    assert_eq!(shown.transfers[0].state, "agreed");
    let kept = flows::rights::consents(&world.flows, person, None, world.now).await.unwrap();
    assert_eq!(kept.into_inner().0["receipts"][0]["record_id"], receipt["record_id"]);
}

/// A yes to every purpose is no yes to a transfer.
#[tokio::test]
async fn nothing_is_sent_without_the_consent_of_its_own() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    for (purpose, _) in world.flows.book().choices(person.region()) {
        world.says(person, &purpose, "given").await;
    }
    let (reason, clauses) = refused(world.sends(person, REPAIR, &[]).await);
    assert_eq!(reason, "separate-consent-missing");
    assert!(clauses.contains(&"transfer".to_owned()), "{clauses:?}");
    assert!(matches!(world.sends(person, "nowhere", &[]).await, Err(Stop::NotFound)));
    // The other way nothing is declared, so that whoever is there is refused whatever they said.
    let there = world.moved_to("ada@example.org", "eu").await;
    let (reason, clauses) = refused(world.sends(there, REPAIR, &[]).await);
    assert_eq!(
        (reason.as_str(), clauses.contains(&"transfer".to_owned())),
        ("crosses-region", true)
    );
    assert!(matches!(world.agrees(there, REPAIR, "given").await, Err(Stop::NotFound)));
    assert!(world.state(false).await.is_empty() && world.state(true).await.is_empty());
}

/// Agreed, it goes: once it is on the record, signed, with the values that were agreed to alone.
#[tokio::test]
async fn what_was_agreed_to_goes_to_the_recipient() {
    let mut world = World::new().await;
    let centre = Fake::start(503, "");
    world.flows.connect(vec![centre.system("eu-service")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    world.agrees(person, REPAIR, "given").await.unwrap();
    let sending = world.sends(person, REPAIR, &["name", "phone"]).await.unwrap();
    assert_eq!(sending.categories, ["name"]);
    assert_eq!(sending.refused[0].category.as_deref(), Some("phone"));
    assert_eq!(sending.refused[0].clauses, ["transfer"]);
    assert!(centre.heard().is_empty(), "nothing leaves before its reason is durable");
    world.work().await;
    assert_eq!(world.state(false).await, [(sending.id.clone(), "waiting".to_owned())]);
    centre.says(200, "");
    world.later(HOUR);
    world.work().await;
    assert_eq!(world.state(true).await, [(sending.id.clone(), "sent".to_owned())]);
    let heard = centre.heard();
    assert_eq!(heard.len(), 2, "tried again under the same id");
    assert!(heard.iter().all(|it| it["sent"]["id"] == sending.id.as_str()));
    assert_eq!(heard[1]["sent"]["values"], serde_json::json!({ "name": "Wei Planted" }));
    assert_eq!(heard[1]["sent"]["to_region"], "eu");
    world.later(DAY);
    world.work().await;
    assert_eq!(centre.heard().len(), 2, "and never once more");
    let page = flows::rights::Page::default();
    let uses = flows::rights::uses(&world.flows, person, &page, world.now).await.unwrap();
    let seen = uses.into_inner().uses;
    let left: Vec<_> = seen.iter().filter(|it| it.act == "transfer").collect();
    assert!(left.iter().all(|it| it.purpose.as_deref() == Some("support")), "{left:?}");
    assert!(left.iter().any(|it| it.by == "staff") && left.iter().any(|it| it.by == "system"));
}

/// Taking it back counts at once, for what waits too, and the recipient is asked to delete.
#[tokio::test]
async fn taking_it_back_stops_what_waits_and_asks_for_deletion() {
    let mut world = World::new().await;
    let centre = Fake::start(503, "");
    world.flows.connect(vec![centre.system("eu-service")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    world.agrees(person, REPAIR, "given").await.unwrap();
    let sending = world.sends(person, REPAIR, &[]).await.unwrap();
    // A no is as easy as a yes, and does not depend on what was shown.
    let receipt = world.agrees_to(person, (REPAIR, "refused"), String::new()).await.unwrap();
    assert_eq!(receipt.0["pii_processing"][0]["event"]["state"], "refused");
    refused(world.sends(person, REPAIR, &[]).await);
    centre.says(200, r#"{"done":true}"#);
    world.work().await;
    let heard = centre.heard();
    assert_eq!(heard.len(), 1, "{heard:?}");
    assert_eq!(heard[0]["what"], "withdraw");
    assert_eq!(world.state(true).await, [(sending.id, "stopped".to_owned())]);
}

/// Whoever takes everything back is told what that was, a transfer too.
#[tokio::test]
async fn the_answer_to_a_withdrawal_names_what_was_taken_back() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let all =
        || flows::rights::Ask { right: "withdraw".to_owned(), ..flows::rights::Ask::default() };
    world.agrees(person, REPAIR, "given").await.unwrap();
    let seen = asks(&world, person, all()).await;
    let id = decide::id::RequestId::parse(&seen.id).unwrap();
    let whole = flows::rights::request(&world.flows, person, id, world.now).await.unwrap();
    let said = whole.into_inner().said;
    let text = &said.last().unwrap().text;
    assert!(text.contains("taken back: Repair in Europe"), "{text}");
}

/// Who cannot be called fetches with its key; what nobody fetches does not wait for ever.
#[tokio::test]
async fn a_recipient_fetches_what_is_for_it() {
    let mut world = World::new().await;
    let partner = |name: &str| AddKey {
        kind: AskerKind::Partner,
        name: name.to_owned(),
        purposes: Vec::new(),
        source: Some("reseller".to_owned()),
    };
    let mut keys = Vec::new();
    for name in ["eu-service", "shop-partner"] {
        let key = flows::security::add_key(&world.flows, partner(name), world.now).await.unwrap();
        keys.push(flows::security::caller(&world.flows, &key.secret).await.unwrap().unwrap());
    }
    let (person, _) = world.person("wei@example.com").await;
    world.agrees(person, REPAIR, "given").await.unwrap();
    let sending = world.sends(person, REPAIR, &[]).await.unwrap();
    world.work().await;
    let waits = transfer::waiting(&world.flows, &keys[0], None).await.unwrap().transfers;
    assert_eq!((waits.len(), waits[0].id.as_str()), (1, sending.id.as_str()));
    assert_eq!((waits[0].by.as_str(), waits[0].name.as_str()), ("staff", ""), "and not who it was");
    assert!(transfer::waiting(&world.flows, &keys[1], None).await.unwrap().transfers.is_empty());
    let id = decide::id::TransferId::parse(&sending.id).unwrap();
    let other = transfer::fetch(&world.flows, &keys[1], id, world.now).await;
    assert!(matches!(other, Err(Stop::NotFound)));
    let sent = transfer::fetch(&world.flows, &keys[0], id, world.now).await.unwrap().into_inner();
    assert_eq!(sent.values.get("email"), Some("wei@example.com"));
    // An answer that got lost is asked for again, while what was agreed to is, and its time runs.
    let again = transfer::fetch(&world.flows, &keys[0], id, world.now).await.unwrap();
    assert_eq!(again.into_inner(), sent);
    world.agrees_to(person, (REPAIR, "refused"), String::new()).await.unwrap();
    refused(transfer::fetch(&world.flows, &keys[0], id, world.now).await.map(drop));
    world.agrees(person, REPAIR, "given").await.unwrap();
    let late = world.sends(person, REPAIR, &[]).await.unwrap();
    world.later(8 * DAY);
    world.work().await;
    assert!(world.state(true).await.contains(&(late.id, "stopped".to_owned())));
    let over = transfer::fetch(&world.flows, &keys[0], id, world.now).await;
    assert!(matches!(over, Err(Stop::NotNow(_))), "{over:?}");
}

/// A move: a new account there, and what both sides permit goes along. The rest stays, and says why.
#[tokio::test]
async fn a_move_hands_over_what_both_sides_permit() {
    let mut world = World::new().await;
    let (from, _) = world.person("wei@example.com").await;
    let to = world.moved_to("wei@example.org", "eu").await;
    let (reason, _) = refused(world.carries((from, to), REPAIR).await);
    assert_eq!(reason, "separate-consent-missing");
    assert_eq!(world.name_of(to).await, None, "nothing without the consent");
    assert!(!world.holds_in("eu", "Wei Planted"));
    world.agrees(from, REPAIR, "given").await.unwrap();
    let token = world.token(to).await;
    let carried = world.carries_with((from, to), REPAIR, &token).await.unwrap();
    assert_eq!(carried.carried, ["name"]);
    let why = reasons(&carried);
    let says = |category: &str| why.iter().find(|it| it.0 == category).map(|it| it.1.as_str());
    assert_eq!(says("email"), Some("held-there"));
    for category in ["phone", "birth-date", "password"] {
        assert!(["crosses-region", "undeclared"].contains(&says(category).unwrap()), "{why:?}");
    }
    assert!(carried.stays.iter().all(|it| !it.clauses.is_empty()));
    assert_eq!(world.name_of(to).await.as_deref(), Some("Wei Planted"));
    assert!(!world.holds_in("eu", "Wei Planted"), "sealed, as everything is");
    // Both have it on their record, and the same token hands over once.
    for (person, act) in [(from, "transfer"), (to, "collect")] {
        let page = flows::rights::Page::default();
        let uses = flows::rights::uses(&world.flows, person, &page, world.now).await.unwrap();
        assert!(uses.into_inner().uses.iter().any(|it| it.act == act && it.categories == ["name"]));
    }
    world.later(11 * 60_000);
    let again = world.carries_with((from, to), REPAIR, &token).await;
    assert!(matches!(again, Err(Stop::Replayed { status: 200, .. })), "{again:?}");
    let nothing = world.carries((from, to), REPAIR).await;
    assert!(matches!(nothing, Err(Stop::NotNow(_))), "{nothing:?}");
}

/// Nobody hands over to an account that did not say so, and no token lasts or serves another.
#[tokio::test]
async fn a_token_is_of_one_account_and_not_for_long() {
    let mut world = World::new().await;
    let (from, _) = world.person("wei@example.com").await;
    let to = world.moved_to("wei@example.org", "eu").await;
    let other = world.moved_to("ada@example.org", "eu").await;
    world.agrees(from, REPAIR, "given").await.unwrap();
    let token = world.token(other).await;
    let longer = Secret::given(format!("{}0", token.as_str()));
    for token in [token, Secret::given("kept_move_x"), longer] {
        let done = world.carries_with((from, to), REPAIR, &token).await;
        assert!(matches!(done, Err(Stop::Wrong)), "{done:?}");
    }
    let token = world.token(to).await;
    let nowhere = PersonId::parse(&format!("per_xx_{:032}", 0)).unwrap();
    let strange = world.carries_with((from, nowhere), REPAIR, &token).await;
    assert!(matches!(strange, Err(Stop::Wrong)), "no such region is served: {strange:?}");
    world.later(11 * 60_000);
    let late = world.carries_with((from, to), REPAIR, &token).await;
    assert!(matches!(late, Err(Stop::Wrong)), "{late:?}");
    let here = world.moved_to("wei.two@example.org", "cn").await;
    let near = world.carries((from, here), REPAIR).await;
    assert!(matches!(near, Err(Stop::NotNow(_))), "{near:?}");
    assert_eq!(world.name_of(to).await, None);
}
