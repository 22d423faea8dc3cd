//! Two nodes over one database: what one was told counts on the other, and one after the other may
//! be restarted while people are served.

use serde_json::{Value, json};
use sim::outside::http::Client;
use sim::outside::postgres::Postgres;

use super::load::{Load, nodes, register};
use super::world::{World, folder};

/// Withdrawals, each on one node and used on the other.
const WITHDRAWALS: usize = 20;
/// For so long a node that is told to end says so, and still answers: whoever shares out the work
/// notices.
const NOTICE: [&str; 2] = ["--notice", "1"];

/// Answers every purpose that the banner shows.
fn choose(browser: &mut Client, word: &str) {
    let shown = browser.call("GET", "/v1/consent?language=en", None).unwrap().json();
    let purposes = shown["purposes"].as_array().unwrap().iter();
    let choices: serde_json::Map<String, Value> =
        purposes.map(|it| (it["id"].as_str().unwrap().to_owned(), word.into())).collect();
    let body = json!({ "choices": choices, "text_hash": shown["text_hash"], "language": "en" });
    let answer = browser.call("PUT", "/v1/consent", Some(&body)).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json());
}

#[test]
fn a_withdrawal_on_one_node_counts_on_the_other() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, first) = World::new(folder.path(), &postgres.url());
    let second = world.cluster.start("b", &[]).unwrap();
    let email = "ada@example.org";
    let person = register(first.address(), email);
    let mut browser = Client::new(first.address(), None);
    let code = json!({ "channel": "email", "code": world.code(email) });
    let verify = format!("/v1/people/{person}/verify");
    let answer = browser.call("POST", &verify, Some(&code)).unwrap();
    assert_eq!(answer.status, 200, "{}", answer.json());
    let mut app = Client::new(second.address(), Some(&world.key));
    let used = json!({ "person": person, "purpose": "advertise", "categories": ["email"] });
    for turn in 0..WITHDRAWALS {
        choose(&mut browser, "given");
        let answer = app.call("POST", "/v1/use", Some(&used)).unwrap();
        assert_eq!(answer.status, 200, "turn {turn}: {}", answer.json());
        choose(&mut browser, "refused");
        let answer = app.call("POST", "/v1/use", Some(&used)).unwrap();
        assert_eq!(answer.status, 403, "turn {turn}: {}", answer.json());
        assert_eq!(answer.json()["reason"], json!("withdrawn"));
    }
    println!("{}", world.cluster.verify().unwrap().trim_end());
    second.stop().unwrap();
    first.stop().unwrap();
}

#[test]
fn nodes_are_restarted_one_after_the_other_and_no_request_is_dropped() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, first) = World::new(folder.path(), &postgres.url());
    let second = world.cluster.start("b", &[]).unwrap();
    let list = nodes(&[first.address(), second.address()]);
    let load = Load::start(&list, &world.key, 1);
    let mut serving = [first, second];
    for round in 0..2 {
        for (at, name) in ["a", "b"].into_iter().enumerate() {
            load.goes_on(30);
            // A new one first, then the old one is told to end.
            let new = world.cluster.start(&format!("{name}{round}"), &NOTICE).unwrap();
            list.lock().unwrap()[at] = new.address().to_owned();
            let old = std::mem::replace(&mut serving[at], new);
            old.stop().unwrap();
        }
    }
    load.goes_on(30);
    assert_eq!(load.refused(), 0, "nobody was told to come again");
    world.check(&serving[0], load.stop(), |it| postgres.ask(it).unwrap());
    for node in serving {
        node.stop().unwrap();
    }
}
