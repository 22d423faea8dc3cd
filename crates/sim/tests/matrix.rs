//! The matrix: purpose × category × consent × age × region → answer, over the starter policy, as one
//! text that people review. `KEPT_BLESS=1` writes it anew.
#![cfg(test)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use decide::{
    Account, Act, Age, Category, Facts, Purpose, Region, Request, Ruleset, Set, Signals, Timestamp,
    Vocabulary, decide,
};

#[path = "../../policy/tests/support/folders.rs"]
mod folders;

/// What the person, or the browser, said: a yes, a no, an objection, GPC, DNT.
const SAID: &[(&str, [bool; 5])] = &[
    ("nothing", [false, false, false, false, false]),
    ("yes", [true, false, false, false, false]),
    ("no", [false, true, false, false, false]),
    ("yes+no", [true, true, false, false, false]),
    ("objection", [false, false, true, false, false]),
    ("yes+objection", [true, false, true, false, false]),
    ("gpc", [false, false, false, true, false]),
    ("yes+gpc", [true, false, false, true, false]),
    ("dnt", [false, false, false, false, true]),
    ("yes+dnt", [true, false, false, false, true]),
];

const HEAD: &str = "\
The matrix: what the starter policy answers to the use of one category of an active person.

Written by the test `matrix` of `sim` (KEPT_BLESS=1 writes it anew) and read by people: a changed line
is a changed promise. A table holds for the categories and the regions above it. Its rows are what was
said: a yes, a no, an objection, the signals GPC and DNT; its columns are ages. `yes` is a permit, any
other word is the reason of the refusal. `the rest` are all other categories of the policy: refused
with the reason of the table, and as `undeclared` where the table says yes. Rows, columns and regions
that say the same stand together.
";

/// One answer for each thing said and age, in the order of `SAID` and `Age::ALL`.
type Table = Vec<Vec<&'static str>>;

fn starter() -> (Ruleset, Vocabulary, policy::Policy) {
    let policy = policy::compile(&folders::starter()).unwrap();
    let names = Vocabulary::default().with(&policy.spec).unwrap();
    (Ruleset::new(&policy.spec, &names).unwrap(), names, policy)
}

fn table(rules: &Ruleset, purpose: Purpose, category: Category, region: Region) -> Table {
    let said = |(_, [yes, no, objection, gpc, dnt]): &(&str, [bool; 5])| {
        let of = |it: &bool| if *it { Set::of(purpose) } else { Set::EMPTY };
        let mut facts = Facts::new(region, Account::Active, rules.version());
        (facts.given, facts.refused, facts.objected) = (of(yes), of(no), of(objection));
        facts.signals = Signals::new(*gpc, *dnt);
        let at = |age: &Age| {
            let facts = Facts { age: *age, ..facts.clone() };
            let request = Request { act: Act::Use { purpose }, categories: Set::of(category) };
            match decide(rules, &facts, &request, Timestamp::from_millis(0)) {
                Ok(_) => "yes",
                Err(refusal) => refusal.reason().word(),
            }
        };
        Age::ALL.iter().map(at).collect()
    };
    SAID.iter().map(said).collect()
}

/// The table of a category that the purpose does not use.
fn without(table: &Table) -> Table {
    let of = |it: &&'static str| if *it == "yes" { "undeclared" } else { *it };
    table.iter().map(|row| row.iter().map(of).collect()).collect()
}

/// Things that are alike, in the order of the first of each kind.
fn groups<T: Clone, K: PartialEq>(things: &[T], key: impl Fn(&T) -> K) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for thing in things {
        let key = key(thing);
        match groups.iter_mut().find(|(it, _)| *it == key) {
            Some((_, group)) => group.push(thing.clone()),
            None => groups.push((key, vec![thing.clone()])),
        }
    }
    groups
}

