//! Three PostgreSQL servers under Patroni and their etcd, as `examples/patroni` starts them, each a
//! process of ours: killed with everything that belongs to it, started again. They end with their
//! owner.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use serde_json::json;

use super::cluster::{self, children, free_ports, output, own_folder};
use super::http::Client;
use super::postgres::gone;

/// The servers.
pub const SERVERS: [&str; 3] = ["a", "b", "c"];
/// The port of a server's Patroni among the eight: after etcd's two, PostgreSQL's and Patroni's of each.
const PORTS: usize = 8;
/// Seconds for a cluster to have a leader.
const PATIENCE: u32 = 90;
/// So much of what a server said is told of one that did not come up.
const LAST_LINES: usize = 30;

/// The cluster, running or in part.
#[derive(Debug)]
pub struct Patroni {
    example: PathBuf,
    folder: PathBuf,
    ports: Vec<u16>,
    etcd: Option<Child>,
    servers: Vec<(&'static str, Child)>,
}

impl Patroni {
    /// Starts everything and waits until somebody leads two others.
    ///
    /// # Errors
    /// When a package is missing, or nobody leads; the error holds what the servers said.
    pub fn start(checkout: &Path, folder: &Path) -> io::Result<Self> {
        own_folder(folder)?;
        let example = checkout.join("examples/patroni/cluster.sh");
        let (folder, ports) = (folder.to_owned(), free_ports(PORTS)?);
        let mut all = Self { example, folder, ports, etcd: None, servers: Vec::new() };
        all.etcd = Some(all.run(&["etcd"], "etcd")?);
        for name in SERVERS {
            all.again(name)?;
        }
        all.settled()?;
        Ok(all)
    }

    /// Lets a leader that is silent lose its place sooner than the example does: a test that waits
    /// for the whole of that proves no more.
    ///
    /// # Errors
    /// When Patroni does not take it.
    pub fn hurry(&self) -> io::Result<()> {
        let settings = json!({ "ttl": 8, "loop_wait": 1, "retry_timeout": 3 });
        let rest = self.ports.get(3).copied().unwrap_or_default();
        let answer = Client::new(&format!("127.0.0.1:{rest}"), None).call(
            "PATCH",
            "/config",
            Some(&settings),
        )?;
        if answer.status == 200 { Ok(()) } else { Err(io::Error::other(format!("{answer:?}"))) }
    }

    /// How the program reaches whoever leads.
    ///
    /// # Errors
    /// When the example does not say.
    pub fn url(&self) -> io::Result<String> {
        output(&mut self.example(), &["url"]).map(|it| it.trim().to_owned())
    }

    /// Who leads.
    ///
    /// # Errors
    /// When nobody does.
    pub fn leader(&self) -> io::Result<String> {
        output(&mut self.example(), &["leader"]).map(|it| it.trim().to_owned())
    }

    /// Waits until somebody leads two others, one of whom has everything.
    ///
    /// # Errors
    /// When that does not come to be; the error holds what the servers said.
    pub fn settled(&self) -> io::Result<()> {
        let mut said = String::new();
        cluster::until("one leads two others", PATIENCE, || {
            let settled = output(&mut self.example(), &["settled"]);
            settled.map_err(|it| said = it.to_string()).is_ok()
        })
        .map_err(|error| {
            let logs = SERVERS.map(|it| self.folder.join(format!("{it}.log")));
            let logs = logs.map(|it| fs::read_to_string(it).unwrap_or_default());
            let ends = logs.iter().flat_map(|it| it.lines().rev().take(LAST_LINES));
            let ends: Vec<&str> = ends.collect();
            io::Error::other(format!("{error}: {said}\nlast line first:\n{}", ends.join("\n")))
        })
    }

    /// `kill -9` of a server and of everything that belongs to it, at once: the machine is gone.
    ///
    /// # Errors
    /// When it is not there.
    pub fn kill(&mut self, name: &str) -> io::Result<()> {
        let at = self.servers.iter().position(|(it, _)| *it == name);
        let (_, mut patroni) = self.servers.remove(at.ok_or(io::ErrorKind::NotFound)?);
        let mut processes = Vec::new();
        let file = self.folder.join(name).join("postmaster.pid");
        let server = fs::read_to_string(file).ok();
        if let Some(server) = server.and_then(|it| it.lines().next()?.trim().parse().ok()) {
            processes.push(server);
            processes.extend(children(server));
        }
        let ended = patroni.kill().and_then(|()| patroni.wait()).map(drop);
        ended.and(gone(&processes))
    }

    /// Starts a server again.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn again(&mut self, name: &'static str) -> io::Result<()> {
        let patroni = self.run(&["node", name], name)?;
        self.servers.push((name, patroni));
        Ok(())
    }

    fn run(&self, arguments: &[&str], name: &str) -> io::Result<Child> {
        let log = self.folder.join(format!("{name}.log"));
        let log = File::options().create(true).append(true).open(log)?;
        self.example().args(arguments).stdout(log.try_clone()?).stderr(log).spawn()
    }

    fn example(&self) -> Command {
        let ports: Vec<String> = self.ports.iter().map(ToString::to_string).collect();
        let mut command = Command::new(&self.example);
        command.env("DIR", &self.folder).env("PORTS", ports.join(" "));
        command
    }
}

impl Drop for Patroni {
    fn drop(&mut self) {
        // Nobody reads it again.
        for name in SERVERS {
            self.kill(name).ok();
        }
        if let Some(etcd) = &mut self.etcd {
            etcd.kill().ok();
            etcd.wait().ok();
        }
    }
}
