//! Redis as `GDPRbench` wants it: a hash for each record, a set for each value of each field of the
//! metadata, an entry of the audit with every operation, and each write on the disk before its answer.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use super::plan::Op;
use super::postgres::named;
use super::record::{HELD, SOURCE, Slot, TTL_SECONDS, purpose, recipient};
use super::resp::{Client, Pipeline, Reply};
use super::side::{Answer, Worker};
use crate::postgres::pause;
use crate::probe::said;

/// A server that runs until this is dropped.
pub(crate) struct Redis {
    process: Child,
    folder: TempDir,
    pub(crate) port: u16,
}

impl Redis {
    /// Starts one on a free port, in a folder of its own.
    pub(crate) fn start() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(said)?;
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|it| it.local_addr());
        let port = port.map_err(said)?.port();
        let mut run = Command::new("redis-server");
        run.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""]);
        run.args(["--appendonly", "yes", "--appendfsync", "always"]);
        run.arg("--dir").arg(folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let process = run.spawn().map_err(|_| "install what Debian calls `redis-server`")?;
        let server = Self { process, folder, port };
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(server);
            }
            pause(Duration::from_millis(25));
        }
        Err("Redis did not start".to_owned())
    }

    /// The folder of its data.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Its version, in words.
    pub(crate) fn version() -> String {
        let output = Command::new("redis-server").arg("--version").output();
        let text = output.ok().and_then(|it| String::from_utf8(it.stdout).ok()).unwrap_or_default();
        let version = text.split_once("v=").and_then(|(_, rest)| rest.split(' ').next());
        format!("Redis {}", version.unwrap_or("of unknown version"))
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Puts the records in, each with its entry of the audit.
pub(crate) async fn load(port: u16, people: usize, gone: &[Slot]) -> Result<(), String> {
    let mut client = Client::open(port).await?;
    let people: Vec<usize> = (0..people).collect();
    for some in people.chunks(50) {
        let mut all = Pipeline::default();
        for person in some {
            let slots = (0..HELD).map(|place| Slot { person: *person, place });
            for slot in slots.filter(|it| !gone.contains(it)) {
                put(&mut all, slot);
                audit(&mut all, "create", &slot.key());
            }
        }
        client.send(&all).await?;
    }
    Ok(())
}

fn put(all: &mut Pipeline, slot: Slot) {
    let (key, ttl, user) = (slot.key(), TTL_SECONDS.to_string(), named(slot.person));
    let (of, to) = (purpose(slot.field()), recipient(slot.recipient()));
    let hash = format!("rec:{key}");
    let data = slot.data(0);
    all.add(&[
        "HSET", &hash, "data", &data, "PUR", &of, "TTL", &ttl, "USR", &user, "OBJ", "", "DEC", "",
        "SHR", &to, "SRC", SOURCE,
    ]);
    all.add(&["EXPIRE", &hash, &ttl]);
    all.add(&["SADD", &format!("pur:{of}"), &key]);
    all.add(&["SADD", &format!("usr:{user}"), &key]);
    all.add(&["SADD", &format!("shr:{to}"), &key]);
    all.add(&["SADD", &format!("src:{SOURCE}"), &key]);
    all.add(&["ZADD", "ttl", &ttl, &key]);
}

/// A record goes, and what finds it; six commands, of which the first says whether it was there.
fn drop_record(all: &mut Pipeline, slot: Slot) {
    let key = slot.key();
    all.add(&["DEL", &format!("rec:{key}")]);
    all.add(&["SREM", &format!("pur:{}", purpose(slot.field())), &key]);
    all.add(&["SREM", &format!("usr:{}", named(slot.person)), &key]);
    all.add(&["SREM", &format!("shr:{}", recipient(slot.recipient())), &key]);
    all.add(&["SREM", &format!("src:{SOURCE}"), &key]);
    all.add(&["ZREM", "ttl", &key]);
}

fn audit(all: &mut Pipeline, op: &str, about: &str) {
    all.add(&["XADD", "audit", "*", "op", op, "about", about]);
}

/// A record's key back into its place: the person's number and the kind say both.
fn slot_of(key: &str) -> Option<Slot> {
    let (person, field) = key.strip_prefix('u')?.split_once("-f")?;
    let person = person.parse().ok()?;
    let field: usize = field.parse().ok()?;
    let place =
        (0..super::record::PLACES).find(|it| Slot { person, place: *it }.field() == field)?;
    Some(Slot { person, place })
}

/// One connection.
pub(crate) struct Connection {
    client: Client,
    page: usize,
    /// The first and the last instant of the audit before the run, in milliseconds.
    audited: (u64, u64),
}

impl Connection {
    pub(crate) async fn open(port: u16, page: usize) -> Result<Self, String> {
        let mut client = Client::open(port).await?;
        let first = client.ask(&["XRANGE", "audit", "-", "+", "COUNT", "1"]).await?;
        let last = client.ask(&["XREVRANGE", "audit", "+", "-", "COUNT", "1"]).await?;
        let page = if page == 0 { usize::MAX } else { page };
        Ok(Self { client, page, audited: (instant(first), instant(last)) })
    }

    /// The members of a set, or of its difference from another.
    async fn members(&mut self, words: &[&str]) -> Result<Vec<String>, String> {
        let list = self.client.ask(words).await?.list();
        Ok(list.iter().filter_map(Reply::text).take(self.page).map(str::to_owned).collect())
    }

    /// The data of each key, with the entry of the audit.
    async fn data(&mut self, op: Op, about: &str, keys: &[String]) -> Result<Answer, String> {
        let mut all = Pipeline::default();
        for key in keys {
            all.add(&["HGET", &format!("rec:{key}"), "data"]);
        }
        audit(&mut all, op.name(), about);
        let mut replies = self.client.send(&all).await?;
        replies.pop();
        Ok(Answer::of(replies.iter().filter_map(Reply::text)))
    }

    async fn objected(
        &mut self,
        op: Op,
        slots: &[Slot],
        of: &str,
        lift: bool,
    ) -> Result<(), String> {
        let mut all = Pipeline::default();
        for slot in slots {
            let key = slot.key();
            all.add(&["HSET", &format!("rec:{key}"), "OBJ", if lift { "" } else { of }]);
            let verb = if lift { "SREM" } else { "SADD" };
            all.add(&[verb, &format!("obj:{of}"), &key]);
        }
        audit(&mut all, op.name(), of);
        self.client.send(&all).await.map(drop)
    }

    /// Each record of a set is marked.
    async fn marked(&mut self, op: Op, set: &str, word: &str) -> Result<Answer, String> {
        let keys = self.members(&["SMEMBERS", set]).await?;
        let mut all = Pipeline::default();
        for key in &keys {
            all.add(&["HSET", &format!("rec:{key}"), "DEC", word]);
            all.add(&["SADD", &format!("dec:{word}"), key]);
        }
        audit(&mut all, op.name(), set);
        self.client.send(&all).await?;
        Ok(Answer::DONE)
    }

    async fn metadata(&mut self, op: Op, person: usize) -> Result<usize, String> {
        let user = named(person);
        let keys = self.members(&["SMEMBERS", &format!("usr:{user}")]).await?;
        let mut all = Pipeline::default();
        for key in &keys {
            all.add(&["HGETALL", &format!("rec:{key}")]);
        }
        audit(&mut all, op.name(), &user);
        Ok(self.client.send(&all).await?.len() - 1)
    }

    async fn delete(&mut self, op: Op, slots: &[Slot]) -> Result<Answer, String> {
        let mut all = Pipeline::default();
        for slot in slots {
            drop_record(&mut all, *slot);
        }
        audit(&mut all, op.name(), "");
        let replies = self.client.send(&all).await?;
        let gone = replies.iter().step_by(6).take(slots.len());
        Ok(Answer::counted(gone.filter(|it| **it == Reply::Number(1)).count()))
    }

    async fn logs(&mut self, op: Op, at: usize) -> Result<Answer, String> {
        let (first, last) = self.audited;
        let from = first + (last - first) * u64::try_from(at).unwrap_or(0) / 1_000;
        let mut all = Pipeline::default();
        all.add(&["XRANGE", "audit", &from.to_string(), "+", "COUNT", "100"]);
        audit(&mut all, op.name(), "audit");
        self.client.send(&all).await?;
        Ok(Answer::DONE)
    }
}

/// The instant in the id of the one entry of a list.
fn instant(reply: Reply) -> u64 {
    let entry = reply.list().into_iter().next().map(Reply::list).unwrap_or_default();
    let id = entry.first().and_then(Reply::text).unwrap_or("");
    id.split_once('-').and_then(|(millis, _)| millis.parse().ok()).unwrap_or(0)
}

impl Connection {
    /// The places of a person's records.
    async fn slots(&mut self, person: usize) -> Result<Vec<Slot>, String> {
        let keys = self.members(&["SMEMBERS", &format!("usr:{}", named(person))]).await?;
        Ok(keys.iter().filter_map(|it| slot_of(it)).collect())
    }

    /// What changes records.
    async fn write(&mut self, op: Op) -> Result<Answer, String> {
        match op {
            Op::Create(slot) => {
                let mut all = Pipeline::default();
                put(&mut all, slot);
                self.one(op, slot, all).await
            }
            Op::WriteData(slot, edition) => {
                let mut all = Pipeline::default();
                all.add(&["HSET", &format!("rec:{}", slot.key()), "data", &slot.data(edition)]);
                self.one(op, slot, all).await
            }
            Op::DeleteKey(slot) => self.delete(op, &[slot]).await,
            Op::DeletePerson(it) => {
                let slots = self.slots(it).await?;
                self.delete(op, &slots).await.map(|_| Answer::DONE)
            }
            Op::MetaOfPurpose(it) => {
                self.marked(op, &format!("pur:{}", purpose(it)), "scored").await
            }
            Op::MetaOfRecipient(it) => {
                self.marked(op, &format!("shr:{}", recipient(it)), "shared").await
            }
            Op::MetaOfPerson { person, purpose: of, lift } => {
                let slots = self.slots(person).await?;
                self.objected(op, &slots, &purpose(of), lift).await.map(|()| Answer::DONE)
            }
            Op::WriteMeta { slot, lift } => {
                let done = self.objected(op, &[slot], &purpose(slot.field()), lift).await;
                done.map(|()| Answer::counted(1))
            }
            _ => Err("this changes nothing".to_owned()),
        }
    }

    async fn one(&mut self, op: Op, slot: Slot, mut all: Pipeline) -> Result<Answer, String> {
        audit(&mut all, op.name(), &slot.key());
        self.client.send(&all).await.map(|_| Answer::counted(1))
    }

    /// The data of every record of a set.
    async fn read_set(&mut self, op: Op, words: &[&str]) -> Result<Answer, String> {
        let keys = self.members(words).await?;
        self.data(op, words.get(1).copied().unwrap_or(""), &keys).await
    }
}

impl Worker for Connection {
    async fn run(&mut self, op: Op) -> Result<Answer, String> {
        match op {
            Op::ReadPerson(it) => {
                self.read_set(op, &["SMEMBERS", &format!("usr:{}", named(it))]).await
            }
            Op::ReadMeta(it) => self.metadata(op, it).await.map(|_| Answer::DONE),
            Op::ReadKey(slot) | Op::Verify(slot) => self.data(op, &slot.key(), &[slot.key()]).await,
            Op::ReadPurpose(it) => {
                self.read_set(op, &["SMEMBERS", &format!("pur:{}", purpose(it))]).await
            }
            Op::ReadUnobjected(it) => {
                let (set, less) = (format!("pur:{}", purpose(it)), format!("obj:{}", purpose(it)));
                self.read_set(op, &["SDIFF", &set, &less]).await
            }
            Op::Inspect(it) => self.metadata(op, it).await.map(Answer::counted),
            Op::Logs(at) => self.logs(op, at).await,
            change => self.write(change).await,
        }
    }
}
