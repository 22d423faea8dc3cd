//! The database restarts, crashes, or cuts every connection, under load.

use sim::outside::cluster::pause;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{World, folder};

/// Cuts, one after the other.
const CUTS: usize = 30;

#[test]
fn the_database_restarts_and_crashes_under_load() {
    let folder = folder();
    let mut postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    World::ready(&node);
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    for fault in [Postgres::stop, Postgres::kill, Postgres::kill] {
        load.goes_on(40);
        fault(&mut postgres).unwrap();
        load.is_refused(8);
        World::not_ready(&node);
        postgres.again().unwrap();
        World::ready(&node);
    }
    load.goes_on(40);
    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());
    node.stop().unwrap();
}

#[test]
fn connections_are_cut_under_load() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    load.goes_on(20);
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE usename = 'kept'";
    let mut killed = 0;
    for _ in 0..CUTS {
        killed += postgres.ask(cut).unwrap().parse::<usize>().unwrap();
        pause();
    }
    assert!(killed > CUTS, "connections were cut: {killed}");
    World::ready(&node);
    load.goes_on(40);
    println!("connections cut: {killed}");
    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());
    node.stop().unwrap();
}
