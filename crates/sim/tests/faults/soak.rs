//! Load for a while: what the process holds does not grow with what it has done. `bench soak` does the
//! same for an hour, and looks at the times as well.

use sim::outside::cluster::Node;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{World, folder};

/// Pieces of the load, and what is acknowledged in each.
const PIECES: usize = 9;
const ACKNOWLEDGED: u64 = 800;
/// What the last third may hold of what the first does, in hundredths.
const GROWTH_MAX: u64 = 130;
/// What a process may hold under this load.
const BYTES_MAX: u64 = 400 << 20;

/// The load in pieces; then the middle of the last third is held against that of the first.
fn flat(node: &Node, load: &Load) {
    let mut held: Vec<u64> = Vec::new();
    for _ in 0..PIECES {
        load.goes_on(ACKNOWLEDGED);
        held.push(node.memory().unwrap());
    }
    let mib: Vec<u64> = held.iter().map(|it| it >> 20).collect();
    println!("MiB after each {ACKNOWLEDGED}: {mib:?}");
    let third = PIECES / 3;
    let middle = |part: &[u64]| {
        let mut part = part.to_vec();
        part.sort_unstable();
        part[part.len() / 2]
    };
    let (first, last) = (middle(&held[..third]), middle(&held[PIECES - third..]));
    assert!(last <= first * GROWTH_MAX / 100, "it grows: {mib:?}");
    assert!(last <= BYTES_MAX, "it holds too much: {mib:?}");
}

#[test]
fn the_memory_of_a_node_is_flat_over_a_data_folder() {
    let folder = folder();
    let (world, node) = World::alone(folder.path(), &folder.path().join("data"), &[]);
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    flat(&node, &load);
    world.check_people(&node, load.stop());
    println!("{}", world.cluster.verify().unwrap().trim_end());
    node.stop().unwrap();
}

#[test]
fn the_memory_of_a_node_is_flat_over_a_shared_database() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    flat(&node, &load);
    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());
    node.stop().unwrap();
}
