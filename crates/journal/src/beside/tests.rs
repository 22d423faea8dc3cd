use std::fs;
use std::path::{Path, PathBuf};

use super::*;

/// What every installation has: programs before it are not served beside.
const BASELINE: &[(&str, SchemaVersion)] = &[
    ("events", 2),
    ("kept", 1),
    ("people", 5),
    ("postgres/kept", 2),
    ("postgres/region", 1),
    ("records", 1),
];

/// A migration as its file says it: after which, what it is called, what it does.
struct File {
    folder: String,
    version: SchemaVersion,
    name: String,
    text: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn migrations() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let read = |path: PathBuf| {
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (version, name) = stem.strip_prefix('V').unwrap().split_once("__").unwrap();
        let folder = path.parent().unwrap().strip_prefix(&root).unwrap();
        File {
            folder: folder.to_str().unwrap().to_owned(),
            version: version.parse().unwrap(),
            name: name.to_owned(),
            text: fs::read_to_string(&path).unwrap(),
        }
    };
    files(&root).into_iter().map(read).collect()
}

/// The statements of a text, in capitals, without comments, words apart by one space.
fn statements(text: &str) -> Vec<String> {
    let bare: Vec<&str> = text.lines().map(|it| it.split("--").next().unwrap()).collect();
    let split = bare.join(" ").to_uppercase();
    let each = split.split(';').map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    each.filter(|it| !it.is_empty()).collect()
}

/// The table that a statement makes.
fn made(statement: &str) -> Option<&str> {
    statement.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next()
}

/// Why a program that does not know of it could not go on; nothing, where it could.
fn takes_away(statement: &str, new: &[&str]) -> Option<&'static str> {
    let on_new = |table: &str| new.contains(&table.split([' ', '(']).next().unwrap());
    if statement.starts_with("CREATE TABLE ") || statement.starts_with("CREATE INDEX ") {
        return None;
    }
    if let Some(rest) = statement.strip_prefix("CREATE UNIQUE INDEX ") {
        let table = rest.split_once(" ON ").unwrap().1;
        return (!on_new(table)).then_some("what was written twice before is refused now");
    }
    if let Some(rest) = statement.strip_prefix("INSERT INTO ") {
        return (!on_new(rest)).then_some("rows that nobody recorded, in a table that is in use");
    }
    if let Some(rest) = statement.strip_prefix("ALTER TABLE ") {
        let (table, change) = rest.split_once(' ').unwrap();
        let column = change.strip_prefix("ADD COLUMN ");
        let bound = ["UNIQUE", "CHECK", "REFERENCES", "PRIMARY"];
        return match column {
            _ if on_new(table) || change.contains("SET STORAGE") => None,
            Some(it) if bound.iter().any(|word| it.contains(word)) => {
                Some("a bound that who does not know it does not keep")
            }
            Some(it) if it.contains("NOT NULL") && !it.contains("DEFAULT") => {
                Some("a column that who does not know it cannot fill")
            }
            Some(_) => None,
            None => Some("what was there before is another now"),
        };
    }
    Some("nothing but more tables, columns and indexes is known to leave others alone")
}

/// What is wrong with a migration after the baseline.
fn fault(file: &File) -> Option<String> {
    let baseline = BASELINE.iter().find(|(it, _)| *it == file.folder);
    let Some((_, baseline)) = baseline else {
        return Some("name its baseline above".to_owned());
    };
    if file.version <= *baseline {
        return None;
    }
    let Some(oldest) = oldest(&file.name) else {
        return Some("end its name with `__from_N`: the oldest schema to serve beside".to_owned());
    };
    if !(*baseline..=file.version).contains(&oldest) {
        return Some(format!("`{FROM}{oldest}` lies outside of {baseline} to its own number"));
    }
    let all = statements(&file.text);
    let new: Vec<&str> = all.iter().filter_map(|it| made(it)).collect();
    let taken = all.iter().find_map(|it| takes_away(it, &new).map(|why| format!("{it}: {why}")));
    taken.filter(|_| oldest < file.version)
}

