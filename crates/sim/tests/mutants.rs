//! Deliberate mistakes in the decision, each of which the naive decision must notice.
//!
//! `mutants.txt` lists them: what goes wrong, the file of `decide`, an expression that stands in it
//! once, and what stands there instead. A copy of `decide` gets all of them at once, each behind a
//! number that is chosen when the copy runs: one compilation, and no hook in the product.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "the copy is made of files in the target folder")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// As many as the decision is to be held against, at least.
const MUTANTS_MIN: usize = 30;

struct Mutant {
    wrong: String,
    file: String,
    old: String,
    new: String,
}

fn mutants() -> Vec<Mutant> {
    let text = include_str!("../mutants.txt");
    let blocks = text.split("\n\n").map(str::trim).filter(|it| !it.is_empty());
    let block = |it: &str| {
        let lines: Vec<&str> = it.lines().filter(|it| !it.starts_with('#')).collect();
        let [wrong, file, old, new] = lines[..] else { panic!("four lines a mutant: {it}") };
        let marked = |line: &str, mark: &str| {
            line.strip_prefix(mark).unwrap_or_else(|| panic!("begin with `{mark}`: {line}")).into()
        };
        Mutant {
            wrong: wrong.into(),
            file: file.trim().into(),
            old: marked(old, "- "),
            new: marked(new, "+ "),
        }
    };
    blocks.filter(|it| !it.starts_with("# ")).map(block).collect()
}

/// Puts every change of one file into its text, behind its number.
fn changed(file: &str, text: &str, mutants: &[(usize, &Mutant)]) -> String {
    let mut places: BTreeMap<usize, (usize, String)> = BTreeMap::new();
    for (number, mutant) in mutants {
        let found: Vec<usize> = text.match_indices(&mutant.old).map(|(at, _)| at).collect();
        let [at] = found[..] else {
            panic!("`{}` stands {} times in {file}, not once", mutant.old, found.len())
        };
        let old = || (mutant.old.len(), mutant.old.clone());
        let place = places.entry(at).or_insert_with(old);
        assert_eq!(place.0, mutant.old.len(), "two changes of different length at {}", mutant.old);
        place.1 = format!("if crate::mutant({number}) {{ {} }} else {{ {} }}", mutant.new, place.1);
    }
    let mut made = String::new();
    let mut done = 0;
    for (at, (length, put)) in places {
        assert!(done <= at, "two changes overlap in {file}: {put}");
        made.push_str(text.get(done..at).unwrap());
        made.push('(');
        made.push_str(&put);
        made.push(')');
        done = at + length;
    }
    made.push_str(text.get(done..).unwrap());
    made
}

fn copy(from: &Path, to: &Path, write: &dyn Fn(&Path, String) -> String) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target, write);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            fs::write(target, write(&path, text)).unwrap();
        }
    }
}

/// The copy with all changes, as a program that takes the number of the one in force.
fn build(mutants: &[Mutant]) -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let decide = here.join("../decide/src");
    let made = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
    if made.exists() {
        fs::remove_dir_all(&made).unwrap();
    }
    copy(&here.join("src"), &made, &|_, text| text);
    let used = std::cell::Cell::new(0);
    copy(&decide, &made, &|path, text| {
        let file = path.strip_prefix(&decide).unwrap().to_string_lossy().replace('\\', "/");
        let of: Vec<(usize, &Mutant)> =
            (1..).zip(mutants).filter(|(_, it)| it.file == file).collect();
        used.set(used.get() + of.len());
        changed(&file, &text, &of)
    });
    assert_eq!(used.get(), mutants.len(), "a mutant names a file that is not there");
    // `lib.rs` of `decide` was copied last: it becomes the root of the program.
    let root = fs::read_to_string(made.join("lib.rs")).unwrap();
    let main = made.join("main.rs");
    fs::write(&main, root + "\n" + include_str!("mutants/checker.rs")).unwrap();
    let program = made.join("checker");
    let status = Command::new("rustc")
        .args(["--edition", "2024", "--cap-lints", "allow", "-C", "debuginfo=0", "-o"])
        .args([&program, &main])
        .status();
    assert!(status.unwrap().success(), "the mutants do not compile");
    program
}

#[test]
fn every_mutant_of_the_decision_is_caught() {
    let mutants = mutants();
    assert!(mutants.len() >= MUTANTS_MIN, "{} mutants", mutants.len());
    let program = build(&mutants);
    let run = |number: usize| {
        Command::new(&program).arg(number.to_string()).output().unwrap().status.code()
    };
    assert_eq!(run(0), Some(0), "the decision as it is must agree with the naive one");
    let missed: Vec<&str> = (1..)
        .zip(&mutants)
        .filter(|(number, _)| run(*number) != Some(1))
        .map(|(_, it)| it.wrong.as_str())
        .collect();
    assert!(missed.is_empty(), "not caught: {missed:#?}");
}
