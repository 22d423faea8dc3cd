use std::collections::BTreeSet;

use serde_json::Value;

use super::{PAGES, document};

/// Every `$ref` below a value.
fn references(value: &Value, all: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(to)) = fields.get("$ref") {
                all.insert(to.rsplit('/').next().unwrap().to_owned());
            }
            fields.values().for_each(|it| references(it, all));
        }
        Value::Array(items) => items.iter().for_each(|it| references(it, all)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_schema_that_is_named_is_there_and_every_one_that_is_there_is_named() {
    let document = document();
    let mut named = BTreeSet::new();
    references(&document, &mut named);
    let there = document["components"]["schemas"].as_object().unwrap();
    let there: BTreeSet<String> = there.keys().cloned().collect();
    assert_eq!(named, there);
}

/// The pages have a table of their own, which the description repeats: they must not drift apart.
#[test]
fn every_page_is_described_and_nothing_else() {
    drifted(include_str!("../page.rs"), PAGES);
    drifted(include_str!("../console.rs"), crate::console::PAGES);
}

fn drifted(source: &str, pages: &[(&str, &str, &str)]) {
    let mut routed = BTreeSet::new();
    for line in source.split(".route(").skip(1) {
        let path = line.split('"').nth(1).unwrap();
        let handlers = line.split('"').nth(2).unwrap();
        for method in ["get", "post", "put", "delete"] {
            if handlers.contains(&format!("{method}(")) {
                routed.insert((method.to_owned(), path.to_owned()));
            }
        }
    }
    let described: BTreeSet<_> =
        pages.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(described, routed);
}

#[test]
fn the_description_is_the_reviewed_one() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&document()).unwrap());
}
