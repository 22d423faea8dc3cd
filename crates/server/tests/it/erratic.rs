//! What nobody should send: each gets an answer that says what is wrong, and none breaks anything.

use serde_json::json;

use crate::support::World;

const NOBODY: &str = "per_cn_00000000000000000000000000000000";

/// Method, path, body.
fn erratic(person: &str) -> Vec<(&'static str, String, String)> {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let bodies = [
        "",
        "null",
        "true",
        "0",
        "\"\"",
        "[]",
        "{}",
        "{",
        "[[[",
        "\u{feff}{}",
        "{\"a\":1}{\"b\":2}",
        "{\"email\":null}",
        "{\"email\":1e999}",
        "{\"email\":\"\\ud800\"}",
        "\u{0}",
        &deep,
        "{\"person\":\"per_cn_xyz\"}",
        "{\"items\":{}}",
        "{\"items\":[null]}",
        "[{\"type\":7}]",
        "{\"choices\":[]}",
        "{\"choices\":{},\"text_hash\":\"\",\"language\":\"\"}",
        "{\"right\":\"everything\"}",
        "{\"advance\":1}",
        "{\"value\":\"\\u0000\"}",
    ];
    let mut all: Vec<(&str, String, String)> = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        let path = match index % 5 {
            0 => "/v1/people",
            1 => "/v1/session",
            2 => "/v1/use",
            3 => "/v1/decide",
            _ => "/v1/people/find",
        };
        all.push(("POST", path.to_owned(), (*body).to_owned()));
        let path = if index % 2 == 0 { "/v1/consent" } else { "/v1/me/data/name" };
        all.push(("PUT", path.to_owned(), (*body).to_owned()));
    }
    let paths = [
        format!("/v1/people/{NOBODY}/data/email"),
        "/v1/people/per_cn_%00/data/email".to_owned(),
        format!("/v1/people/{person}/data/%2e%2e"),
        format!("/v1/people/{person}/data/{}", "x".repeat(4_000)),
        "/v1/people/per_mars_00000000000000000000000000000000/data/email".to_owned(),
    ];
    let put = json!({ "value": "\u{202e}x", "source": "nowhere" }).to_string();
    all.extend(paths.map(|path| ("PUT", path, put.clone())));
    all.push(("GET", "/v1/me/requests/req_cn_1".to_owned(), String::new()));
    all.push(("GET", "/v1/me/uses?cursor=%ff%fe".to_owned(), String::new()));
    all.push(("DELETE", "/v1/me/data/%F0%9F%92%A9".to_owned(), String::new()));
    all.push(("DELETE", "/v1/me/sessions/none".to_owned(), String::new()));
    all.push(("PATCH", "/v1/me".to_owned(), String::new()));
    all
}

#[test]
fn fifty_erratic_calls_and_none_breaks_anything() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let app = world.app(&["service"]);
    let calls = erratic(&id);
    assert!(calls.len() >= 50);
    for (method, path, body) in calls {
        for key in [None, app.key.clone()] {
            person.key = key;
            let answer = person.call(method, &path, &[("content-type", "application/json")], &body);
            let shown =
                format!("{method} {path:.60} {body:.60}: {} {:.200}", answer.status, answer.body);
            assert!((400..500).contains(&answer.status), "{shown}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{shown}");
            let problem = answer.json();
            assert_eq!(problem["status"], answer.status, "{shown}");
            assert!(!problem["detail"].as_str().unwrap().is_empty(), "{shown}");
        }
    }
    person.key = None;
    assert_eq!(person.get("/v1/me").expect(200)["state"], "active");
}
