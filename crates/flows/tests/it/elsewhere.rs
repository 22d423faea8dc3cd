//! Policies with other transfers: one that sends the same to somebody else, where what waits does not
//! follow and a yes waits for the day, and one that goes the other way.

use flows::security::AddKey;
use flows::{AskerKind, Flows, Plain, Stop, transfer};

use crate::changing::{EARLIEST, UNTIL, publish, second};
use crate::support::{DAY, World, refused, settings, starter};
use crate::telling::Fake;
use crate::transfers::REPAIR;

/// The same transfer, to somebody else.
const OTHER: [(&str, &str); 2] = [
    (
        "[transfer.cn-eu-service]",
        "[recipient.eu-second]\ntitle = \"Another service centre\"\nrole = \"processor\"\n\
         region = \"eu\"\nagreement = true\ncontact = \"second@example.com\"\n\
         does = \"repairs too\"\n\n[agreement.eu-second]\ntitle = \"Agreement with the other\"\n\
         recipients = [\"eu-second\"]\ndocuments = [\"data-processing-agreement\"]\n\n\
         [transfer.cn-eu-service]",
    ),
    ("recipient  = \"eu-service\"", "recipient  = \"eu-second\""),
];

fn elsewhere() -> flows::change::Draft {
    let mut draft = second(EARLIEST, &OTHER);
    let chinese = draft.folder.files.get_mut("policy.zh.md").unwrap();
    for (after, more) in [
        ("recipient.eu-service = ", "recipient.eu-second = \"另一服务中心\"\n"),
        ("recipient.eu-service.does ", "recipient.eu-second.does = \"也负责维修\"\n"),
        ("agreement.eu-service", "agreement.eu-second = \"与另一服务中心的协议\"\n"),
    ] {
        let at = chinese.find(after).unwrap_or_else(|| panic!("`{after}` is not there"));
        chinese.insert_str(at, more);
    }
    draft
}

/// What waits goes to whom it was asked for, or to nobody.
#[tokio::test]
async fn nothing_goes_to_a_recipient_whom_the_policy_names_no_more() {
    let mut world = World::new().await;
    let centre = Fake::start(503, "");
    world.flows.connect(vec![centre.system("eu-service")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    world.agrees(person, REPAIR, "given").await.unwrap();
    publish(&world, &elsewhere()).await;
    world.later(UNTIL - DAY);
    let sending = world.sends(person, REPAIR, &["name"]).await.unwrap();
    world.work().await;
    assert_eq!(centre.heard().len(), 1, "it was tried while it was declared");
    centre.says(200, "");
    world.come(DAY).await;
    assert_eq!(world.state(true).await, [(sending.id, "stopped".to_owned())]);
    let values = centre.heard().iter().filter(|it| it["what"] == "transfer").count();
    assert_eq!(values, 1, "and never afterwards");
    // It may have it all the same, and hears that it has to go.
    world.agrees_to(person, (REPAIR, "refused"), String::new()).await.unwrap();
    world.work().await;
    assert!(centre.heard().iter().any(|it| it["what"] == "withdraw"), "{:?}", centre.heard());
}

/// Who got something before the transfer named somebody else hears of the withdrawal too.
#[tokio::test]
async fn a_withdrawal_comes_to_whoever_got_it_before() {
    let mut world = World::new().await;
    let (first, other) = (Fake::start(200, ""), Fake::start(200, ""));
    world.flows.connect(vec![first.system("eu-service"), other.system("eu-second")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    let (stays, _) = world.person("stays@example.com").await;
    for person in [person, stays] {
        world.agrees(person, REPAIR, "given").await.unwrap();
    }
    world.sends(person, REPAIR, &["name"]).await.unwrap();
    world.work().await;
    publish(&world, &elsewhere()).await;
    world.come(UNTIL).await;
    for person in [person, stays] {
        world.agrees(person, REPAIR, "given").await.unwrap();
        world.agrees_to(person, (REPAIR, "refused"), String::new()).await.unwrap();
    }
    world.work().await;
    let told = |fake: &Fake| fake.heard().iter().filter(|it| it["what"] == "withdraw").count();
    assert_eq!(
        (told(&first), told(&other)),
        (1, 2),
        "nothing of the second ever went to the first"
    );
}

/// A yes to the words of a version that is announced opens nothing under those in force.
#[tokio::test]
async fn a_yes_to_announced_words_waits_for_their_day() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    publish(&world, &elsewhere()).await;
    let mut there = World::new().await;
    publish(&there, &elsewhere()).await;
    there.come(UNTIL).await;
    let announced = transfer::text_hash(&there.flows.book(), REPAIR, "en");
    let early = world.agrees_to(person, (REPAIR, "given"), announced.clone()).await;
    assert!(matches!(early, Err(Stop::NotNow(_))), "{early:?}");
    refused(world.sends(person, REPAIR, &[]).await);
    world.come(UNTIL).await;
    let receipt = world.agrees_to(person, (REPAIR, "given"), announced).await.unwrap();
    assert_eq!(receipt.0["pii_processing"][0]["event"]["state"], "given");
}

/// The same world under a policy with a transfer that goes the other way, and to somebody else.
pub(crate) async fn with_more(edit: impl Fn(&str) -> String) -> World {
    let world = World::new().await;
    let World { dir, now, .. } = world;
    drop(dir);
    let dir = tempfile::tempdir().unwrap();
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    *text = edit(text).replace("[\"en\", \"zh\"]", "[\"en\"]");
    folder.files.remove("policy.zh.md");
    let flows = Flows::open(settings(dir.path()), &folder, now).await.unwrap();
    let ask = AddKey {
        kind: AskerKind::App,
        name: "shop".to_owned(),
        purposes: vec!["service".to_owned(), "support".to_owned()],
        source: None,
    };
    let key = flows::security::add_key(&flows, ask, now).await.unwrap();
    let app = flows::security::caller(&flows, &key.secret).await.unwrap().unwrap();
    World { flows, now, dir, app }
}

/// The other way is another transfer; and what goes to a controller of its own is no account of ours.
#[tokio::test]
async fn a_policy_may_declare_the_way_back() {
    let back = r#"[transfer.eu-cn-home]
title      = "Moving to China"
from       = "eu"
to         = "cn"
recipient  = "cn-home"
purpose    = "service"
categories = ["name", "address"]
safeguards = "the same people, the same keys per person."
risks      = "other laws apply there."

[recipient.cn-home]
title  = "Our own house in China"
role   = "ROLE"
region = "cn"

[transfer.cn-eu-service]"#;
    for (role, goes) in [("processor", true), ("controller", false)] {
        let more = back.replace("ROLE", role);
        let mut world = with_more(|it| it.replacen("[transfer.cn-eu-service]", &more, 1)).await;
        let to = world.moved_to("wei@example.com", "cn").await;
        let from = world.moved_to("wei@example.org", "eu").await;
        let name = ("name", Plain::from("Wei Moved"), None);
        let _done = flows::rights::correct(&world.flows, from, name, world.now).await.unwrap();
        refused(world.carries((from, to), REPAIR).await);
        world.agrees(from, "eu-cn-home", "given").await.unwrap();
        let carried = world.carries((from, to), "eu-cn-home").await;
        if goes {
            assert_eq!(carried.unwrap().carried, ["name"]);
            assert_eq!(world.name_of(to).await.as_deref(), Some("Wei Moved"));
        } else {
            assert!(matches!(carried, Err(Stop::NotNow(_))), "{carried:?}");
            assert_eq!(world.name_of(to).await, None);
        }
    }
}
