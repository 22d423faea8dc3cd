//! The description is true: real answers have the shapes that `/openapi.json` says.

use serde_json::{Value, json};

use crate::support::{Actor, World, a_use, form};

/// Whether a value has the shape; else where it has not. Only the words of JSON Schema that our
/// description uses are understood, any other stops the test.
fn fits(value: &Value, schema: &Value, all: &Value, at: &str) -> Result<(), String> {
    let wrong = |why: &str| Err(format!("{at}: {why}: {value}"));
    for (word, rule) in schema.as_object().unwrap() {
        match word.as_str() {
            "$ref" => {
                let name = rule.as_str().unwrap().rsplit('/').next().unwrap();
                fits(value, &all[name], all, &format!("{at}:{name}"))?;
            }
            "type" => {
                let types = rule.as_array().cloned().unwrap_or_else(|| vec![rule.clone()]);
                if !types.iter().any(|it| is(value, it.as_str().unwrap())) {
                    return wrong(&format!("not {rule}"));
                }
            }
            "enum" if !rule.as_array().unwrap().contains(value) => return wrong("not of these"),
            "const" if rule != value => return wrong("not that"),
            "required" => {
                for name in rule.as_array().unwrap() {
                    if value.get(name.as_str().unwrap()).is_none() {
                        return wrong(&format!("{name} is missing"));
                    }
                }
            }
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(item, rule, all, &format!("{at}[{index}]"))?;
                }
            }
            "properties" => {
                for (name, rule) in rule.as_object().unwrap() {
                    if let Some(field) = value.get(name) {
                        fits(field, rule, all, &format!("{at}.{name}"))?;
                    }
                }
            }
            "additionalProperties" => others(value, (schema, rule), all, at)?,
            "anyOf" => {
                let mut tried = rule.as_array().unwrap().iter();
                if !tried.any(|it| fits(value, it, all, at).is_ok()) {
                    return wrong("fits none of several");
                }
            }
            "format" if rule == "date-time" => {
                if value.as_str().is_some_and(|it| flows::instant(it).is_none()) {
                    return wrong("no time");
                }
            }
            "pattern" => {
                let prefix = rule.as_str().unwrap().trim_start_matches('^').split('[').next();
                if value.as_str().is_some_and(|it| !it.starts_with(prefix.unwrap())) {
                    return wrong("not such an id");
                }
            }
            "enum" | "const" | "format" | "maxItems" | "examples" | "description" => {}
            other => panic!("the test does not know `{other}`"),
        }
    }
    Ok(())
}

fn others(
    value: &Value,
    (schema, rule): (&Value, &Value),
    all: &Value,
    at: &str,
) -> Result<(), String> {
    for (name, field) in value.as_object().into_iter().flatten() {
        if schema["properties"].get(name).is_some() {
            continue;
        }
        if rule == false {
            return Err(format!("{at}: {name} is not described"));
        }
        fits(field, rule, all, &format!("{at}.{name}"))?;
    }
    Ok(())
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        other => panic!("the test does not know the type `{other}`"),
    }
}

pub(crate) struct Checked {
    document: Value,
    seen: std::collections::BTreeSet<String>,
}

impl Checked {
    /// Calls, and holds what was sent and what came back against the description.
    #[track_caller]
    pub(crate) fn call(
        &mut self,
        actor: &mut Actor,
        (method, path): (&str, &str),
        call: &str,
        body: &Value,
    ) -> Value {
        let all = &self.document["components"]["schemas"];
        let operation = &self.document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        let sent = if body.is_null() { String::new() } else { body.to_string() };
        if !sent.is_empty() {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            fits(body, schema, all, "sent").unwrap();
        }
        let answer = actor.call(&method.to_uppercase(), call, &[], &sent);
        let responses = operation["responses"].as_object().unwrap();
        let said = responses.get(&answer.status.to_string()).unwrap_or(&responses["default"]);
        let kind =
            answer.header("content-type").unwrap_or("").split(';').next().unwrap().to_owned();
        if !answer.body.is_empty() {
            let schema = &said["content"][&kind]["schema"];
            assert!(
                schema.is_object(),
                "{method} {path}: {} {kind} is not described",
                answer.status
            );
            if kind.ends_with("json") {
                fits(&answer.json(), schema, all, &format!("{method} {path}")).unwrap();
            }
        }
        self.seen.insert(format!("{method} {path}"));
        answer.json()
    }
}

