//! Backups, as staff ask for them and look at them.

use flows::security::{Plan, plan_backups};
use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::World;

#[test]
fn staff_ask_for_one_more_and_see_when_the_next_is_due() {
    let world = World::new();
    let mut engineer = world.staff(&["engineer"]);
    let mut support = world.staff(&["support"]);
    world.anon().get("/v1/backup").expect(401);
    support.post("/v1/backup", &json!({})).expect(403);
    let seen = engineer.get("/v1/backup").expect(200);
    assert_eq!(seen["state"], json!("none"));
    engineer.post("/v1/backup", &json!({})).expect(409);

    let to = world.dir.path().join("backups");
    let plan = Plan { to: to.clone(), every: None, keep: None, changes: None, archive: None };
    let planned = plan_backups(&world.flows, plan, world.clock.now());
    world.runtime.block_on(planned).unwrap();
    let made = || flows::security::backups(&to).map_or(0, |it| it.len());
    world.advance("1s");
    assert_eq!(made(), 1);
    engineer.post("/v1/backup", &json!({})).expect(202);
    world.advance("1s");
    assert_eq!(made(), 2);
    let seen = engineer.get("/v1/backup").expect(200);
    assert_eq!(seen["state"], json!("waiting"));
    assert!(seen["last"].is_string() && seen["next"].is_string(), "{seen}");
}

/// What there is of them is as it is described.
pub(crate) fn described(world: &World, checked: &mut Checked) {
    let mut engineer = world.staff(&["engineer"]);
    let path = "/v1/backup";
    checked.call(&mut engineer, ("get", path), path, &Value::Null);
    let plan = Plan {
        to: world.dir.path().join("backups"),
        every: None,
        keep: None,
        changes: None,
        archive: None,
    };
    let planned = plan_backups(&world.flows, plan, world.clock.now());
    world.runtime.block_on(planned).unwrap();
    checked.call(&mut engineer, ("post", path), path, &Value::Null);
    checked.call(&mut engineer, ("get", path), path, &Value::Null);
}
