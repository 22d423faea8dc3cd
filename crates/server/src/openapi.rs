//! The description of the interface, made from the table of addresses and the schemas beside this
//! file: what is not in the table is not described, and what is, is.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::Reply;
use crate::archive::ZIP;
use crate::router::{Row, TABLE, Who};

/// The shapes of bodies, as JSON Schema.
const SCHEMAS: &str = include_str!("openapi/schemas.json");

/// Pages for people, which are described by their address alone.
pub(crate) const PAGES: &[(&str, &str, &str)] = &[
    ("get", "/", "Goes on to the policy"),
    ("get", "/privacy", "The policy in force"),
    ("get", "/privacy/versions", "Every version of it"),
    ("get", "/privacy/versions/{version}", "One version, with what it changed"),
    ("get", "/privacy/changes/{version}", "What a new version changes, and what it asks"),
    ("post", "/privacy/changes/{version}", "Answers anew, from a form"),
    ("get", "/me/accepted", "Which versions were agreed to or shown"),
    ("get", "/contact", "How to reach the controller"),
    ("get", "/register", "Registration, the age first"),
    ("post", "/register", "Registers, from a form"),
    ("post", "/register/code", "Proves an address by a code, from a form"),
    ("get", "/sign-in", "Signing in"),
    ("post", "/sign-in", "Signs in, from a form"),
    ("post", "/sign-out", "Signs out, from a form"),
    ("get", "/choices", "The choices, without a script"),
    ("post", "/choices", "Answers, from a form"),
    ("get", "/me", "The privacy centre"),
    ("get", "/me/uses", "Who used what"),
    ("get", "/me/export", "Everything that is held, to read"),
    ("get", "/me/data/{category}", "A value, to correct"),
    ("post", "/me/data/{category}", "Corrects it, from a form"),
    ("get", "/me/data/{category}/delete", "Asks whether to delete a value"),
    ("post", "/me/data/{category}/delete", "Deletes it, from a form"),
    ("get", "/me/phone", "Proves a phone by a code"),
    ("post", "/me/phone", "Sends a code to it, or takes one, from a form"),
    ("get", "/me/transfers", "What would cross a border, and one's answers"),
    ("post", "/me/transfers", "Answers to a transfer, from a form"),
    ("post", "/me/transfers/token", "Makes the token of a move, from a form"),
    ("post", "/me/transfers/{id}/carry", "Hands data over to a new account, from a form"),
    ("get", "/me/push", "Messages to this browser"),
    ("post", "/me/push/off", "Stops them in all browsers, from a form"),
    ("get", "/me/close", "Asks whether to close the account"),
    ("post", "/me/close", "Closes it, from a form"),
    ("get", "/privacy/cancel", "Asks whether to keep an account that is being closed"),
    ("post", "/privacy/cancel", "Keeps it, from a form"),
    ("get", "/privacy/ask", "A form to ask for a right by one's email address, without an account"),
    ("post", "/privacy/ask", "Asks for it, from a form; a code goes to the address"),
    ("get", "/privacy/contact", "A form to write to us, without an account"),
    ("post", "/privacy/contact", "Leaves a message or a complaint, from a form"),
    ("get", "/privacy/service", "The share of messages answered in time"),
    ("get", "/me/messages", "One's own conversations"),
    ("get", "/me/messages/{id}", "One of them"),
    ("post", "/me/messages/{id}", "Adds to it, from a form"),
    ("get", "/me/guardian", "Asks a guardian"),
    ("post", "/me/guardian", "Sends a guardian the link, or shows it, from a form"),
    ("get", "/privacy/guardian/{token}", "What a guardian reads before agreeing"),
    ("post", "/privacy/guardian/{token}", "Proves an address, agrees or refuses, from a form"),
    ("get", "/privacy/child", "A guardian's page for a child"),
    ("post", "/privacy/child/sign-in", "Signs a guardian in by a code, from a form"),
    ("post", "/privacy/child/sign-out", "Signs a guardian out, from a form"),
    ("get", "/privacy/child/uses", "Who used what of the child"),
    ("get", "/privacy/child/choices", "The choices for the child"),
    ("post", "/privacy/child/choices", "Answers for the child, from a form"),
    ("get", "/privacy/child/data/{category}", "A value of the child, to correct"),
    ("post", "/privacy/child/data/{category}", "Corrects it, from a form"),
    ("get", "/privacy/child/data/{category}/delete", "Asks whether to delete a value of the child"),
    ("post", "/privacy/child/data/{category}/delete", "Deletes it, from a form"),
    ("get", "/privacy/child/changes/{version}", "What a version changes for the child"),
    ("post", "/privacy/child/changes/{version}", "Answers it for the child, from a form"),
    ("get", "/privacy/child/requests", "The requests for the child, and the form for a new one"),
    ("post", "/privacy/child/requests", "Asks for a right of the child, from a form"),
    ("get", "/privacy/child/requests/{id}", "One of the requests for the child"),
    ("get", "/privacy/child/export", "Everything that is held of the child, to read"),
    ("get", "/privacy/child/export/file", "The same as a file, JSON or packed with tables"),
    ("get", "/privacy/child/close", "Asks whether to close the child's account"),
    ("post", "/privacy/child/close", "Closes it, from a form"),
    ("post", "/privacy/child/keep", "Keeps it, from a form"),
    ("get", "/me/requests", "One's requests"),
    ("post", "/me/requests", "Asks for a right, from a form"),
    ("get", "/me/requests/{id}", "One of them"),
    ("get", "/privacy/request", "Where a request stands, with the link of its mail"),
    ("post", "/privacy/request", "Enters its code or takes it back, from a form"),
    ("get", "/privacy/certificate", "The certificate of an erasure, to print"),
    ("get", "/mail", "The mails of a demonstration"),
];