fn staff(world: &World, checked: &mut Checked) {
    let (none, session) = (Value::Null, "/v1/staff/session");
    let mut officer = world.staff(&["officer"]);
    checked.call(&mut officer, ("get", "/v1/evidence"), "/v1/evidence", &none);
    checked.call(&mut officer, ("get", session), session, &none);
    checked.call(&mut officer, ("delete", session), session, &none);
    let wrong = json!({ "id": "stf_0", "password": "none", "code": "000000" });
    checked.call(&mut world.anon(), ("post", session), session, &wrong);
}

#[test]
fn real_answers_have_the_shapes_that_are_described() {
    let world = World::new();
    let mut anon = world.anon();
    let document = anon.get("/openapi.json").expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    let mut checked = Checked { document, seen: std::collections::BTreeSet::new() };
    let none = Value::Null;
    for path in [
        "/privacy.json",
        "/kept.js",
        "/kept.css",
        "/health",
        "/ready",
        "/openapi.json",
        "/.well-known/gpc.json",
        "/.well-known/security.txt",
    ] {
        checked.call(&mut anon, ("get", path), path, &none);
    }
    let mut person = a_person(&world, &mut checked);
    an_application(&world, &mut checked, &mut person);
    crate::changing::described(&world, (&mut checked, &mut person.0));
    crate::messages::described(&world, (&mut checked, &mut person.0));
    crate::backups::described(&world, &mut checked);
    crate::holds::described(&world, (&mut checked, &mut person));
    crate::guardians::described(&world, &mut checked);
    crate::phones::described(&world, &mut checked);
    crate::requests::described(&world, (&mut checked, &mut person.0));
    crate::transfers::described(&world, (&mut checked, &mut person));
    crate::ending::described(&world, (&mut checked, &mut person.0));
    staff(&world, &mut checked);
    the_rest(&world, &mut checked, &mut person);
    let paths = checked.document["paths"].as_object().unwrap();
    let described = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().iter().map(move |(method, it)| (path, method, it))
    });
    for (path, method, operation) in described {
        let page = operation["responses"].get("303").is_some();
        assert!(
            page || checked.seen.contains(&format!("{method} {path}")),
            "{method} {path} was not tried"
        );
    }
}

fn a_person(world: &World, checked: &mut Checked) -> (Actor, String) {
    let mut person = world.anon();
    let none = Value::Null;
    let registered =
        checked.call(&mut person, ("post", "/v1/people"), "/v1/people", &form("ada@example.org"));
    let id = registered["id"].as_str().unwrap().to_owned();
    let code = json!({ "channel": "email", "code": world.code() });
    let verify = format!("/v1/people/{id}/verify");
    checked.call(&mut person, ("post", "/v1/people/{id}/verify"), &verify, &code);
    let sign_in = json!({ "email": "ada@example.org" });
    checked.call(&mut world.anon(), ("post", "/v1/session"), "/v1/session", &sign_in);
    let sign_in = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    let mut other = world.anon();
    checked.call(&mut other, ("post", "/v1/session"), "/v1/session", &sign_in);
    checked.call(&mut other, ("delete", "/v1/session"), "/v1/session", &none);
    let shown = checked.call(&mut person, ("get", "/v1/consent"), "/v1/consent?language=zh", &none);
    let choice = json!({
        "choices": { "improve": "given", "advertise": "refused" },
        "text_hash": shown["text_hash"], "language": "zh",
    });
    checked.call(&mut person, ("put", "/v1/consent"), "/v1/consent", &choice);
    let events = json!([{ "type": "page-view", "at": "2026-11-22T10:00:00Z", "path": "/" }, { "type": "no" }]);
    checked.call(&mut person, ("post", "/v1/events"), "/v1/events", &events);
    (person, id)
}

