//! Staff over HTTP: both factors, a cookie that ends, roles that are named.

use serde_json::json;

use crate::support::World;

#[test]
fn staff_sign_in_with_both_factors_and_out() {
    let world = World::new();
    let lin = world.joins(&["officer", "support"]);
    let mut anon = world.anon();
    anon.get("/v1/staff/session").expect(401);
    let right = world.factors(&lin);
    for (name, wrong) in [("id", "stf_00000000"), ("password", "wrong"), ("code", "000000")] {
        let mut factors = right.clone();
        factors[name] = json!(wrong);
        let answer = anon.post("/v1/staff/session", &factors);
        answer.expect(401);
        assert!(answer.set_cookies().is_empty(), "{name}");
    }
    let mut lin_in = world.anon();
    let answer = lin_in.post("/v1/staff/session", &right);
    let seen = answer.expect(200);
    assert_eq!(seen["roles"], json!(["officer", "support"]));
    let cookie = answer.set_cookies()[0].to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite"), "{cookie}");
    assert_eq!(lin_in.get("/v1/staff/session").expect(200)["id"], json!(lin.id));
    anon.post("/v1/staff/session", &right).expect(401);
    lin_in.delete("/v1/staff/session").expect(204);
    assert!(lin_in.cookies.is_empty());
    lin_in.get("/v1/staff/session").expect(401);
}

#[test]
fn wrong_answers_are_all_alike() {
    let world = World::new();
    let lin = world.joins(&["support"]);
    let mut anon = world.anon();
    let bodies = [("id", "stf_00000000"), ("password", "wrong"), ("code", "000000")].map(|it| {
        let mut factors = world.factors(&lin);
        factors[it.0] = json!(it.1);
        anon.post("/v1/staff/session", &factors).body
    });
    assert!(bodies.iter().all(|it| *it == bodies[0]), "{bodies:?}");
}

#[test]
fn a_session_of_a_person_is_none_of_staff_and_the_other_way_round() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    person.get("/v1/staff/session").expect(401);
    let mut staff = world.staff(&["officer"]);
    staff.get("/v1/me").expect(401);
    // The same secret under the other name is nobody's.
    for (actor, name) in [(&mut person, "kept_staff"), (&mut staff, "kept_session")] {
        actor.cookies[0].0 = name.to_owned();
    }
    person.get("/v1/staff/session").expect(401);
    staff.get("/v1/me").expect(401);
}

#[test]
fn a_session_ends_with_the_day() {
    let world = World::new();
    let mut staff = world.staff(&["officer"]);
    world.advance("30m");
    staff.get("/v1/staff/session").expect(200);
    world.advance("61m");
    staff.get("/v1/staff/session").expect(401);
}

#[test]
fn foreign_pages_sign_nobody_in_or_out() {
    let world = World::new();
    let mut staff = world.staff(&["officer"]);
    let foreign = [("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")];
    staff.call("DELETE", "/v1/staff/session", &foreign, "").expect(403);
    staff.get("/v1/staff/session").expect(200);
}