/// `GET /openapi.json`
pub(crate) async fn show() -> Reply {
    Reply::public(&document())
}

/// The document.
pub(crate) fn document() -> Value {
    let mut paths: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    for row in TABLE {
        let path = paths.entry(shown(row.path)).or_default();
        path.insert(row.method.to_owned(), operation(row));
    }
    for (method, path, says) in PAGES.iter().chain(crate::console::PAGES) {
        paths
            .entry(shown(path))
            .or_default()
            .insert((*method).to_owned(), page(path, method, says));
    }
    let schemas: Value = serde_json::from_str(SCHEMAS).unwrap_or_default();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Kept",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A privacy policy that runs. Errors are RFC 9457 problems; a use of \
                which everything is refused is 403 with a type that ends in `/refused`. Times are \
                RFC 3339 in UTC. Writes take `Idempotency-Key`.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "app": { "type": "http", "scheme": "bearer", "bearerFormat": "kept_app_…" },
                "partner": { "type": "http", "scheme": "bearer", "bearerFormat": "kept_partner_…" },
                "session": { "type": "apiKey", "in": "cookie", "name": crate::cookie::SESSION.on(true) },
                "staff": { "type": "apiKey", "in": "cookie", "name": crate::cookie::STAFF.on(true) },
                "browser": { "type": "apiKey", "in": "cookie", "name": crate::cookie::BROWSER.on(true) },
            },
        },
    })
}

/// A path as descriptions write it: a rest of a path is a parameter like any other.
fn shown(path: &str) -> String {
    path.replace("{*", "{")
}

fn operation(row: &Row) -> Value {
    let mut operation = json!({
        "summary": row.says,
        "parameters": parameters(row.path, row.method),
        "responses": responses(row),
    });
    let Some(fields) = operation.as_object_mut() else { return operation };
    if !row.takes.is_empty() {
        let body = json!({
            "required": row.takes != "Link",
            "content": { "application/json": { "schema": reference(row.takes) } },
        });
        fields.insert("requestBody".to_owned(), body);
    }
    let security = match row.who {
        Who::Public => json!([]),
        Who::Browser => json!([{}, { "session": [] }, { "browser": [] }]),
        Who::Person => json!([{ "session": [] }, { "browser": [] }]),
        Who::Key => json!([{ "app": [] }]),
        Who::Partner => json!([{ "partner": [] }]),
        Who::Staff => json!([{ "staff": [] }]),
    };
    fields.insert("security".to_owned(), security);
    operation
}

