//! What pages say to people: in their language, with dates as it writes them, and where a program
//! would get a problem.

use crate::support::{Actor, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

fn send(person: &mut Actor, path: &str, body: &str) -> crate::support::Answer {
    person.call("POST", path, &[FORM, READ], body)
}

#[test]
fn what_is_not_there_is_a_page_for_whoever_reads() {
    let world = World::new();
    let mut anon = world.anon();
    let page = anon.call("GET", "/nothing?language=zh", &[READ], "");
    assert_eq!((page.status, page.header("content-type")), (404, Some("text/html; charset=utf-8")));
    assert!(page.body.contains("此地址没有内容"), "{}", page.body);
    let problem = anon.get("/nothing");
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    problem.expect(404);
}

#[test]
fn whoever_comes_too_often_reads_a_page() {
    let world = World::new();
    let mut anon = world.anon();
    let body = "email=ada@example.org&region=cn&password=wrong+horse+battery";
    let mut answers = (0..1_000).map(|_| send(&mut anon, "/sign-in?language=en", body));
    let stopped = answers.find(|it| it.status == 429).unwrap();
    assert!(stopped.body.contains("Please wait a few minutes"), "{}", stopped.body);
    assert!(stopped.header("retry-after").is_some());
    let page = send(&mut anon, "/sign-in?language=zh", body);
    assert!(page.body.contains("请过几分钟再试"), "{}", page.body);
}

#[test]
fn a_page_speaks_the_language_of_the_person() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let page = send(&mut person, "/me/data/phone?language=zh", "value=1");
    assert_eq!(page.status, 422);
    assert!(page.body.contains("新的内容：请填写电话号码"), "{}", page.body);
    let page = send(&mut person, "/me/data/email/delete?language=zh", "");
    assert!(page.body.contains("没有此项就无法保留账户"), "{}", page.body);
    let page = person.get("/me?language=zh").body;
    assert!(page.contains("1990 年 5 月 17 日") && !page.contains(">1990-05-17<"), "{page}");
    let page = person.get("/me?language=en").body;
    assert!(page.contains("17 May 1990"), "{page}");
    let page = person.get("/me/uses?language=en").body;
    assert!(!page.contains("(courier)") && page.contains(" UTC+8"), "{page}");
}

#[test]
fn what_was_typed_stays_when_something_is_wrong() {
    let world = World::new();
    let page = send(
        &mut world.anon(),
        "/sign-in?language=en",
        "email=ada@example.org&region=cn&password=wrong+horse+battery",
    );
    assert_eq!(page.status, 422);
    assert!(page.body.contains("value=\"ada@example.org\""), "{}", page.body);
}
