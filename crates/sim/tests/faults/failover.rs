//! The leading server of three dies, with everything on it, under load.

use sim::outside::patroni::{Patroni, SERVERS};
use sim::outside::postgres::ask;

use super::load::{Load, nodes};
use super::world::{World, checkout, folder};

const KILLS: usize = 2;

#[test]
fn leaders_are_killed_and_nothing_acknowledged_is_lost() {
    let folder = folder();
    let mut patroni = Patroni::start(&checkout(), &folder.path().join("patroni")).unwrap();
    patroni.hurry().unwrap();
    let url = patroni.url().unwrap();
    let (world, first) = World::new(folder.path(), &url);
    let second = world.cluster.start("b", &[]).unwrap();
    let load = Load::start(&nodes(&[first.address(), second.address()]), &world.key, 1);
    for kill in 1..=KILLS {
        load.goes_on(40);
        let leader = patroni.leader().unwrap();
        let leader = *SERVERS.iter().find(|it| **it == leader).unwrap();
        load.gap();
        patroni.kill(leader).unwrap();
        load.goes_on(40);
        println!(
            "leader {kill} killed: {:.1} s without an acknowledgement",
            load.gap().as_secs_f64()
        );
        // It comes back as a follower, so that the next one may go.
        patroni.again(leader).unwrap();
        patroni.settled().unwrap();
    }
    World::ready(&first);
    World::ready(&second);
    world.check(&first, load.stop(), |it| ask(&url, it).unwrap());
    second.stop().unwrap();
    first.stop().unwrap();
}
