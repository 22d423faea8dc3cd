//! An address is the person's, wherever it lies: nothing can be made from it alone that is stored, and it
//! is looked up and kept in its own region.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::support::World;

/// What anybody can make of an address without a key, whole or cut short, in the ways it is written.
fn guesses(address: &str) -> Vec<Vec<u8>> {
    let said = [address.to_owned(), address.to_uppercase(), format!("email:{address}")];
    let ways = [&digest::SHA256, &digest::SHA512, &digest::SHA1_FOR_LEGACY_USE_ONLY];
    let mut all = Vec::new();
    for (text, way) in said.iter().flat_map(|it| ways.iter().map(move |way| (it, *way))) {
        let made = digest::digest(way, text.as_bytes());
        let start = &made.as_ref()[..12];
        let halves = start.iter().flat_map(|it| [it >> 4, it & 15]);
        let hex: String = halves.filter_map(|it| char::from_digit(u32::from(it), 16)).collect();
        all.extend([start.to_vec(), hex.to_uppercase().into_bytes(), hex.into_bytes()]);
        all.push(STANDARD.encode(start).into_bytes());
    }
    all
}

fn found(world: &World, guesses: &[Vec<u8>]) -> Vec<PathBuf> {
    let mut first = [false; 256];
    for guess in guesses {
        first[usize::from(guess[0])] = true;
    }
    let holds = |bytes: &[u8]| {
        let mut begins = (0..bytes.len()).filter(|at| first[usize::from(bytes[*at])]);
        begins.any(|at| guesses.iter().any(|it| bytes[at..].starts_with(it)))
    };
    world.files().into_iter().filter(|(_, it)| holds(it)).map(|(path, _)| path).collect()
}

/// 4: a hash of an email called anonymous. Whoever guesses the address finds nothing by it, neither while
/// the person is there nor when what was committed to is gone with their key.
#[tokio::test]
async fn no_hash_of_an_address_alone_is_stored() {
    let mut world = World::new().await;
    let address = "guessed.by.anybody@example.com";
    let (person, _) = world.person(address).await;
    world.uses(person, "service", &["email"]).await.unwrap();
    while world.flows.sequence(world.now).await.unwrap() > 0 {}
    let guesses = guesses(address);
    assert_eq!(found(&world, &guesses), Vec::<PathBuf>::new());
    let closed = flows::account::close(&world.flows, person, (None, None), world.now).await;
    let _closed = closed.unwrap();
    world.later(8 * crate::support::DAY);
    world.work().await;
    let me = flows::account::me(&world.flows, person, None, world.now).await;
    assert!(matches!(me, Err(flows::Stop::Gone)), "erased");
    while world.flows.sequence(world.now).await.unwrap() > 0 {}
    assert_eq!(found(&world, &guesses), Vec::<PathBuf>::new());
    let planted = Path::new("planted");
    let mut file = std::fs::File::create(world.dir.path().join("data").join(planted)).unwrap();
    std::io::Write::write_all(&mut file, &guesses[0]).unwrap();
    assert_eq!(found(&world, &guesses), [planted], "what is looked for is found");
}

fn ends(path: &Path, with: &str) -> bool {
    path.to_string_lossy().ends_with(with)
}

/// 6: residency that forgets the account's own address. Registering, signing in and using in one region
/// writes not a byte into the files of another.
#[tokio::test]
async fn an_address_leaves_nothing_in_another_region() {
    let mut world = World::new().await;
    let (_there, _) = world.person("wei@example.com").await;
    let of = |world: &World, region: &str| -> BTreeMap<PathBuf, Vec<u8>> {
        // Who reads marks it in `-shm`, which holds no row.
        let own = |path: &PathBuf| path.starts_with(region) && !ends(path, "-shm");
        world.files().into_iter().filter(|(path, _)| own(path)).collect()
    };
    let (cn, eu) = (of(&world, "cn"), of(&world, "eu"));
    assert!(!cn.is_empty() && !eu.is_empty(), "each region has files of its own");
    let person = world.moved_to("eve@example.org", "eu").await;
    world.uses(person, "service", &["email"]).await.unwrap();
    let after = of(&world, "cn");
    let written: Vec<_> = after.iter().filter(|(path, it)| cn.get(*path) != Some(it)).collect();
    let written: Vec<_> = written.into_iter().map(|(path, _)| path).collect();
    assert_eq!(written, Vec::<&PathBuf>::new(), "nothing was written in the home region");
    assert!(of(&world, "eu") != eu, "it is in its own");
}