fn page(path: &str, method: &str, says: &str) -> Value {
    let html = json!({ "text/html": { "schema": { "type": "string" } } });
    let mut operation = json!({
        "summary": says,
        "parameters": parameters(path, "page"),
        "responses": {
            "200": { "description": "A page", "content": html },
            "303": { "description": "It goes on there" },
            "4XX": { "description": "A page that says what is wrong", "content": html },
        },
    });
    if let (Some(fields), "post") = (operation.as_object_mut(), method) {
        let form =
            json!({ "application/x-www-form-urlencoded": { "schema": { "type": "object" } } });
        fields.insert("requestBody".to_owned(), json!({ "content": form }));
    }
    operation
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn responses(row: &Row) -> Value {
    let mut answer = json!({ "description": row.says });
    if let (Some(fields), false) = (answer.as_object_mut(), row.gives.is_empty()) {
        let content = if row.gives.contains('/') {
            json!({ row.gives: { "schema": { "type": "string" } } })
        } else {
            json!({ "application/json": { "schema": reference(row.gives) } })
        };
        fields.insert("content".to_owned(), content);
    }
    if row.path == "/v1/me/export" {
        let file = json!({ "schema": { "type": "string", "contentMediaType": ZIP } });
        let content = answer.pointer_mut("/content").and_then(Value::as_object_mut);
        content.and_then(|it| it.insert(ZIP.to_owned(), file));
    }
    let problem = json!({
        "description": "What is wrong, and what to do",
        "content": { "application/problem+json": { "schema": reference("Problem") } },
    });
    let mut all = Map::new();
    all.insert(row.status.to_string(), answer);
    if row.path == "/v1/guardian/{token}" && row.method == "post" {
        let sent = json!({ "application/json": { "schema": reference(row.gives) } });
        all.insert("202".to_owned(), json!({ "description": "A code is sent", "content": sent }));
    }
    if row.path == "/v1/session" && row.method == "post" {
        let sent = json!({ "application/json": { "schema": reference("Sent") } });
        all.insert("202".to_owned(), json!({ "description": "A code is sent", "content": sent }));
    }
    if row.takes == "PolicyDraft" {
        let plan = json!({ "application/json": { "schema": reference(row.gives) } });
        for (status, says) in [("200", "What would be done"), ("202", "It waits for another")] {
            all.insert(status.to_owned(), json!({ "description": says, "content": plan }));
        }
    }
    all.insert("default".to_owned(), problem);
    Value::Object(all)
}

/// What stands in the path, in the query, and the key of an idempotent write.
fn parameters(path: &str, method: &str) -> Vec<Value> {
    let inner = path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    let mut all: Vec<Value> = inner
        .map(|name| {
            let name = name.trim_start_matches('*');
            json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    let query: &[&str] = match (method, path) {
        ("get", "/v1/me/uses") => &["cursor", "proof"],
        ("get", "/v1/me/export") => &["cursor", "format", "language"],
        (
            "get",
            "/v1/me/requests" | "/v1/me/consents" | "/v1/me/messages" | "/v1/partner/deletions",
        ) => &["cursor"],
        ("get", "/v1/requests") => &["cursor", "done"],
        ("get", "/privacy/request.json" | "/privacy/certificate.json") => &["request", "token"],
        ("get", "/v1/messages") => &["kind", "region", "done", "cursor"],
        ("get", "/v1/me/data") => &["cursor", "language"],
        ("get" | "put", "/v1/consent") => &["language", "gpc", "dnt"],
        ("get", "/privacy.json") | ("page", _) => &["language"],
        _ => &[],
    };
    all.extend(
        query
            .iter()
            .map(|name| json!({ "name": name, "in": "query", "schema": { "type": "string" } })),
    );
    if IDEMPOTENT.contains(&(method, path)) {
        let schema = json!({ "type": "string", "minLength": 1, "maxLength": 128 });
        all.push(json!({ "name": "Idempotency-Key", "in": "header", "schema": schema }));
    }
    all
}

/// Writes that are done once for one key of the client's. The others do the same when repeated.
const IDEMPOTENT: &[(&str, &str)] = &[
    ("post", "/v1/people"),
    ("put", "/v1/people/{id}/data/{category}"),
    ("put", "/v1/consent"),
    ("put", "/v1/me/data/{category}"),
    ("post", "/v1/me/requests"),
    ("post", "/v1/requests"),
    ("post", "/v1/holds"),
    ("post", "/v1/transfers"),
    ("put", "/v1/me/transfers/{id}"),
    ("delete", "/v1/me"),
    ("post", "/v1/messages"),
    ("post", "/v1/me/messages/{id}"),
    ("post", "/v1/messages/{id}/reply"),
    ("post", "/v1/messages/{id}/outcome"),
];

#[cfg(test)]
mod tests;
