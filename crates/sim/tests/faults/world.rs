//! Where a test happens: a folder, an installation in a database, and what has to be so afterwards.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;
use sim::outside::cluster::{Cluster, Node, until};
use sim::outside::http::{Answer, Client};
use sim::outside::kept;
use tempfile::TempDir;

use super::load::{Newcomer, Told, Writer, name};

/// Seconds until what was broken works again by itself.
pub(super) const RECOVERY: u32 = 60;
/// Seconds until what was recorded is in the log: the promise is two, and a debug build on a machine
/// that does other things is given more.
const IN_THE_LOG: u32 = 20;

/// The program, as it was built beside this test.
fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let program = test.ancestors().nth(2).unwrap().join("kept");
    assert!(program.exists(), "build `{}` first: cargo build -p server", program.display());
    program
}

/// A folder into which a database server may look.
pub(super) fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("kept-faults-")
        .permissions(Permissions::from_mode(0o755))
        .tempdir()
        .unwrap()
}

/// The root of the repository.
pub(super) fn checkout() -> PathBuf {
    kept::checkout(env!("CARGO_MANIFEST_DIR"))
}

/// An installation, and the key of an application for each purpose that tests need.
pub(super) struct World {
    pub(super) cluster: Cluster,
    pub(super) key: String,
    folder: PathBuf,
}

impl World {
    /// Makes it, with a first node.
    pub(super) fn new(folder: &Path, database: &str) -> (Self, Node) {
        let cluster = Cluster::new(&program(), folder, database);
        let node = cluster.start("a", &[]).unwrap();
        let key = cluster.key("service,advertise").unwrap();
        (Self { cluster, key, folder: folder.to_owned() }, node)
    }

    /// Makes one in a data folder, with its one node.
    pub(super) fn alone(folder: &Path, data: &Path, more: &[&str]) -> (Self, Node) {
        let cluster = Cluster::alone(&program(), folder, data);
        // A key is made while nobody serves.
        cluster.start("first", &[]).unwrap().stop().unwrap();
        let key = cluster.key("service,advertise").unwrap();
        let node = cluster.start("a", more).unwrap();
        (Self { cluster, key, folder: folder.to_owned() }, node)
    }

    /// Waits until a node says that it can do its work.
    pub(super) fn ready(node: &Node) {
        until("the node is ready again", RECOVERY, || {
            asked(node, "/ready").is_some_and(|it| it.status == 200)
        })
        .unwrap();
    }

    /// Waits until a node says that it cannot, and why.
    pub(super) fn not_ready(node: &Node) -> Answer {
        let mut said = None;
        until("the node says that it is not ready", RECOVERY, || {
            said = asked(node, "/ready").filter(|it| it.status != 200);
            said.is_some()
        })
        .unwrap();
        let said = said.unwrap();
        let body = said.json();
        assert_eq!(said.status, 503, "{body}");
        assert!(said.retry_after.is_some(), "{body}");
        assert!(body.to_string().contains("database"), "it says why: {body}");
        println!("/ready says: {body}");
        said
    }

    /// The code in the newest mail to somebody.
    pub(super) fn code(&self, email: &str) -> String {
        let mut code = None;
        until("a code comes by mail", RECOVERY, || {
            let mails = std::fs::read_dir(self.folder.join("mail")).into_iter().flatten().flatten();
            let mails = mails.filter_map(|it| std::fs::read_to_string(it.path()).ok());
            code = mails.filter(|it| it.contains(email)).find_map(|it| {
                let code = it.split("Your code is ").nth(1)?;
                Some(code.chars().take(6).collect::<String>())
            });
            code.is_some()
        })
        .unwrap();
        code.unwrap()
    }

    /// Everything that was acknowledged is there, and whole; answers the records.
    pub(super) fn check_people(&self, node: &Node, told: Told) -> Vec<String> {
        let Told { mut writers, newcomers, dropped } = told;
        assert_eq!(dropped, Vec::<String>::new(), "no request went without an answer");
        for writer in &mut writers {
            self.check_writer(node, writer);
        }
        for newcomer in &newcomers {
            self.check_newcomer(node, newcomer);
        }
        let registered = newcomers.iter().filter(|it| it.acknowledged.is_some()).count();
        let records: Vec<String> = writers.into_iter().flat_map(|it| it.records).collect();
        println!("acknowledged: {} uses, {registered} registrations", records.len());
        assert!(records.len() > 20, "there was a load: {} uses", records.len());
        records
    }

