//! The leading server of three dies, with everything on it, under load.

use sim::outside::patroni::{Patroni, SERVERS};
use sim::outside::postgres::ask;

use super::load::{Load, nodes};
use super::world::{World, checkout, folder};

const KILLS: usize = 2;

/// Who leads.
fn server(patroni: &Patroni) -> &'static str {
    let leader = patroni.leader().unwrap();
    SERVERS.into_iter().find(|it| *it == leader).unwrap()
}

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
        // Whoever was killed is back as a follower, so that the next one may go.
        patroni.settled().unwrap();
        load.goes_on(40);
        let leader = server(&patroni);
        load.gap();
        patroni.kill(leader).unwrap();
        load.goes_on(40);
        println!(
            "leader {kill} killed: {:.1} s without an acknowledgement",
            load.gap().as_secs_f64()
        );
        patroni.again(leader).unwrap();
    }
    // A leader whose followers are gone acknowledges nothing: it would be lost with it.
    patroni.settled().unwrap();
    let leader = server(&patroni);
    let followers = SERVERS.into_iter().filter(|it| *it != leader);
    for follower in followers.clone() {
        patroni.kill(follower).unwrap();
    }
    load.is_refused(1);
    let acknowledged = load.acknowledged();
    load.is_refused(4);
    assert_eq!(load.acknowledged(), acknowledged, "a leader alone acknowledges nothing");
    followers.for_each(|it| patroni.again(it).unwrap());
    load.goes_on(40);
    World::ready(&first);
    World::ready(&second);
    world.check(&first, load.stop(), |it| ask(&url, it).unwrap());
    second.stop().unwrap();
    first.stop().unwrap();
}
