//! One decision, beside two policy engines and a bare look-up.

use decide::{Facts, Request, Ruleset, Vocabulary};

use crate::call::{Call, Done};
use crate::measure::{Side, Taken, count, interleaved};

mod bare;
mod cedar;
mod kept;
mod people;
mod policy;
mod rego;
mod table;

/// Rounds of each side.
const ROUNDS: usize = 21;
/// Decisions a round of ours and of the bare look-up.
const DECISIONS: usize = 1_000_000;
/// The first of the same questions, as many as a slow engine gets in a round.
const SAMPLE: usize = 20_000;

/// Goals: nanoseconds, times the fastest engine, times the bare look-up.
const NANOS_MOST: f64 = 60.0;
const ENGINES_LEAST: f64 = 90.0;
const BARE_MOST: f64 = 4.0;

/// Who is asked about, and what.
pub(crate) struct Question {
    pub(crate) person: usize,
    pub(crate) request: Request,
}

/// What every side gets.
pub(crate) struct Input {
    pub(crate) rules: Ruleset,
    pub(crate) names: Vocabulary,
    pub(crate) people: Vec<Facts>,
    pub(crate) questions: Vec<Question>,
}

/// About whom, and how much of it is permitted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    /// What the goals are set for.
    Usual,
    /// With a thousand people.
    Few,
    /// With most questions refused, in whole or in part.
    Strict,
}

/// `decide`, `decide few`, `decide strict`.
///
/// # Errors
/// As `run` says, or when there is no such case.
pub(crate) fn bench(call: &Call) -> Done {
    match call.rest().as_slice() {
        [] => run(Case::Usual),
        ["few"] => run(Case::Few),
        ["strict"] => run(Case::Strict),
        other => Err(format!("write `few`, `strict` or nothing, not `{}`", other.join(" "))),
    }
}

/// Measures and prints.
///
/// # Errors
/// When two sides give different answers, or a goal of the usual case is missed.
fn run(case: Case) -> Result<(), String> {
    let mix = match case {
        Case::Usual => people::USUAL,
        Case::Few => people::FEW,
        Case::Strict => people::STRICT,
    };
    let spec = policy::spec();
    let names = Vocabulary::default().with(&spec).map_err(|it| format!("{it:?}"))?;
    let rules = Ruleset::new(&spec, &names).map_err(|it| format!("{it:?}"))?;
    let (people, questions) = people::people(&spec, &names, &mix, DECISIONS);
    let input = Input { rules, names, people, questions };
    let tables = table::tables(&spec);
    let sample = input.questions.get(..SAMPLE).unwrap_or(&input.questions);
    let cedar = cedar::Cedar::new(&input, &tables, sample)?;
    let mut rego = rego::Rego::new(&input, &tables, sample)?;
    let permits = same_answers(&input, sample, &cedar, &mut rego)?;
    println!("{} people, 25 purposes, 16 categories, 4 regions", mix.people);
    println!("{permits} of {SAMPLE} questions permitted in full; all sides answer alike\n");
    let mut sides = [
        Side {
            name: "kept",
            decisions: input.questions.len(),
            round: Box::new(|| kept::round(&input)),
        },
        Side {
            name: "bare bit-set look-up",
            decisions: input.questions.len(),
            round: Box::new(|| bare::round(&input)),
        },
        Side { name: "cedar-policy", decisions: SAMPLE, round: Box::new(|| cedar.round()) },
        Side { name: "regorus, bytecode", decisions: SAMPLE, round: Box::new(|| rego.round()) },
    ];
    let taken = interleaved(&mut sides, ROUNDS)?;
    table(&taken);
    if case == Case::Usual { goals(&taken) } else { Ok(()) }
}

/// How many of the sample are permitted in full, when all sides say so.
fn same_answers(
    input: &Input,
    sample: &[Question],
    cedar: &cedar::Cedar,
    rego: &mut rego::Rego,
) -> Result<usize, String> {
    let mut permits = 0;
    for (at, question) in sample.iter().enumerate() {
        let ours = kept::permits(input, question);
        for (name, theirs) in [("cedar-policy", cedar.permits(at)), ("regorus", rego.permits(at)?)]
        {
            if ours != theirs {
                let facts = input.people.get(question.person);
                return Err(format!(
                    "{name} says {theirs}, ours {ours}: {:?} of {facts:?}",
                    question.request
                ));
            }
        }
        permits += usize::from(ours);
    }
    Ok(permits)
}

fn table(taken: &[Taken]) {
    let Some(ours) = taken.first() else { return };
    println!("Nanoseconds a decision, of {ROUNDS} rounds in turn\n");
    println!("| side | median | fastest | slowest | times ours | on a core | times ours |");
    println!("|---|---:|---:|---:|---:|---:|---:|");
    for it in taken {
        println!(
            "| {} | {:.1} | {:.1} | {:.1} | {:.2} | {:.1} | {:.2} |",
            it.name,
            it.median,
            it.least,
            it.most,
            it.median / ours.median,
            it.on_core,
            it.on_core / ours.on_core
        );
    }
    println!("\n{SAMPLE} questions a round for the engines, {} for the others", count(DECISIONS));
}

fn goals(taken: &[Taken]) -> Result<(), String> {
    let [ours, bare, engines @ ..] = taken else { return Err("nothing was measured".to_owned()) };
    let fastest = engines.iter().map(|it| it.median).fold(f64::INFINITY, f64::min);
    let goals = [
        ("at most 60 ns", ours.median, ours.median <= NANOS_MOST),
        (
            "at least 90 times the fastest engine",
            fastest / ours.median,
            fastest / ours.median >= ENGINES_LEAST,
        ),
        (
            "at most 4 times the bare look-up",
            ours.median / bare.median,
            ours.median / bare.median <= BARE_MOST,
        ),
    ];
    let mut missed = false;
    for (goal, value, met) in goals {
        println!("{}: {goal}: {value:.1}", if met { "met" } else { "MISSED" });
        missed |= !met;
    }
    if missed { Err("a goal is missed".to_owned()) } else { Ok(()) }
}
