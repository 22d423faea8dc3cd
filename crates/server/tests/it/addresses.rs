//! A new address: the interface and the privacy centre say that it waits until it is proved.

use serde_json::json;

use crate::support::{Actor, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

fn change(person: &mut Actor, address: &str) -> String {
    let answer = person.put("/v1/me/data/email", &json!({ "value": address }));
    answer.expect(200);
    answer.shown()
}

#[test]
fn a_taken_address_is_answered_like_a_free_one() {
    let world = World::new();
    let (mut ada, _) = world.person("ada@example.org");
    world.person("eve@example.org");
    let taken = change(&mut ada, "eve@example.org");
    let free = change(&mut ada, "new@example.org");
    let shape = |it: &str| it.chars().filter(|it| !it.is_ascii_digit()).collect::<String>();
    assert_eq!(shape(&taken), shape(&free));
    assert!(taken.contains("waiting_until"), "{taken}");
    let data = ada.get("/v1/me/data").expect(200);
    assert_eq!(data["waiting"][0]["value"], "new@example.org");
}

#[test]
fn the_privacy_centre_says_that_a_new_address_waits() {
    let world = World::new();
    let (mut ada, id) = world.person("ada@example.org");
    let mut elsewhere = world.anon();
    let right = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    elsewhere.post("/v1/session", &right).expect(200);
    let page = ada.get("/me/data/email?language=en");
    assert!(page.body.contains("Until you enter it here, the old one stays in force"));
    world.advance("2s");
    let saved = ada.call("POST", "/me/data/email?language=en", &[FORM], "value=new@example.org");
    assert_eq!((saved.status, saved.header("location")), (303, Some("/me?language=en#waiting")));
    let page = ada.get("/me?language=en").body;
    assert!(page.contains("A new address is waiting to be proved"), "{page}");
    assert!(page.contains("new@example.org") && page.contains("ada@example.org"));
    world.advance("2s");
    let body = format!("person={id}&code={}", world.code());
    let proved = ada.call("POST", "/register/code?language=en", &[FORM], &body);
    assert_eq!(proved.status, 303, "{}", proved.body);
    let page = ada.get("/me?language=en").body;
    assert!(page.contains("new@example.org") && !page.contains("ada@example.org"), "{page}");
    assert!(!page.contains("waiting to be proved"));
    elsewhere.get("/v1/me").expect(401);
    let mut told = world.mails().into_iter().filter(|it| it.contains("To: ada@example.org"));
    assert!(told.next_back().unwrap().contains("Your address was changed"));
}
