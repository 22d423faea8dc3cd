//! Cookies over https: names that no neighbour under the same domain can plant.

use server::Settings;

use crate::support::World;

#[test]
fn over_https_a_session_has_a_name_that_nobody_else_can_set() {
    let world = World::with(Settings { secure: true, ..Settings::default() });
    let (mut person, _) = world.person("ada@example.org");
    assert_eq!(person.cookies[0].0, "__Host-kept_session");
    assert_eq!(person.get("/v1/me").expect(200)["state"], "active");
    assert!(person.get("/me?language=en").body.contains("Sign out"));

    // The same secret under the plain name, as a neighbour could plant it, is nobody's.
    let secret = person.cookies[0].1.clone();
    let mut planted = world.anon();
    planted.cookies = vec![("kept_session".to_owned(), secret)];
    planted.get("/v1/me").expect(401);
    assert!(!planted.get("/me?language=en").body.contains("Sign out"));

    let out = person.delete("/v1/session");
    let line = out.set_cookies()[0];
    assert!(line.starts_with("__Host-kept_session=;") && line.contains("; Secure"), "{line}");
    assert!(line.contains("; Path=/;") && !line.contains("Domain"), "{line}");
}

#[test]
fn over_https_a_browser_that_agreed_has_such_a_name_too() {
    let world = World::with(Settings { secure: true, ..Settings::default() });
    let mut browser = world.anon();
    let shown = browser.get("/v1/consent?language=en").expect(200);
    let purposes = shown["purposes"].as_array().unwrap();
    let choices: serde_json::Map<String, serde_json::Value> =
        purposes.iter().map(|it| (it["id"].as_str().unwrap().to_owned(), "given".into())).collect();
    let body = serde_json::json!({
        "choices": choices, "text_hash": shown["text_hash"], "language": shown["language"],
    });
    browser.put("/v1/consent", &body).expect(200);
    assert_eq!(browser.cookies[0].0, "__Host-kept_browser");
    assert_eq!(browser.get("/v1/consent?language=en").expect(200)["answered"], true);
}
