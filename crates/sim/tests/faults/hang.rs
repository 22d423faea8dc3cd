//! The database hangs: connections stand, and nothing is answered.

use serde_json::json;
use sim::outside::cluster::{pause, until};
use sim::outside::http::Client;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes, register};
use super::world::{RECOVERY, World, asked, folder};

#[test]
fn a_database_that_hangs_holds_up_nobody_for_ever() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    let leaving = world.cluster.start("b", &[]).unwrap();
    let person = register(leaving.address(), "ada@example.org");
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    load.goes_on(20);
    World::ready(&node);

    postgres.pause().unwrap();
    // Told to end in the middle of an answer that does not come, a node ends, and with success.
    let mut app = Client::new(leaving.address(), Some(&world.key));
    let used = json!({ "person": person, "purpose": "service", "categories": ["name"] });
    let asking = std::thread::spawn(move || app.call("POST", "/v1/use", Some(&used)));
    pause();
    leaving.stop().unwrap();
    // Answered with a refusal, or cut off: nothing was acknowledged.
    let answer = asking.join().unwrap();
    assert!(answer.as_ref().map_or(true, |it| it.status == 503), "{answer:?}");

    // Which policy is in force is not known any more: not even what needs no database is answered.
    let mut said = None;
    until("the node says that it is not sure", RECOVERY, || {
        said = asked(&node, "/privacy.json").filter(|it| it.status != 200);
        said.is_some()
    })
    .unwrap();
    let said = said.unwrap();
    assert_eq!((said.status, &said.json()["type"]), (503, &json!("/problems/unconfirmed")));
    assert!(said.retry_after.is_some());
    World::not_ready(&node);
    assert_eq!(asked(&node, "/health").unwrap().status, 200, "the process lives");
    load.is_refused(4);
    // What is done beside the requests ends too, and is tried again.
    until("a step of the log ends", RECOVERY, || {
        world.cluster.said("a").contains("the log could not be extended")
    })
    .unwrap();

    postgres.resume().unwrap();
    World::ready(&node);
    load.goes_on(40);
    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());
    node.stop().unwrap();
}
