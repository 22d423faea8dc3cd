//! Somebody without an account asks on a page, by an address that is theirs.

use crate::support::{Actor, Answer, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html");

const PATH: &str = "/privacy/ask?language=en";

fn send(actor: &mut Actor, path: &str, body: &str) -> Answer {
    actor.call("POST", path, &[FORM, READ], body)
}

#[test]
fn whoever_has_no_account_asks_by_an_address_and_follows_it() {
    let world = World::new();
    let mut anon = world.anon();
    let nobody = anon.call("GET", "/me/requests?language=en", &[READ], "");
    assert!(nobody.body.contains("/privacy/ask?"), "{}", nobody.body);
    let page = anon.call("GET", PATH, &[READ], "").body;
    assert!(page.contains("name=\"address\"") && !page.contains("<script"), "{page}");
    let mark = page.split("name=\"shown\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let body = format!("shown={mark}&region=cn&address=planted%40example.org");
    let access = format!("{body}&right=access&text=planted-why");
    let quick = send(&mut anon, PATH, &access);
    assert!(quick.status == 422 && quick.body.contains("planted-why"), "what was typed stays");
    world.advance("1m");
    assert_eq!(send(&mut anon, PATH, &format!("{access}&website=x")).status, 200);
    assert_eq!(world.mails().len(), 0, "a program is told the same, and nothing is kept");
    assert_eq!(send(&mut anon, PATH, &format!("{body}&right=object")).status, 422, "to what");
    let nowhere = access.replace("planted%40example.org", "nowhere");
    assert_eq!(send(&mut anon, PATH, &nowhere).status, 422);
    let asked = send(&mut anon, PATH, &access);
    assert!(asked.status == 200 && asked.body.contains("Look at your mail"), "{}", asked.body);
    assert!(!asked.body.contains("req_"), "nothing of the request is told here");
    let twice = send(&mut anon, PATH, &access);
    assert_eq!((twice.status, world.mails().len()), (200, 1), "sent twice is sent once");

    let mail = world.mails()[0].replace("=\r\n", "").replace("=3D", "=");
    let link = mail.split("/privacy/request?").nth(1).unwrap().split_whitespace().next().unwrap();
    let path = format!("/privacy/request?language=en&{link}");
    let page = anon.call("GET", &path, &[READ], "").body;
    assert!(page.contains("name=\"code\""), "{page}");
    let body = format!("{link}&code={}", world.code());
    assert_eq!(send(&mut anon, "/privacy/request?language=en", &body).status, 303);
    let page = anon.call("GET", &path, &[READ], "").body;
    assert!(page.contains("Somebody works on it"), "{page}");
    let mut officer = world.staff(&["officer"]);
    let queue = officer.get("/v1/requests").expect(200);
    let row = &queue["cases"][0];
    assert_eq!((&row["kind"], &row["state"]), (&"access".into(), &"working".into()));
}
