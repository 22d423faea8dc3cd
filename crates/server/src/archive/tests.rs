use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use flows::Json;
use serde_json::{Value, json};
use zip::ZipArchive;

use super::archive;
use crate::page::Words;

fn export(value: &str) -> Json {
    Json(json!({
        "kept_export": 1,
        "made": "2026-11-22T10:20:30Z",
        "controller": "Example",
        "contact": "privacy@example.com",
        "data": [{
            "category": "name", "title": "Name", "value": value, "source": "registration",
            "source_title": "You", "collected": "2026-11-22T10:00:00Z",
            "purposes": [{ "id": "a", "title": "First" }, { "id": "b", "title": "Second" }],
            "recipients": [], "due": null,
            "kept": { "for": "7 days", "after": "account-closed", "clause": "retain" },
        }],
        "events": [],
        "uses": [{
            "record": "rec_cn_1", "at": "2026-11-22T10:10:00Z", "by": "app", "name": "shop",
            "act": "use", "purpose": "service", "categories": ["name", "email"],
            "answer": "permit", "clauses": ["use-service"], "policy": 1, "log_index": null,
        }],
        "nothing": null,
    }))
}

fn files(export: &Json, language: &str) -> BTreeMap<String, String> {
    let bytes = archive(export, Words::of(language)).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).unwrap();
        let made = file.last_modified().unwrap();
        assert_eq!((made.year(), made.hour(), made.second()), (2026, 10, 30));
        assert_eq!(file.unix_mode().unwrap() & 0o777, 0o600);
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        files.insert(file.name().to_owned(), text);
    }
    files
}

/// Without the mark and with the ends of lines that a snapshot has.
fn shown(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

#[test]
fn the_archive_holds_the_export_as_it_is_and_as_tables() {
    let export = export("=HYPERLINK(\"x\")");
    let files = files(&export, "en");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["data.csv", "data.json", "readme.txt", "uses.csv"]);
    assert_eq!(files["data.json"], serde_json::to_string(&export).unwrap());
    insta::assert_snapshot!(shown(&files["data.csv"]), @r#"
    "category","title","value","source","source_title","collected","purposes","recipients","due","kept_for","kept_after","clause"
    "name","Name","'=HYPERLINK(""x"")","registration","You","2026-11-22T10:00:00Z","First; Second","","","7 days","account-closed","retain"
    "#);
    insta::assert_snapshot!(shown(&files["uses.csv"]), @r#"
    "record","at","by","name","act","purpose","categories","answer","clauses","policy","log_index"
    "rec_cn_1","2026-11-22T10:10:00Z","app","shop","use","service","name; email","permit","use-service","1",""
    "#);
}

#[test]
fn the_page_of_text_is_in_the_language() {
    let english = files(&export("Ada"), "en").remove("readme.txt").unwrap();
    insta::assert_snapshot!(shown(&english), @"
    Example · 2026-11-22T10:20:30Z

    data.json: Everything that is held about you, for other services to read.
    data.csv: Each value with its source, what it is used for, who gets it, and when it goes. A spreadsheet opens it.
    uses.csv: Each time something of yours was used or refused: by whom, what for, and under which clause. A spreadsheet opens it.

    A cell of a table that would look like a formula begins with an apostrophe. What nobody is shown, such as a password, is empty. Log information is in data.json alone. Times are in UTC.

    How to reach us: privacy@example.com
    ");
    let chinese = files(&export("Ada"), "zh").remove("readme.txt").unwrap();
    for said in ["data.json", "data.csv", "uses.csv", "表格"] {
        assert!(chinese.contains(said), "{chinese}");
    }
}

#[test]
fn a_piece_says_where_the_rest_is() {
    let Json(mut piece) = export("Ada");
    piece["next"] = json!("events.20261122-6-months.17");
    let said = files(&Json(piece), "en").remove("readme.txt").unwrap();
    assert!(said.contains(Words::of("en").readme_rest));
    let rest = "/v1/me/export?format=zip&cursor=events.20261122-6-months.17\r\n";
    assert!(said.contains(rest), "{said}");
}

/// An archive of nothing says so.
#[test]
fn an_archive_of_nothing_says_so() {
    let Json(mut none) = export("Ada");
    none["data"] = json!([]);
    none["uses"] = Value::Null;
    none["nothing"] = json!("nothing is held about you beyond the account itself");
    let files = files(&Json(none), "en");
    assert!(files["readme.txt"].contains(Words::of("en").readme_nothing));
    assert_eq!(files["data.csv"].lines().count(), 1);
    assert_eq!(files["uses.csv"].lines().count(), 1);
}
