//! A node is held in the middle of what it does while it brings entries into the log, and comes back
//! as a former sequencer.

use sim::outside::cluster::until;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{RECOVERY, World, folder};

const ROUNDS: usize = 2;

#[test]
fn a_sequencer_is_paused_and_comes_back() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, first) = World::new(folder.path(), &postgres.url());
    // With the fewest connections: extending the log must not wait for one that it has itself.
    let second = world.cluster.start("b", &["--connections", "1"]).unwrap();
    // One load for each: nobody asks a node that is held, and both have records that wait.
    let loads = [&first, &second].map(|it| nodes(&[it.address()]));
    let loads = [Load::start(&loads[0], &world.key, 1), Load::start(&loads[1], &world.key, 2)];
    let lease = || postgres.ask("SELECT encode(holder, 'hex') FROM kept.leases").unwrap();
    let size = || postgres.ask("SELECT size FROM kept.log_head").unwrap().parse::<u64>().unwrap();
    let mut handed_over = 0;
    for _ in 0..ROUNDS {
        for (node, other) in [(&first, &loads[1]), (&second, &loads[0])] {
            other.goes_on(20);
            let (holder, before) = (lease(), size());
            node.pause().unwrap();
            // Whether it held the lease or not, the log goes on without it.
            until("the log goes on without it", RECOVERY, || size() > before + 10).unwrap();
            handed_over += usize::from(lease() != holder);
            node.resume().unwrap();
        }
    }
    assert!(handed_over >= ROUNDS, "the sequencer was among those held: {handed_over}");
    println!("the lease changed hands {handed_over} times");
    for load in &loads {
        load.goes_on(20);
    }
    let told = loads.map(Load::stop);
    for (node, told) in [&first, &second].into_iter().zip(told) {
        world.check(node, told, |it| postgres.ask(it).unwrap());
    }
    second.stop().unwrap();
    first.stop().unwrap();
}