#[test]
fn every_migration_leaves_older_programs_be_or_says_that_it_does_not() {
    let all = migrations();
    for (folder, _) in BASELINE {
        assert!(all.iter().any(|it| it.folder == *folder), "{folder} holds migrations");
    }
    for file in &all {
        let (folder, version, name) = (&file.folder, file.version, &file.name);
        assert_eq!(fault(file), None, "{folder}/V{version}__{name}");
    }
}

#[test]
fn what_would_break_an_older_program_is_found() {
    let file = |name: &str, text: &str| File {
        folder: "people".to_owned(),
        version: 6,
        name: name.to_owned(),
        text: text.to_owned(),
    };
    let good = [
        "-- A note; with a mark.\nALTER TABLE people ADD COLUMN note TEXT;",
        "ALTER TABLE people ADD COLUMN note TEXT NOT NULL DEFAULT '';",
        "CREATE TABLE notes (a INTEGER NOT NULL UNIQUE); CREATE UNIQUE INDEX n ON notes (a); \
         INSERT INTO notes (a) SELECT 1;",
        "create index people_by_note on people (region);",
        "ALTER TABLE records ALTER COLUMN sealed SET STORAGE EXTERNAL;",
    ];
    for text in good {
        assert_eq!(fault(&file("notes__from_5", text)), None, "{text}");
    }
    let planted = [
        "DROP TABLE answers;",
        "drop index people_to_sweep;",
        "ALTER TABLE people DROP COLUMN adopted;",
        "ALTER TABLE people RENAME COLUMN age TO years;",
        "ALTER TABLE people RENAME TO persons;",
        "ALTER TABLE people ALTER COLUMN age TYPE TEXT;",
        "ALTER TABLE people ALTER COLUMN age SET NOT NULL;",
        "ALTER TABLE people ADD COLUMN note TEXT NOT NULL;",
        "ALTER TABLE people ADD COLUMN note TEXT UNIQUE;",
        "ALTER TABLE people ADD CONSTRAINT grown CHECK (age > 0);",
        "CREATE UNIQUE INDEX one ON people (age);",
        "INSERT INTO people (age) SELECT 1;",
        "UPDATE people SET age = 0;",
        "DELETE FROM people;",
        "CREATE TRIGGER t AFTER INSERT ON people BEGIN SELECT 1; END;",
    ];
    for text in planted {
        assert!(fault(&file("notes__from_5", text)).is_some(), "{text}");
        // It may be done, and then nobody older is served beside it.
        assert_eq!(fault(&file("notes__from_6", text)), None, "{text}");
    }
    for name in ["notes", "notes__from_3", "notes__from_7", "notes__from_x"] {
        assert!(fault(&file(name, "")).is_some(), "{name}");
    }
}

fn applied(list: &[(SchemaVersion, &str)]) -> Vec<Migration> {
    let each = list.iter().map(|(version, name)| format!("V{version}__{name}"));
    each.map(|it| Migration::unapplied(&it, "SELECT 1").unwrap()).collect()
}

#[test]
fn a_program_serves_beside_what_lets_it_in() {
    let found = |list: &[(SchemaVersion, &str)]| {
        let applied = applied(list);
        shut_out(&applied, 4).map(Migration::version)
    };
    assert_eq!(found(&[(3, "a"), (4, "b")]), None);
    assert_eq!(found(&[(4, "b"), (5, "c__from_4")]), None);
    assert_eq!(found(&[(4, "b"), (5, "c__from_3"), (6, "d__from_4")]), None);
    assert_eq!(found(&[(4, "b"), (5, "c")]), Some(5));
    assert_eq!(found(&[(4, "b"), (5, "c__from_5")]), Some(5));
    assert_eq!(found(&[(4, "b"), (5, "c__from_5"), (6, "d__from_4")]), Some(6));
    assert!(all_applied(&applied(&[(1, "a"), (2, "b")]), &applied(&[(2, "b")])));
    assert!(!all_applied(&applied(&[(1, "a")]), &applied(&[(1, "a"), (2, "b")])));
}
