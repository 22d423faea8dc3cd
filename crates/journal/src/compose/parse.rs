//! A record that was kept as text, as all were before they were packed.

use std::borrow::Cow;

use decide::id::RecordId;
use decide::set::Interned;
use decide::{
    Account, Act, Age, Category, Dues, Facts, Form, Ground, PersonId, Purpose, Reason, Region,
    Right, Set, Signals, Timestamp, Vocabulary,
};
use serde_json::Value;

use super::code::NO_REGION;
use super::{Finding, Record, RefusedPart, VERSION};
use crate::asker::AskerKind;

/// Reads the text of a record; `None` for what is not one, or has names that nobody declared.
pub(super) fn parse<'a>(kept: &'a [u8], names: &Vocabulary) -> Option<Record<'a>> {
    let text: Value = serde_json::from_slice(kept).ok()?;
    if text.get("v")?.as_u64()? != u64::from(VERSION) {
        return None;
    }
    let mut findings = vec![finding(&text, names)?];
    for further in text.get("also").and_then(Value::as_array).into_iter().flatten() {
        findings.push(finding(further, names)?);
    }
    let asker = text.get("asker")?;
    let note = text.get("note").filter(|it| !it.is_null());
    Some(Record {
        id: RecordId::parse(word(&text, "id")?)?,
        person: PersonId::parse(word(&text, "person")?)?,
        at: Timestamp::from_millis(text.get("at")?.as_i64()?),
        asker: AskerKind::from_word(word(asker, "kind")?)?,
        name: owned(word(asker, "name")?),
        policy: small(&text, "policy")?,
        facts: facts(text.get("facts")?, names)?,
        findings,
        note: note.map(|it| Cow::Owned(it.to_string())),
        kept: Some(kept),
    })
}

fn owned<'a>(text: &str) -> Cow<'a, str> {
    Cow::Owned(text.to_owned())
}

fn word<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    value.get(name)?.as_str()
}

fn small(value: &Value, name: &str) -> Option<u32> {
    u32::try_from(value.get(name)?.as_u64()?).ok()
}

/// Every one of a list, or nothing.
fn each<T>(value: &Value, name: &str, one: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value.get(name)?.as_array()?.iter().map(|it| one(it.as_str()?)).collect()
}

fn set<T: Interned>(value: &Value, name: &str, one: impl Fn(&str) -> Option<T>) -> Option<Set<T>> {
    // What had no name when it was written took no part in the decision.
    let named = value.get(name)?.as_array()?.iter().filter(|it| it.as_str() != Some(""));
    named.map(|it| one(it.as_str()?)).collect()
}

fn categories(value: &Value, names: &Vocabulary) -> Option<Set<Category>> {
    set(value, "categories", |it| names.category(it))
}

fn finding<'a>(value: &Value, names: &Vocabulary) -> Option<Finding<'a>> {
    let refused = value.get("refused")?.as_array()?.iter().map(|it| {
        Some(RefusedPart {
            categories: categories(it, names)?,
            reason: Reason::from_word(word(it, "reason")?)?,
            clause: owned(word(it, "clause")?),
        })
    });
    let permitted = match word(value, "answer")? {
        "permit" | "part" => Some(categories(value, names)?),
        "refuse" => None,
        _ => return None,
    };
    Some(Finding {
        act: act(value, names)?,
        permitted,
        refused: refused.collect::<Option<_>>()?,
        clauses: each(value, "clauses", |it| Some(owned(it)))?,
    })
}

fn act(value: &Value, names: &Vocabulary) -> Option<Act> {
    let purpose = || names.purpose(word(value, "purpose")?);
    let act = value.get("act")?;
    let recipient = || names.recipient(word(act, "recipient")?);
    Some(match word(act, "do")? {
        "collect" => {
            Act::Collect { purpose: purpose()?, source: names.source(word(act, "source")?)? }
        }
        "use" => Act::Use { purpose: purpose()? },
        "share" => Act::Share {
            purpose: purpose()?,
            recipient: recipient()?,
            form: Form::from_word(word(act, "form")?)?,
            agreed: act.get("agreed")?.as_bool()?,
        },
        "transfer" => Act::Transfer {
            purpose: purpose()?,
            recipient: recipient()?,
            to: names.region(word(act, "to")?)?,
        },
        "disclose" => Act::Disclose {
            ground: Ground::from_word(word(act, "ground")?)?,
            evidenced: act.get("evidenced")?.as_bool()?,
            approvers: u8::try_from(act.get("approvers")?.as_u64()?).ok()?,
        },
        "publish" => Act::Publish { purpose: purpose()?, recipient: recipient()? },
        "exercise" => Act::Exercise { right: Right::from_word(word(act, "right")?)? },
        _ => return None,
    })
}

fn facts(value: &Value, names: &Vocabulary) -> Option<Facts> {
    let purposes =
        |name: &str| -> Option<Set<Purpose>> { set(value, name, |it| names.purpose(it)) };
    let signal = |name: &str| value.get(name)?.as_bool();
    let region = match word(value, "region")? {
        "" => Region::at(NO_REGION),
        name => names.region(name)?,
    };
    let account = Account::from_word(word(value, "account")?)?;
    let mut facts = Facts::new(region, account, small(value, "adopted")?);
    facts.age = Age::from_word(word(value, "age")?)?;
    facts.given = purposes("given")?;
    facts.refused = purposes("refused")?;
    facts.objected = purposes("objected")?;
    facts.shares = set(value, "shares", |it| names.share(it))?;
    facts.transfers = set(value, "transfers", |it| names.transfer(it))?;
    facts.signals = Signals::new(signal("gpc")?, signal("dnt")?);
    let dues =
        value.get("due")?.as_object()?.iter().map(|(name, due)| {
            Some((names.category(name)?, Timestamp::from_millis(due.as_i64()?)))
        });
    let held = match value.get("held") {
        None => Set::EMPTY,
        Some(_) => set(value, "held", |it| names.category(it))?,
    };
    facts.dues = Dues::new(dues.collect::<Option<_>>()?).holding(held);
    Some(facts)
}
