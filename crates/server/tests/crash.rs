//! Killed at random moments under load: what was acknowledged is there, nothing is half done.
#![cfg(test)]

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use sim::outside::http::Client;
use sim::outside::kept::{self, Kept};

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");
const KILLS: u64 = 50;
const WRITERS: usize = 6;

/// What one client was told, kept by itself.
#[derive(Debug, Clone)]
struct Account {
    person: String,
    /// The number of the newest write that was acknowledged.
    acknowledged: u64,
    /// The number of the newest write that was sent.
    sent: u64,
    /// Records of uses that were acknowledged.
    records: Vec<String>,
}

/// Somebody who registered under load.
#[derive(Debug, Clone)]
struct Newcomer {
    number: u64,
    /// The id that was answered; nothing where nobody heard an answer.
    acknowledged: Option<String>,
}

impl Newcomer {
    fn email(&self) -> String {
        format!("newcomer-{}@example.org", self.number)
    }

    fn phone(&self) -> String {
        format!("+86138{:08}", self.number)
    }

    fn password(&self) -> String {
        format!("correct horse {}", self.number)
    }

    fn form(&self) -> Value {
        json!({
            "email": self.email(), "birth_date": "1980-01-01", "phone": self.phone(),
            "region": "cn", "language": "en", "accept": { "version": 1 },
            "data": { "password": self.password(), "name": name(self.number) },
        })
    }
}

fn serve(dir: &Path, log: &Path) -> Kept {
    let (data, keys) = (kept::text(&dir.join("data")), kept::text(&dir.join("root.key")));
    let mails = kept::text(&dir.join("mail"));
    let checkpoints = kept::text(&dir.join("checkpoints"));
    let arguments = [
        "serve",
        "--data",
        &data,
        "--keys",
        &keys,
        "--mail-folder",
        &mails,
        "--checkpoints",
        &checkpoints,
        "--listen",
        "127.0.0.1:0",
    ];
    Kept::start(Path::new(PROGRAM), &arguments, "listening", log).unwrap()
}

fn address(kept: &Kept) -> String {
    let line = kept.said().iter().find_map(|it| it.split("http://").nth(1)).unwrap();
    line.split(['/', ' ']).next().unwrap().to_owned()
}

fn name(number: u64) -> String {
    format!("number {number}")
}

/// Writes and uses until the process goes; tells of each acknowledgement.
fn load(client: &mut Client, account: &mut Account, (stop, told): (&AtomicBool, &Sender<()>)) {
    let put = format!("/v1/people/{}/data/name", account.person);
    while !stop.load(Ordering::Relaxed) {
        account.sent += 1;
        let body = json!({ "value": name(account.sent), "source": "registration" });
        let Ok(answer) = client.call("PUT", &put, Some(&body)) else { return };
        assert!(answer.status < 300, "{} {}", answer.status, answer.json());
        account.acknowledged = account.sent;
        let body =
            json!({ "person": account.person, "purpose": "service", "categories": ["name"] });
        let Ok(answer) = client.call("POST", "/v1/use", Some(&body)) else { return };
        assert_eq!(answer.status, 200, "{}", answer.json());
        let answer = answer.json();
        assert_eq!(answer["values"]["name"], json!(name(account.acknowledged)));
        account.records.push(answer["record"].as_str().unwrap().to_owned());
        // Nobody counts any more once the process is being killed.
        told.send(()).ok();
    }
}

/// Registers until the process goes.
fn newcomers(
    client: &mut Client,
    first: u64,
    (stop, told): (&AtomicBool, &Sender<()>),
) -> Vec<Newcomer> {
    let mut all = Vec::new();
    for number in first.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let mut newcomer = Newcomer { number, acknowledged: None };
        let answer = client.call("POST", "/v1/people", Some(&newcomer.form()));
        if let Ok(answer) = &answer {
            assert_eq!(answer.status, 201, "{}", answer.json());
            newcomer.acknowledged = Some(answer.json()["id"].as_str().unwrap().to_owned());
            // Nobody counts any more once the process is being killed.
            told.send(()).ok();
        }
        all.push(newcomer);
        if answer.is_err() {
            break;
        }
    }
    all
}

