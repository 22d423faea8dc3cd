//! The text of a record as the first version of this program wrote it, by another way: what ours is
//! held against.

use decide::{Act, Category, Clause, Facts, Purpose, Refused, Ruleset, Set, Vocabulary};
use serde_json::{Map, Value, json};

use crate::compose::Told;
use crate::owed::Verdict;

/// The record's bytes.
pub(super) fn compose(told: &Told<'_>) -> Vec<u8> {
    let Verdict { person, rules, act, permitted, refused, clauses, also, now } = told.verdict;
    let names = rules.vocabulary();
    let mut record = json!({
        "v": 1,
        "id": told.id.to_string(),
        "person": person.to_string(),
        "at": now.millis(),
        "asker": { "kind": told.asker.kind.word(), "name": told.asker.name },
        "policy": rules.version(),
        "facts": facts(names, told.facts),
        "note": told.note,
    });
    if let Some(fields) = record.as_object_mut() {
        fields.extend(judged(rules, (*act, *permitted), refused, clauses));
        // Only there where it says something, so that the record of one request is what it was.
        if !also.is_empty() {
            let also = also.iter();
            let also: Vec<Value> = also
                .map(|it| judged(rules, (it.act, Some(it.permitted)), &it.refused, &it.clauses))
                .map(Value::Object)
                .collect();
            fields.insert("also".to_owned(), also.into());
        }
    }
    record.to_string().into_bytes()
}

/// What was asked, and what was answered.
fn judged(
    rules: &Ruleset,
    (asked, permitted): (Act, Option<Set<Category>>),
    refused: &[Refused],
    clauses: &[Clause],
) -> Map<String, Value> {
    let names = rules.vocabulary();
    let clause = |it: Clause| rules.clause_id(it);
    let answer = match permitted {
        Some(_) if refused.is_empty() => "permit",
        Some(_) => "part",
        None => "refuse",
    };
    let refused: Vec<Value> = refused
        .iter()
        .map(|it| {
            json!({
                "categories": categories(names, it.categories),
                "reason": it.reason.word(),
                "clause": clause(it.clause),
            })
        })
        .collect();
    let clauses: Vec<&str> = clauses.iter().map(|it| clause(*it)).collect();
    let permitted = categories(names, permitted.unwrap_or_default());
    Map::from_iter([
        ("act".to_owned(), act(names, asked)),
        ("purpose".to_owned(), json!(purpose(asked).map(|it| names.purpose_id(it)))),
        ("categories".to_owned(), json!(permitted)),
        ("answer".to_owned(), answer.into()),
        ("refused".to_owned(), refused.into()),
        ("clauses".to_owned(), json!(clauses)),
    ])
}

fn categories(names: &Vocabulary, set: Set<Category>) -> Vec<&str> {
    set.iter().map(|it| names.category_id(it)).collect()
}

fn purpose(act: Act) -> Option<Purpose> {
    match act {
        Act::Collect { purpose, .. }
        | Act::Use { purpose }
        | Act::Share { purpose, .. }
        | Act::Transfer { purpose, .. }
        | Act::Publish { purpose, .. } => Some(purpose),
        Act::Disclose { .. } | Act::Exercise { .. } => None,
    }
}

fn act(names: &Vocabulary, act: Act) -> Value {
    match act {
        Act::Collect { source, .. } => {
            json!({ "do": "collect", "source": names.source_id(source) })
        }
        Act::Use { .. } => json!({ "do": "use" }),
        Act::Share { recipient, form, agreed, .. } => json!({
            "do": "share",
            "recipient": names.recipient_id(recipient),
            "form": form.word(),
            "agreed": agreed,
        }),
        Act::Transfer { recipient, to, .. } => json!({
            "do": "transfer",
            "recipient": names.recipient_id(recipient),
            "to": names.region_id(to),
        }),
        Act::Disclose { ground, evidenced, approvers } => json!({
            "do": "disclose",
            "ground": ground.word(),
            "evidenced": evidenced,
            "approvers": approvers,
        }),
        Act::Publish { recipient, .. } => {
            json!({ "do": "publish", "recipient": names.recipient_id(recipient) })
        }
        Act::Exercise { right } => json!({ "do": "exercise", "right": right.word() }),
    }
}

/// What the decision saw, whole, so that it can be made again.
fn facts(names: &Vocabulary, facts: &Facts) -> Value {
    let purposes =
        |set: Set<Purpose>| set.iter().map(|it| names.purpose_id(it)).collect::<Vec<_>>();
    let dues: Map<String, Value> = facts
        .dues
        .iter()
        .map(|(category, due)| (names.category_id(category).to_owned(), json!(due.millis())))
        .collect();
    let mut seen = json!({
        "region": names.region_id(facts.region),
        "age": facts.age.word(),
        "account": facts.account.word(),
        "adopted": facts.adopted,
        "given": purposes(facts.given),
        "refused": purposes(facts.refused),
        "objected": purposes(facts.objected),
        "shares": facts.shares.iter().map(|it| names.share_id(it)).collect::<Vec<_>>(),
        "transfers": facts.transfers.iter().map(|it| names.transfer_id(it)).collect::<Vec<_>>(),
        "gpc": facts.signals.gpc(),
        "dnt": facts.signals.dnt(),
        "due": dues,
    });
    if let Some(fields) = seen.as_object_mut().filter(|_| !facts.dues.held().is_empty()) {
        let held = facts.dues.held();
        let held = held.iter().map(|it| names.category_id(it)).collect::<Vec<_>>();
        fields.insert("held".to_owned(), json!(held));
    }
    seen
}
