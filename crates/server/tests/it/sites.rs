//! Pages of other sites: what they may call, what they may read, and what every answer carries.

use serde_json::json;

use crate::support::{SITE, World};

const EVIL: &str = "https://evil.example";

#[test]
fn a_named_site_may_use_the_banner_and_nothing_else() {
    let world = World::new();
    let mut anon = world.anon();
    let shown = anon.call("GET", "/v1/consent?language=en", &[("origin", SITE)], "");
    assert_eq!(shown.header("access-control-allow-origin"), Some(SITE));
    assert_eq!(shown.header("access-control-allow-credentials"), Some("true"));
    assert!(shown.header("vary").unwrap().contains("Origin"));
    let before = [("origin", SITE), ("access-control-request-method", "PUT")];
    let preflight = anon.call("OPTIONS", "/v1/consent", &before, "");
    assert_eq!(preflight.status, 204);
    assert!(preflight.header("access-control-allow-methods").unwrap().contains("PUT"));

    let (mut person, _) = world.person("ada@example.org");
    let me = person.call("GET", "/v1/me", &[("origin", SITE)], "");
    assert_eq!(me.header("access-control-allow-origin"), None, "no site reads what is personal");
    person.call("DELETE", "/v1/me", &[("origin", SITE)], "").expect(403);
}

#[test]
fn a_foreign_page_changes_and_reads_nothing() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    for headers in [
        &[("origin", EVIL)][..],
        &[("origin", "null"), ("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
    ] {
        let stopped = person.call("DELETE", "/v1/me", headers, "");
        stopped.expect(403);
        assert!(stopped.body.contains("foreign-site"));
        let value = json!({ "value": "Eve" }).to_string();
        person.call("PUT", "/v1/me/data/name", headers, &value).expect(403);
    }
    let read = person.call("GET", "/v1/consent", &[("origin", EVIL)], "");
    assert_eq!(read.header("access-control-allow-origin"), None);
    let preflight = person.call("OPTIONS", "/v1/consent", &[("origin", EVIL)], "");
    assert_eq!(preflight.header("access-control-allow-origin"), None);
    assert_eq!(person.get("/v1/me").expect(200)["state"], "active");
    let own = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    person.call("DELETE", "/v1/session", &own, "").expect(204);
}

#[test]
fn every_answer_carries_what_browsers_need_to_know() {
    let world = World::new();
    let mut anon = world.anon();
    for path in ["/privacy", "/v1/me", "/kept.js", "/nothing", "/health", "/v1/consent"] {
        let answer = anon.get(path);
        let content = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "script-src 'none'", "frame-ancestors 'none'"] {
            assert!(content.contains(part), "{path}: {content}");
        }
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "not without https");
        assert!(answer.header("cache-control").is_some(), "{path}");
    }
    let (mut person, _) = world.person("ada@example.org");
    for path in ["/v1/me", "/v1/me/data", "/v1/consent", "/me"] {
        assert_eq!(person.get(path).header("cache-control"), Some("no-store"), "{path}");
    }
    let script = anon.get("/kept.js");
    assert_eq!(script.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(anon.get("/kept.css").header("content-type"), Some("text/css; charset=utf-8"));
}

#[test]
fn what_everybody_may_read() {
    let world = World::new();
    let mut anon = world.anon();
    assert_eq!(anon.get("/health").expect(200)["status"], "ok");
    assert_eq!(anon.get("/ready").expect(200)["policy"], 1);
    assert_eq!(anon.get("/.well-known/gpc.json").expect(200)["gpc"], true);
    let security = anon.get("/.well-known/security.txt").body;
    assert!(security.starts_with("Contact: mailto:") && security.contains("\nExpires: "));
    let twin = anon.get("/privacy.json").expect(200);
    assert_eq!(twin["version"], 1);
    assert!(
        anon.get("/privacy")
            .body
            .contains(twin["hash"].as_str().unwrap().trim_start_matches("sha256:"))
    );

    world.person("ada@example.org");
    world.settle();
    let checkpoint = anon.get("/checkpoint").body;
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();
    assert!(checkpoint.starts_with("log.example.com\n") && size > 0);
    let tile = anon.get(&format!("/tile/0/000.p/{size}"));
    assert_eq!((tile.status, tile.header("content-type")), (200, Some("application/octet-stream")));
    for path in [
        "/tile/../kept.db",
        "/tile/%2e%2e/%2e%2e/root.key",
        "/tile/0/../../../root.key",
        "/tile/0/999",
    ] {
        assert!(matches!(anon.get(path).status, 404 | 400), "{path}");
    }
}

#[test]
fn the_page_of_a_link_keeps_it_in_another_language() {
    let world = World::new();
    let link = "/privacy/cancel?request=req_1&person=per_2&token=a%26b";
    let page = world.anon().get(&format!("{link}&language=en&other=3")).body;
    let wanted = "/privacy/cancel?language=zh&#38;request=req_1&#38;person=per_2&#38;token=a%26b";
    assert!(page.contains(&format!("href=\"{wanted}\"")), "{page}");
    // No other page carries it on.
    let page = world.anon().get("/privacy?language=en&token=planted-7f3").body;
    assert!(!page.contains("planted-7f3"));
}