/// Whoever heard an answer is there; and whoever is there has all that was handed in.
fn check_newcomer(at: &str, key: &str, newcomer: &Newcomer) {
    let mut app = Client::new(at, Some(key));
    let find = json!({ "category": "email", "value": newcomer.email(), "purpose": "service" });
    let found = app.call("POST", "/v1/people/find", Some(&find)).unwrap().json();
    let people = found["people"].as_array().unwrap();
    if let Some(id) = &newcomer.acknowledged {
        assert_eq!(people, &[json!(id)], "{newcomer:?} was acknowledged");
    }
    let Some(person) = people.first() else { return };
    let categories = ["email", "name", "phone"];
    let used = json!({ "person": person, "purpose": "service", "categories": categories });
    let used = app.call("POST", "/v1/use", Some(&used)).unwrap();
    assert_eq!(used.status, 200, "{}", used.json());
    let values = json!({
        "email": newcomer.email(), "name": name(newcomer.number), "phone": newcomer.phone(),
    });
    assert_eq!(used.json()["values"], values, "{newcomer:?} is there, and not half");
    // The password is right, and the address is not proved yet: 401 were a wrong one.
    let sign_in = json!({ "email": newcomer.email(), "password": newcomer.password() });
    let answer = Client::new(at, None).call("POST", "/v1/session", Some(&sign_in)).unwrap();
    assert_eq!(answer.status, 409, "{newcomer:?} {}", answer.json());
}

/// What is there is what was acknowledged, or the one write that nobody heard about.
fn check(client: &mut Client, account: &mut Account) {
    let body = json!({ "person": account.person, "purpose": "service", "categories": ["name"] });
    let answer = client.call("POST", "/v1/use", Some(&body)).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json());
    let found = answer.json()["values"]["name"].as_str().unwrap_or("number 0").to_owned();
    let unheard = name(account.sent);
    assert!(
        found == name(account.acknowledged) || found == unheard,
        "`{found}` is there; `{}` was acknowledged, `{unheard}` was sent",
        name(account.acknowledged)
    );
    if found == unheard {
        account.acknowledged = account.sent;
    }
    account.sent = account.acknowledged;
}

#[test]
fn killed_fifty_times_under_load() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let log = dir.join("kept.log");
    let data = kept::text(&dir.join("data"));
    let keys = kept::text(&dir.join("root.key"));
    serve(dir, &log).stop().unwrap();
    let add = [
        "key",
        "app",
        "add",
        "--name",
        "shop",
        "--purposes",
        "service",
        "--data",
        &data,
        "--keys",
        &keys,
    ];
    let added = kept::run(Path::new(PROGRAM), &add).unwrap();
    let said = String::from_utf8_lossy(&added.stdout).into_owned();
    let key =
        said.split_whitespace().find(|it| it.starts_with("kept_app_")).expect(&said).to_owned();

    let mut accounts: Vec<Account> = Vec::new();
    let mut fresh: Vec<Newcomer> = Vec::new();
    let mut registered = 0;
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    for kill in 0..KILLS {
        let kept = serve(dir, &log);
        let at = address(&kept);
        if accounts.is_empty() {
            accounts = (0..WRITERS).map(|it| register(&at, it)).collect();
        }
        for account in &mut accounts {
            check(&mut Client::new(&at, Some(&key)), account);
        }
        for newcomer in &fresh {
            check_newcomer(&at, &key, newcomer);
        }
        registered += fresh.iter().filter(|it| it.acknowledged.is_some()).count();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(kill | 1);
        let heard = usize::try_from(1 + (seed >> 33) % 60).unwrap();
        let until = (usize::try_from(kill % 3).unwrap(), heard);
        (accounts, fresh) = under_load(kept, (&at, &key), (accounts, kill * 1_000), until);
    }
    let kept = serve(dir, &log);
    let at = address(&kept);
    for account in &mut accounts {
        check(&mut Client::new(&at, Some(&key)), account);
    }
    for newcomer in &fresh {
        check_newcomer(&at, &key, newcomer);
    }
    assert!(registered > 40, "there was a load: {registered} registrations");
    kept.stop().unwrap();
    assert_records(&data, &keys, &accounts);
    let checkpoints = kept::text(&dir.join("checkpoints"));
    let verify =
        ["journal", "verify", "--data", &data, "--checkpoints", &checkpoints, "--keys", &keys];
    let verified = kept::run(Path::new(PROGRAM), &verify).unwrap();
    assert_eq!(verified.status.code(), Some(0), "the log verifies: {verified:?}");
}

