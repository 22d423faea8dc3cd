//! The disk of the database is full, be it a server's or a data folder's.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use sim::outside::cluster::{output, own_folder, until};
use sim::outside::http::Client;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{RECOVERY, World, folder};

/// A small disk: in memory, and gone with this.
struct Disk(PathBuf);

impl Disk {
    fn mount(at: &Path, size: &str) -> std::io::Result<Self> {
        own_folder(at)?;
        let size = format!("size={size}");
        let what = ["-t", "tmpfs", "-o", &size, "kept-faults"];
        output(Command::new("mount").args(what), &[&at.display().to_string()])?;
        let disk = Self(at.to_owned());
        own_folder(at)?;
        Ok(disk)
    }

    /// Takes what is left of it.
    fn fill(&self) {
        let ballast = self.0.join("ballast");
        let to = format!("of={}", ballast.display());
        // It ends with an error, because the disk is full: that is the purpose.
        output(&mut Command::new("dd"), &["if=/dev/zero", &to, "bs=64k", "status=none"]).ok();
        assert!(fs::metadata(ballast).unwrap().len() > 0);
    }

    fn free(&self) {
        fs::remove_file(self.0.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        output(&mut Command::new("umount"), &["-l", &self.0.display().to_string()]).ok();
    }
}

#[test]
fn the_disk_is_full() {
    let folder = folder();
    let disk = match Disk::mount(&folder.path().join("disk"), "192m") {
        Ok(disk) => disk,
        Err(why) => {
            println!("SKIPPED: no small disk can be mounted here, which needs root: {why}");
            return;
        }
    };
    // Small pieces, so that the log of the database asks the disk for room soon.
    let settings = ["min_wal_size=32MB", "max_wal_size=32MB"];
    let mut postgres = Postgres::start(&disk.0.join("postgres"), &settings).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    load.goes_on(40);

    disk.fill();
    load.is_refused(8);
    // The server may have stopped itself, or only refuse to write: either is a reason.
    World::not_ready(&node);
    // Reading goes on as long as the server stands: the policy, the log, whether it lives.
    let mut anybody = Client::new(node.address(), None);
    for path in ["/health", "/privacy.json"] {
        assert_eq!(anybody.call("GET", path, None).unwrap().status, 200, "{path}");
    }
    // A use is recorded before it is answered: it fails closed.
    let mut app = Client::new(node.address(), Some(&world.key));
    let find = json!({ "category": "email", "value": "nobody@example.org", "purpose": "service" });
    let answer = app.call("POST", "/v1/people/find", Some(&find)).unwrap();
    println!("a search answers {}: {}", answer.status, answer.json());

    disk.free();
    // A server whose log found no room has stopped itself: that is what its keeper does then.
    if !postgres.answers() {
        println!("the server stopped itself, and is started again");
        postgres.stop().ok();
        until("the server starts again", RECOVERY, || postgres.again().is_ok()).unwrap();
    }
    World::ready(&node);
    load.goes_on(40);
    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());
    node.stop().unwrap();
    drop(postgres);
}

#[test]
fn the_disk_of_a_data_folder_is_full() {
    let folder = folder();
    let disk = match Disk::mount(&folder.path().join("disk"), "48m") {
        Ok(disk) => disk,
        Err(why) => {
            println!("SKIPPED: no small disk can be mounted here, which needs root: {why}");
            return;
        }
    };
    let (world, node) = World::alone(folder.path(), &disk.0.join("data"), &[]);
    let load = Load::start(&nodes(&[node.address()]), &world.key, 1);
    load.goes_on(40);
    World::ready(&node);

    disk.fill();
    load.is_refused(8);
    let said = World::not_ready(&node).json();
    assert_eq!(said["type"], json!("/problems/unwritable"), "{said}");
    let mut anybody = Client::new(node.address(), None);
    for path in ["/health", "/privacy.json", "/checkpoint"] {
        assert_eq!(anybody.call("GET", path, None).unwrap().status, 200, "{path}");
    }

    disk.free();
    World::ready(&node);
    load.goes_on(40);
    world.check_people(&node, load.stop());
    println!("{}", world.cluster.verify().unwrap().trim_end());
    node.stop().unwrap();
}
