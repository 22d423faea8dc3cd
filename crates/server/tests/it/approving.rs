//! A version that widens something takes two officers, and the second agrees to what they read: over
//! the interface and at the console.

use serde_json::{Value, json};

use crate::changing::draft;
use crate::console::{led_to, page, send, text};
use crate::support::{Answer, World};

#[test]
fn a_draft_that_is_swapped_after_it_was_read_is_not_approved() {
    let world = World::new();
    let (mut first, mut second) = (world.staff(&["officer"]), world.staff(&["officer"]));
    let (versions, approve) = ("/v1/policy/versions", "/v1/policy/versions/2/approve");
    let path = "/v1/policy/versions/2/draft";
    second.get(path).expect(404);
    let handed = first.post(versions, &draft(&world, 40)).expect(202);
    let read = second.get(path).expect(200);
    assert_eq!(read["draft_hash"], handed["draft_hash"]);
    assert_eq!(read["plan"]["changes"][0]["class"], "widening", "{read}");
    assert!(read["files"]["policy.md"].as_str().unwrap().contains("version    = 2"));
    world.staff(&["support"]).get(path).expect(403);
    // Another one under the same number: a word more for advertising.
    let mut other = draft(&world, 40);
    let text = other["files"]["policy.md"].as_str().unwrap().to_owned();
    let wider = text.replacen("\"phone\", \"interests\"", "\"phone\", \"name\", \"interests\"", 1);
    assert_ne!(text, wider);
    other["files"]["policy.md"] = json!(wider);
    first.post(versions, &other).expect(202);
    let hash = |of: &Value| json!({ "draft_hash": of["draft_hash"] });
    let swapped = second.post(approve, &hash(&read)).expect(409);
    assert!(swapped["detail"].as_str().unwrap().contains("read that one again"), "{swapped}");
    assert_eq!(first.get(versions).expect(200)["versions"].as_array().unwrap().len(), 1);
    second.post(approve, &json!({})).expect(422);
    let read = second.get(path).expect(200);
    assert!(read["plan"]["changes"].to_string().contains("name"), "{read}");
    second.post(approve, &hash(&read)).expect(200);
    second.get(path).expect(404);
}

/// What a form carries without asking.
fn carried(answer: &Answer, name: &str) -> String {
    let field = format!(r#"<input type="hidden" name="{name}" value=""#);
    let rest = answer.body.split(&field).nth(1).unwrap_or_else(|| panic!("{}", answer.body));
    rest.split('"').next().unwrap().to_owned()
}

#[test]
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
fn a_draft_is_read_and_exactly_that_is_approved() {
    let world = World::new();
    let (mut one, mut two) = (world.staff(&["officer"]), world.staff(&["officer"]));
    let mut handed = draft(&world, 40);
    one.post("/v1/policy/versions", &handed).expect(202);
    let path = "/console/policy/2";
    assert!(page(&mut two, "/console/policy?language=en").body.contains(&format!("{path}?")));
    let shown = page(&mut two, &format!("{path}?language=en"));
    assert_eq!(shown.status, 200, "{}", text(&shown));
    let hash = carried(&shown, "draft_hash");
    // By rule, word by word, and whole; in each language.
    assert!(text(&shown).contains("widening"), "{}", text(&shown));
    assert!(
        shown.body.contains("class=\"diff\"") && shown.body.contains("<article class=\"policy\"")
    );
    assert!(
        text(&shown).contains(&format!("draft {}…", hash.get(..19).unwrap())),
        "{}",
        text(&shown)
    );
    let zh = page(&mut two, &format!("{path}?language=en&text=zh"));
    assert!(zh.body.contains("<article class=\"policy\" lang=\"zh\""), "{}", zh.body);
    // Nobody approves their own, and who only looks on finds no form.
    let own = page(&mut one, path);
    assert!(own.status == 200 && !own.body.contains("draft_hash"), "{}", own.body);
    assert!(!page(&mut world.staff(&["auditor"]), path).body.contains("draft_hash"));
    assert_eq!(page(&mut world.staff(&["support"]), path).status, 403);
    // Another one is handed in while it is read.
    handed["effective"] = json!("2030-01-01");
    one.post("/v1/policy/versions", &handed).expect(202);
    let approve = format!("{path}/approve?language=en");
    let stale = send(&mut two, &approve, &[("draft_hash", &hash)]);
    assert_eq!(stale.status, 422, "{}", text(&stale));
    assert!(text(&stale).contains("read that one again"), "{}", text(&stale));
    let now = carried(&stale, "draft_hash");
    assert_ne!(now, hash, "the form is of the draft that the page shows");
    assert_eq!(send(&mut two, &approve, &[]).status, 422);
    let chinese = send(&mut two, &format!("{path}/approve?language=zh"), &[("draft_hash", &hash)]);
    assert!(text(&chinese).contains("请重新阅读后再批准"), "{}", text(&chinese));
    assert_eq!(led_to(&send(&mut two, &approve, &[("draft_hash", &now)])), "/console/policy");
    assert_eq!(one.get("/v1/policy/versions").expect(200)["waiting"], json!([]));
    assert_eq!(page(&mut two, path).status, 404);
    assert_eq!(send(&mut two, &approve, &[("draft_hash", &now)]).status, 409);
}
