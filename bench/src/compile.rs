//! Compiling a policy in one process, and `kept check` from the shell beside Cedar's validator on a
//! policy of the same size.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::gdpr::watch::Times;
use crate::measure::now;
use crate::probe::{root, said};
use crate::report::{Report, store};
use crate::seed::starter;

/// Milliseconds for the starter policy.
const COMPILE_MAX: f64 = 20.0;

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "compile: the starter policy")?;
    let rounds = if call.short { 5 } else { 101 };
    let folder = starter()?;
    let mut compiling = Times::default();
    for _ in 0..rounds {
        let begun = now();
        let policy = policy::compile(&folder).map_err(|it| it.render(false))?;
        std::hint::black_box(&policy);
        compiling.push(begun.elapsed());
    }
    let bytes: usize = folder.files.values().map(String::len).sum();
    let declared = declared(&folder);
    let dir = tempfile::tempdir().map_err(said)?;
    let text = dir.path().join("policy.cedar");
    let cedar = like(declared)?;
    store(&text, &cedar)?;
    let program = crate::kept::program()?;
    let here = std::env::current_exe().map_err(said)?;
    let (mut ours, mut theirs) = (Times::default(), Times::default());
    for _ in 0..rounds {
        ours.push(shell(Command::new(&program).arg("check").arg(root().join("policy")))?);
        theirs.push(shell(Command::new(&here).args(["peer", "cedar"]).arg(&text))?);
    }
    report.say("");
    report.say(format!(
        "The starter policy, {bytes} bytes in two languages, of which {declared} are declarations. From \
         the shell: `kept check` on its folder, a process each time, beside a process of this program \
         that reads {} bytes of Cedar policies, parses and validates them strictly against a schema \
         with `cedar-policy`, as `cedar validate` does. {rounds} rounds in turn, medians. Ours also \
         reads the prose, both languages, and says how many promises are enforced.",
        cedar.len()
    ));
    let (inside, kept, peer) = (compiling.within(500), ours.within(500), theirs.within(500));
    let row = |name: &str, it: f64| vec![name.to_owned(), format!("{it:.2}")];
    let rows = [
        row("compile in one process", inside),
        row("`kept check`", kept),
        row("Cedar's validator", peer),
    ];
    report.table(&["what", "ms, median"], &rows);
    report.goal("compiled within 20 ms", &format!("{inside:.2} ms"), inside <= COMPILE_MAX);
    let found = format!("{:.2} times", kept / peer);
    report.goal("`kept check` no slower than Cedar's validator", &found, kept <= peer);
    let bar = |label: &str, value: f64, ours: bool| Bar {
        label: label.to_owned(),
        value,
        note: format!("{value:.1} ms"),
        ours,
    };
    let drawn = [bar("kept check", kept, true), bar("Cedar's validator", peer, false)];
    let axis = "milliseconds from the shell; less is better";
    report.chart("compile", &Chart { title: "Checking a policy", axis, bars: &drawn })?;
    report.end()
}

fn shell(command: &mut Command) -> Result<std::time::Duration, String> {
    let begun = now();
    let command = command.stdin(Stdio::null()).stdout(Stdio::null());
    let ended = command.status().map_err(said)?;
    let took = begun.elapsed();
    if ended.success() { Ok(took) } else { Err(format!("{command:?} ended {ended}")) }
}

/// Bytes of the declarations of the main file, without the prose.
fn declared(folder: &policy::Folder) -> usize {
    let text = folder.files.get("policy.md").map_or("", String::as_str);
    let blocks = text.split("```kept\n").skip(1);
    blocks.filter_map(|it| it.split_once("```")).map(|(it, _)| it.len()).sum()
}

const SCHEMA: &str = "
    entity Purpose;
    entity Person { given: Set<Purpose>, region: String, age: Long };
    entity Category { purposes: Set<Purpose>, sensitive: Bool };
    action use, collect, share appliesTo {
        principal: Purpose, resource: Category,
        context: { person: Person, from: String } };
";

/// Policies of Cedar, so many bytes of them, each of the kind that a purpose of ours would be.
fn like(bytes: usize) -> Result<String, String> {
    let mut text = String::new();
    for number in 0.. {
        if text.len() >= bytes {
            break;
        }
        write!(
            text,
            "@id(\"purpose-{number}\")\npermit (principal == Purpose::\"p{number}\", \
             action == Action::\"use\", resource)\nwhen {{ resource.purposes.contains(principal) && \
             context.person.given.contains(principal) }}\nunless {{ context.person.age < 18 && \
             resource.sensitive || context.person.region != \"cn\" }};\n\n"
        )
        .map_err(said)?;
    }
    Ok(text)
}

/// The peer: reads, parses, validates.
pub(crate) fn peer(path: &str) -> Done {
    let text = std::fs::read_to_string(path).map_err(said)?;
    let policies: PolicySet = text.parse().map_err(said)?;
    let (schema, _) = Schema::from_cedarschema_str(SCHEMA).map_err(said)?;
    let found = Validator::new(schema).validate(&policies, ValidationMode::Strict);
    let faults: Vec<String> = found.validation_errors().map(said).collect();
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}