fn register(at: &str, number: usize) -> Account {
    let body = json!({
        "email": format!("writer-{number}@example.org"), "birth_date": "1980-01-01",
        "region": "cn", "language": "en", "accept": { "version": 1 },
        "data": { "password": "correct horse battery", "name": name(0) },
    });
    let answer = Client::new(at, None).call("POST", "/v1/people", Some(&body)).unwrap();
    assert!(answer.status < 300, "{} {}", answer.status, answer.json());
    let person = answer.json()["id"].as_str().unwrap().to_owned();
    Account { person, acknowledged: 0, sent: 0, records: Vec::new() }
}

/// Loads the process until so many registered and so many acknowledgements more were heard, kills it
/// in the middle, and gathers what each client was told.
fn under_load(
    kept: Kept,
    (at, key): (&str, &str),
    (accounts, first): (Vec<Account>, u64),
    (registered, heard): (usize, usize),
) -> (Vec<Account>, Vec<Newcomer>) {
    let stop = Arc::new(AtomicBool::new(false));
    let gathered = Arc::new(Mutex::new(Vec::new()));
    let (tell, told) = channel();
    let writers: Vec<_> = accounts
        .into_iter()
        .map(|mut account| {
            let (at, key, tell) = (at.to_owned(), key.to_owned(), tell.clone());
            let (stop, gathered) = (Arc::clone(&stop), Arc::clone(&gathered));
            std::thread::spawn(move || {
                load(&mut Client::new(&at, Some(&key)), &mut account, (&stop, &tell));
                gathered.lock().unwrap().push(account);
            })
        })
        .collect();
    let (tell_of_one, told_of_one) = channel();
    let registrar = {
        let (at, stop) = (at.to_owned(), Arc::clone(&stop));
        let work = move || newcomers(&mut Client::new(&at, None), first, (&stop, &tell_of_one));
        std::thread::spawn(work)
    };
    // Where all writers are gone there is nothing to hear, and their failure shows at `join`.
    drop(tell);
    told_of_one.iter().take(registered).for_each(drop);
    told.try_iter().for_each(drop);
    told.iter().take(heard).for_each(drop);
    kept.kill().unwrap();
    stop.store(true, Ordering::Relaxed);
    for writer in writers {
        writer.join().unwrap();
    }
    let mut accounts = std::mem::take(&mut *gathered.lock().unwrap());
    accounts.sort_by(|a, b| a.person.cmp(&b.person));
    (accounts, registrar.join().unwrap())
}

/// Every use that was acknowledged has its record.
fn assert_records(data: &str, keys: &str, accounts: &[Account]) {
    let all: usize = accounts.iter().map(|it| it.records.len()).sum();
    assert!(all > 100, "there was a load: {all} uses");
    let file = rusqlite::Connection::open(Path::new(data).join("cn/records.db")).unwrap();
    let mut found = file.prepare("SELECT count(*) FROM records WHERE record_id = $1").unwrap();
    for record in accounts.iter().flat_map(|it| &it.records) {
        let bits = u128::from_str_radix(record.rsplit('_').next().unwrap(), 16).unwrap();
        let count: i64 = found.query_row([bits.to_be_bytes().to_vec()], |row| row.get(0)).unwrap();
        assert_eq!(count, 1, "{record} was acknowledged");
    }
    let last = accounts.iter().find_map(|it| it.records.last()).unwrap();
    let prove = ["journal", "prove", last, "--data", data, "--keys", keys];
    let proved = kept::run(Path::new(PROGRAM), &prove).unwrap();
    assert_eq!(proved.status.code(), Some(0), "{proved:?}");
}
