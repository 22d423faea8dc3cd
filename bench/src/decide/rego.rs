//! `regorus`: a policy in Rego, compiled to its bytecode. The input of each question is made before
//! the watch starts; handing it over is a count of references.
//!
//! The categories are compared as sets. `every it in input.categories { cell.uses[it] }` says the same,
//! but the bytecode of 0.14.1 takes the inner `it` for a new name and is content when any category is
//! used; its interpreter is not. Of the ten forms tried that answer right, this was the fastest.

use std::collections::{BTreeMap, BTreeSet};

use decide::{Act, Facts, Purpose, Set};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};
use serde_json::{Map, json};

use super::table::{Table, state};
use super::{Input, Question};

const POLICY: &str = r#"
package kept

cell := data.cells[input.purpose][input.person.region]

default allow := false

allow if {
    cell.states[input.person.state]
    input.categories - cell.uses == set()
    not no
    not untold
}

no if {
    cell.moves
    refused
}

refused if { cell.asks; not input.person.given[input.purpose] }
refused if input.person.refused[input.purpose]
refused if input.person.objected[input.purpose]
refused if { input.person.gpc; cell.gpc == "refuse" }
refused if { input.person.gpc; cell.gpc == "ask"; not input.person.given[input.purpose] }
refused if { input.person.dnt; cell.dnt == "refuse" }
refused if { input.person.dnt; cell.dnt == "ask"; not input.person.given[input.purpose] }

untold if {
    input.person.adopted < cell.newest
    input.categories & cell.newer != set()
}
"#;
const ENTRY: &str = "data.kept.allow";

pub(super) struct Rego {
    machine: RegoVM,
    inputs: Vec<Value>,
}

impl Rego {
    pub(super) fn new(
        input: &Input,
        tables: &[Table],
        sample: &[Question],
    ) -> Result<Self, String> {
        let mut engine = Engine::new();
        engine.add_policy("kept.rego".to_owned(), POLICY.to_owned()).map_err(said)?;
        let entry: Rc<str> = ENTRY.into();
        let compiled = engine.compile_with_entrypoint(&entry).map_err(said)?;
        let program = Compiler::compile_from_policy(&compiled, &[ENTRY]).map_err(said)?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine.set_data(value(&data(tables))?).map_err(said)?;
        let inputs: Result<_, _> = sample.iter().map(|it| value(&question(input, it))).collect();
        Ok(Self { machine, inputs: inputs? })
    }

    pub(super) fn permits(&mut self, at: usize) -> Result<bool, String> {
        let input = self.inputs.get(at).cloned().unwrap_or(Value::Undefined);
        self.machine.set_input(input);
        let answer = self.machine.execute().map_err(said)?;
        Ok(std::hint::black_box(answer) == Value::Bool(true))
    }

    pub(super) fn round(&mut self) -> usize {
        (0..self.inputs.len()).filter(|at| self.permits(*at).unwrap_or(false)).count()
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// As Rego sees it. Every list of ours is a set, for which JSON has no word.
fn value(json: &serde_json::Value) -> Result<Value, String> {
    use serde_json::Value::{Array, Object};
    match json {
        Array(items) => Ok(items.iter().map(value).collect::<Result<BTreeSet<_>, _>>()?.into()),
        Object(fields) => {
            let field = |(name, it): (&String, &_)| Ok((name.as_str().into(), value(it)?));
            Ok(fields.iter().map(field).collect::<Result<BTreeMap<Value, Value>, String>>()?.into())
        }
        plain => Value::from_json_str(&plain.to_string()).map_err(said),
    }
}

/// What is asked for one name only, as Rego finds it fastest: an object with `true` at each name.
fn lookup<'a>(names: impl IntoIterator<Item = &'a str>) -> serde_json::Value {
    names.into_iter().map(|it| (it.to_owned(), json!(true))).collect::<Map<_, _>>().into()
}

fn data(tables: &[Table]) -> serde_json::Value {
    let mut cells: Map<String, serde_json::Value> = Map::new();
    for table in tables {
        let cell = json!({
            "uses": table.uses, "newer": table.newer, "newest": table.newest,
            "states": lookup(table.states.iter().map(String::as_str)),
            "moves": table.moves, "asks": table.asks, "gpc": table.gpc, "dnt": table.dnt,
        });
        let regions = cells.entry(table.purpose.clone()).or_insert_with(|| json!({}));
        if let Some(regions) = regions.as_object_mut() {
            regions.insert(table.region.clone(), cell);
        }
    }
    json!({ "cells": cells })
}

fn question(input: &Input, question: &Question) -> serde_json::Value {
    let names = &input.names;
    let purpose = match question.request.act {
        Act::Use { purpose } => names.purpose_id(purpose),
        _ => "",
    };
    let categories: Vec<&str> =
        question.request.categories.iter().map(|it| names.category_id(it)).collect();
    let person = input.people.get(question.person).map(|it| person(input, it));
    json!({ "purpose": purpose, "categories": categories, "person": person })
}

fn person(input: &Input, facts: &Facts) -> serde_json::Value {
    let purposes = |set: Set<Purpose>| lookup(set.iter().map(|it| input.names.purpose_id(it)));
    json!({
        "region": input.names.region_id(facts.region), "state": state(facts.age, facts.account),
        "given": purposes(facts.given), "refused": purposes(facts.refused),
        "objected": purposes(facts.objected), "gpc": facts.signals.gpc(),
        "dnt": facts.signals.dnt(), "adopted": facts.adopted,
    })
}
