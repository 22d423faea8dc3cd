//! The clock of one node is hours ahead of the other's.
//!
//! Covered: what a node decides by its own clock (what is due, leases of jobs) while the log goes on,
//! because its lease is by the database's clock. Not covered: a step of the clock of the machine itself,
//! of the database's clock, or backwards; a test clock only goes forward.

use serde_json::json;
use sim::outside::cluster::until;
use sim::outside::http::Client;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{RECOVERY, World, folder};

#[test]
fn the_clock_of_one_node_steps_ahead() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, first) = World::new(folder.path(), &postgres.url());
    let second = world.cluster.start("b", &["--test-clock"]).unwrap();
    let list = nodes(&[first.address(), second.address()]);
    let load = Load::start(&list, &world.key, 1);
    for step in ["2s", "6h", "12h"] {
        load.goes_on(30);
        let mut clock = Client::new(second.address(), None);
        let answer = clock.call("POST", "/v1/test/clock", Some(&json!({ "advance": step })));
        let answer = answer.unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json());
    }
    load.goes_on(60);
    World::ready(&first);
    World::ready(&second);
    // By the database's clock nobody has the lease for longer than it lasts, whoever's clock says what.
    let ahead =
        "SELECT count(*) FROM kept.leases WHERE expires > clock_timestamp() + INTERVAL '1 minute'";
    assert_eq!(postgres.ask(ahead).unwrap(), "0");
    // Both bring entries in: when one ends, the other goes on.
    second.stop().unwrap();
    list.lock().unwrap().truncate(1);
    let size = || postgres.ask("SELECT size FROM kept.log_head").unwrap().parse::<u64>().unwrap();
    let before = size();
    load.goes_on(20);
    until("the log goes on", RECOVERY, || size() > before).unwrap();
    world.check(&first, load.stop(), |it| postgres.ask(it).unwrap());
    first.stop().unwrap();
}