fn write_table(text: &mut String, table: &Table) {
    let ages: Vec<usize> = (0..Age::ALL.len()).collect();
    let column = |age: &usize| table.iter().map(|row| row[*age]).collect::<Vec<_>>();
    let columns = groups(&ages, column);
    let mut lines: Vec<Vec<String>> = vec![vec![String::new()]];
    for (_, ages) in &columns {
        let words: Vec<&str> = ages.iter().map(|it| Age::ALL[*it].word()).collect();
        let all = ages.len() == Age::ALL.len();
        lines[0].push(if all { "any age".to_owned() } else { words.join(" ") });
    }
    let said: Vec<usize> = (0..SAID.len()).collect();
    for (row, said) in groups(&said, |it| table[*it].clone()) {
        let words: Vec<&str> = said.iter().map(|it| SAID[*it].0).collect();
        let words = if said.len() == SAID.len() { "whatever".to_owned() } else { words.join(" ") };
        let answers = columns.iter().map(|(_, ages)| row[ages[0]].to_owned());
        lines.push(std::iter::once(words).chain(answers).collect());
    }
    let width = |at: usize| lines.iter().map(|it| it[at].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..=columns.len()).map(width).collect();
    for line in &lines {
        let cells = line.iter().zip(&widths).map(|(it, width)| format!("{it:width$}"));
        let line = cells.collect::<Vec<_>>().join(" | ");
        writeln!(text, "    {}", line.trim_end()).unwrap();
    }
}

fn matrix() -> String {
    let (rules, names, policy) = starter();
    let mut text = HEAD.to_owned();
    let categories: Vec<&String> = policy.spec.categories.keys().collect();
    let regions: Vec<&String> = policy.spec.regions.keys().collect();
    writeln!(text, "\ncategories: {}", join(&categories)).unwrap();
    writeln!(text, "regions: {}", join(&regions)).unwrap();
    for (id, purpose) in &policy.spec.purposes {
        writeln!(text, "\n{id}, by the clause {}", purpose.clause).unwrap();
        let of = |region: &str, category: &str| {
            let (region, category) = (names.region(region).unwrap(), names.category(category));
            table(&rules, names.purpose(id).unwrap(), category.unwrap(), region)
        };
        let everywhere =
            |it: &&String| regions.iter().map(|region| of(region, it)).collect::<Vec<_>>();
        let alike = groups(&categories, everywhere);
        // What is the table of another group without its permits needs no table of its own.
        let is_rest = |tables: &Vec<Table>| {
            let bare = |other: &Vec<Table>| other.iter().map(without).collect::<Vec<_>>();
            alike.iter().any(|(other, _)| other != tables && bare(other) == *tables)
        };
        let (rest, tables): (Vec<_>, Vec<_>) = alike.iter().partition(|it| is_rest(&it.0));
        for (_, group) in tables {
            writeln!(text, "  {}", join(group)).unwrap();
            for (table, regions) in groups(&regions, |it| of(it, group[0])) {
                writeln!(text, "   {}", join(&regions)).unwrap();
                write_table(&mut text, &table);
            }
        }
        for (_, group) in rest {
            writeln!(text, "  the rest: {}", join(group)).unwrap();
        }
    }
    text
}

fn join(names: &[&String]) -> String {
    names.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a blessed text is written by the test itself")]
fn the_matrix_is_the_reviewed_one() {
    let found = matrix();
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matrix.txt");
    if std::env::var("KEPT_BLESS").is_ok() {
        fs::write(&path, &found).unwrap();
    }
    let reviewed = fs::read_to_string(&path).unwrap_or_default();
    let differs = found.lines().zip(reviewed.lines()).position(|(found, it)| found != it);
    if let Some(at) = differs {
        let line = |text: &str| text.lines().nth(at).unwrap_or_default().to_owned();
        panic!(
            "line {} of tests/matrix.txt:\n  reviewed: {}\n  found:    {}\nif that is meant, write \
             it anew with KEPT_BLESS=1 and read the difference",
            at + 1,
            line(&reviewed),
            line(&found)
        );
    }
    assert_eq!(found.lines().count(), reviewed.lines().count(), "tests/matrix.txt is cut off");
}
