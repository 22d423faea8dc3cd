//! `cedar-policy`: three policies over entities. A person is an entity; so is each purpose in each
//! region, and the caller names the one that concerns the person. Requests and contexts are made
//! before the watch starts.

use std::collections::BTreeMap;

use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use decide::{Act, Facts, Purpose, Set};
use serde_json::{Value, json};

use super::table::{Table, state};
use super::{Input, Question};

const POLICIES: &str = r#"
permit(principal, action == Action::"use", resource) when {
    resource.states.contains(principal.state) &&
    resource.uses.containsAll(context.categories) &&
    (!resource.asks || principal.given.contains(resource.purpose))
};
forbid(principal, action == Action::"use", resource) when {
    resource.moves && (
        principal.refused.contains(resource.purpose) ||
        principal.objected.contains(resource.purpose) ||
        (principal.gpc && (resource.gpc == "refuse" ||
            (resource.gpc == "ask" && !principal.given.contains(resource.purpose)))) ||
        (principal.dnt && (resource.dnt == "refuse" ||
            (resource.dnt == "ask" && !principal.given.contains(resource.purpose))))
    )
};
forbid(principal, action == Action::"use", resource) when {
    principal.adopted < resource.newest && resource.newer.containsAny(context.categories)
};
"#;

pub(super) struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    requests: Vec<Request>,
}

impl Cedar {
    pub(super) fn new(
        input: &Input,
        tables: &[Table],
        sample: &[Question],
    ) -> Result<Self, String> {
        let mut entities: BTreeMap<String, Value> = BTreeMap::new();
        for table in tables {
            let id = format!("{}@{}", table.purpose, table.region);
            entities.insert(format!("Cell {id}"), cell(&id, table));
        }
        let mut requests = Vec::with_capacity(sample.len());
        for question in sample {
            let Some(facts) = input.people.get(question.person) else { continue };
            let id = question.person.to_string();
            entities.entry(format!("Person {id}")).or_insert_with(|| person(input, &id, facts));
            requests.push(request(input, question, facts)?);
        }
        let entities: Vec<Value> = entities.into_values().collect();
        Ok(Self {
            authorizer: Authorizer::new(),
            policies: POLICIES.parse().map_err(said)?,
            entities: Entities::from_json_value(Value::Array(entities), None).map_err(said)?,
            requests,
        })
    }

    pub(super) fn permits(&self, at: usize) -> bool {
        self.requests.get(at).is_some_and(|it| self.allows(it))
    }

    pub(super) fn round(&self) -> usize {
        self.requests.iter().filter(|it| self.allows(it)).count()
    }

    fn allows(&self, request: &Request) -> bool {
        let answer = self.authorizer.is_authorized(request, &self.policies, &self.entities);
        std::hint::black_box(answer).decision() == Decision::Allow
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn cell(id: &str, table: &Table) -> Value {
    json!({
        "uid": { "type": "Cell", "id": id },
        "attrs": {
            "purpose": table.purpose, "uses": table.uses, "states": table.states,
            "moves": table.moves, "asks": table.asks, "gpc": table.gpc, "dnt": table.dnt,
            "newest": table.newest, "newer": table.newer,
        },
        "parents": [],
    })
}

fn person(input: &Input, id: &str, facts: &Facts) -> Value {
    let purposes = |set: Set<Purpose>| -> Vec<&str> {
        set.iter().map(|it| input.names.purpose_id(it)).collect()
    };
    json!({
        "uid": { "type": "Person", "id": id },
        "attrs": {
            "given": purposes(facts.given), "refused": purposes(facts.refused),
            "objected": purposes(facts.objected), "state": state(facts.age, facts.account),
            "gpc": facts.signals.gpc(), "dnt": facts.signals.dnt(), "adopted": facts.adopted,
        },
        "parents": [],
    })
}

fn request(input: &Input, question: &Question, facts: &Facts) -> Result<Request, String> {
    let Act::Use { purpose } = question.request.act else { return Err("only uses".to_owned()) };
    let uid = |kind: &str, id: &str| -> Result<EntityUid, String> {
        format!("{kind}::\"{id}\"").parse().map_err(said)
    };
    let cell =
        format!("{}@{}", input.names.purpose_id(purpose), input.names.region_id(facts.region));
    let categories: Vec<&str> =
        question.request.categories.iter().map(|it| input.names.category_id(it)).collect();
    let context =
        Context::from_json_value(json!({ "categories": categories }), None).map_err(said)?;
    let person = uid("Person", &question.person.to_string())?;
    Request::new(person, uid("Action", "use")?, uid("Cell", &cell)?, context, None).map_err(said)
}
