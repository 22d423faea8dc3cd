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
    let mut dead = None;
    for kill in 1..=KILLS {
        if let Some(former) = dead {
            // It comes back as a follower, so that the next one may go.
            patroni.again(former).unwrap();
            patroni.settled().unwrap();
        }
        load.goes_on(40);
        let leader = server(&patroni);
        load.gap();
        patroni.kill(leader).unwrap();
        load.goes_on(40);
        let gap = load.gap().as_secs_f64();
        println!("leader {kill} killed: {gap:.1} s without an acknowledgement");
        dead = Some(leader);
    }
    // A leader whose followers are gone acknowledges nothing: it would be lost with it.
    let leader = server(&patroni);
    let last = SERVERS.into_iter().find(|it| *it != leader && Some(*it) != dead).unwrap();
    patroni.kill(last).unwrap();
    load.is_refused(1);
    let acknowledged = load.acknowledged();
    load.is_refused(4);
    assert_eq!(load.acknowledged(), acknowledged, "a leader alone acknowledges nothing");
    patroni.again(last).unwrap();
    load.goes_on(40);
    World::ready(&first);
    World::ready(&second);
    world.check(&first, load.stop(), |it| ask(&url, it).unwrap());
    second.stop().unwrap();
    first.stop().unwrap();
}