fn an_application(world: &World, checked: &mut Checked, (_, id): &mut (Actor, String)) {
    let mut app = world.app(&["service", "advertise"]);
    let ask =
        json!({ "person": id, "act": "use", "purpose": "advertise", "categories": ["email"] });
    checked.call(&mut app, ("post", "/v1/decide"), "/v1/decide", &ask);
    checked.call(&mut app, ("post", "/v1/use"), "/v1/use", &a_use(id, "service"));
    checked.call(&mut app, ("post", "/v1/use"), "/v1/use", &a_use(id, "advertise"));
    let items = json!({ "items": [a_use(id, "service"), a_use(id, "advertise")] });
    checked.call(&mut app, ("post", "/v1/use/batch"), "/v1/use/batch", &items);
    let put = json!({ "value": "Ada L.", "source": "registration" });
    let path = format!("/v1/people/{id}/data/name");
    checked.call(&mut app, ("put", "/v1/people/{id}/data/{category}"), &path, &put);
    let find = json!({ "category": "email", "value": "ada@example.org", "purpose": "service" });
    checked.call(&mut app, ("post", "/v1/people/find"), "/v1/people/find", &find);
}

fn the_rest(world: &World, checked: &mut Checked, (person, _): &mut (Actor, String)) {
    let none = Value::Null;
    let clock = json!({ "advance": "1s" });
    checked.call(person, ("post", "/v1/test/clock"), "/v1/test/clock", &clock);
    checked.call(person, ("get", "/checkpoint"), "/checkpoint", &none);
    let size = world.anon().get("/checkpoint").body.lines().nth(1).unwrap().to_owned();
    checked.call(person, ("get", "/tile/{path}"), &format!("/tile/0/000.p/{size}"), &none);
    let mut look = |path: &str| checked.call(person, ("get", path), path, &none);
    for path in [
        "/v1/me",
        "/v1/me/data",
        "/v1/me/uses",
        "/v1/me/disclosures",
        "/v1/me/consents",
        "/v1/me/export",
    ] {
        look(path);
    }
    let value = json!({ "value": "Ada" });
    let data = "/v1/me/data/{category}";
    checked.call(person, ("put", data), "/v1/me/data/name", &value);
    checked.call(person, ("delete", data), "/v1/me/data/name", &none);
    let mut other = world.anon();
    let sign_in = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    other.post("/v1/session", &sign_in).expect(200);
    let me = person.get("/v1/me").expect(200);
    let session =
        me["sessions"].as_array().unwrap().iter().find(|it| it["current"] == false).unwrap();
    let end = format!("/v1/me/sessions/{}", session["id"].as_str().unwrap());
    checked.call(person, ("delete", "/v1/me/sessions/{id}"), &end, &none);
    let right = json!({ "right": "restrict" });
    let asked = checked.call(person, ("post", "/v1/me/requests"), "/v1/me/requests", &right);
    let one = format!("/v1/me/requests/{}", asked["id"].as_str().unwrap());
    checked.call(person, ("get", "/v1/me/requests/{id}"), &one, &none);
    checked.call(person, ("get", "/v1/me/requests"), "/v1/me/requests", &none);
    let closing = checked.call(person, ("delete", "/v1/me"), "/v1/me", &none);
    let cancel = format!("/v1/me/requests/{}/cancel", closing["request"].as_str().unwrap());
    checked.call(person, ("post", "/v1/me/requests/{id}/cancel"), &cancel, &none);
}