    /// Everything that was acknowledged is there, whole, and in the log; and the log verifies.
    pub(super) fn check(&self, node: &Node, told: Told, ask: impl Fn(&str) -> String) {
        let records = self.check_people(node, told);
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        all_in_the_log(&records, &ask);
        println!("{}", self.cluster.verify().unwrap().trim_end());
        self.cluster.prove(records.last().unwrap()).unwrap();
    }

    /// What is there is what was acknowledged, or the one write that nobody heard about.
    fn check_writer(&self, node: &Node, writer: &mut Writer) {
        let mut app = Client::new(node.address(), Some(&self.key));
        let body = json!({ "person": writer.person, "purpose": "service", "categories": ["name"] });
        let answer = app.call("POST", "/v1/use", Some(&body)).unwrap();
        assert_eq!(answer.status, 200, "{}", answer.json());
        let found = answer.json()["values"]["name"].as_str().unwrap_or_default().to_owned();
        let (heard, unheard) = (name(writer.acknowledged), name(writer.sent));
        assert!(
            found == heard || found == unheard,
            "`{found}` is there; `{heard}` was acknowledged, `{unheard}` was sent"
        );
        writer.records.push(answer.json()["record"].as_str().unwrap().to_owned());
    }

    /// Whoever heard an answer is there; and whoever is there has all that was handed in.
    fn check_newcomer(&self, node: &Node, newcomer: &Newcomer) {
        let mut app = Client::new(node.address(), Some(&self.key));
        let find = json!({ "category": "email", "value": newcomer.email(), "purpose": "service" });
        let found = app.call("POST", "/v1/people/find", Some(&find)).unwrap().json();
        let people = found["people"].as_array().unwrap();
        if let Some(id) = &newcomer.acknowledged {
            assert_eq!(people, &[json!(id)], "{newcomer:?} was acknowledged");
        }
        let Some(person) = people.first() else { return };
        let categories = ["email", "name"];
        let used = json!({ "person": person, "purpose": "service", "categories": categories });
        let used = app.call("POST", "/v1/use", Some(&used)).unwrap();
        assert_eq!(used.status, 200, "{}", used.json());
        let values = json!({ "email": newcomer.email(), "name": name(newcomer.number) });
        assert_eq!(used.json()["values"], values, "{newcomer:?} is there, and not half");
    }
}

/// What a node answers to somebody who only looks.
pub(super) fn asked(node: &Node, path: &str) -> Option<Answer> {
    Client::new(node.address(), None).call("GET", path, None).ok()
}

/// Every record is in the log once, and nothing else is: it neither forgot nor forked.
fn all_in_the_log(records: &[&str], ask: &impl Fn(&str) -> String) {
    let bytes = |it: &&str| format!("'\\x{}'::bytea", it.rsplit('_').next().unwrap());
    let list = records.iter().map(bytes).collect::<Vec<_>>().join(", ");
    let waiting = "SELECT (SELECT count(*) FROM kept_cn.records WHERE log_index IS NULL) \
         + (SELECT count(*) FROM kept_eu.records WHERE log_index IS NULL)";
    until("what was recorded is in the log", IN_THE_LOG, || ask(waiting) == "0").unwrap();
    let found = ask(&format!("SELECT count(*) FROM kept_cn.records WHERE record_id IN ({list})"));
    assert_eq!(found, records.len().to_string(), "every use that was acknowledged has its record");
    let whole = ask(
        "SELECT count(*) = size AND count(DISTINCT log_index) = size AND max(log_index) < size \
         FROM (SELECT log_index FROM kept_cn.records UNION ALL SELECT log_index FROM \
         kept_eu.records UNION ALL SELECT log_index FROM kept_cn.event_records UNION ALL \
         SELECT log_index FROM kept_eu.event_records) AS all_records, kept.log_head GROUP BY size",
    );
    assert_eq!(whole, "t", "the log holds every record once, and nothing else");
}
