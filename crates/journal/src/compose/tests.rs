use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decide::set::Interned as _;
use decide::spec::*;
use decide::*;

use serde_json::json;

use super::*;
use crate::log::entry;
use crate::owed::Part;

mod arbitrary;
mod first;

const FORMAT: &str = include_str!("../../../../docs/formats/record.md");
const T0: Timestamp = Timestamp::from_millis(1_790_000_000_000);

fn rules() -> Ruleset {
    let set = |name: &str| BTreeSet::from([name.to_owned()]);
    let mut spec = Spec { version: 1, ..Spec::default() };
    spec.regions.insert("cn".into(), RegionSpec { clause: "reside".into() });
    let category = CategorySpec {
        clause: "collect-registration".into(),
        keep_clause: "retain".into(),
        identifying: true,
        sensitive: false,
        sources: set("registration"),
        required: set("service"),
        lookup: true,
    };
    spec.categories.insert("email".into(), category);
    let source = SourceSpec { clause: "collect-registration".into(), brings: None, purposes: None };
    spec.sources.insert("registration".into(), source);
    let general = PurposeTerms {
        basis: Basis::Contract,
        default: Default::Given,
        minors: Minors::Same,
        gpc: Effect::Ignore,
        dnt: Effect::Ignore,
    };
    let clause = "use-service".into();
    let purpose = PurposeSpec { clause, general, regions: BTreeMap::new(), uses: set("email") };
    spec.purposes.insert("service".into(), purpose);
    let names = Vocabulary::default().with(&spec).unwrap();
    Ruleset::new(&spec, &names).unwrap()
}

/// The nth block of the page in a language.
fn block(language: &str, n: usize) -> &'static str {
    let begin = format!("```{language}\n");
    FORMAT.split(&begin).nth(n).unwrap().split("\n```").next().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|it| [it >> 4, it & 15]);
    digits.map(|it| char::from_digit(it.into(), 16).unwrap()).collect()
}

/// The record of the page: a use, permitted.
fn told<R>(also: bool, note: &Value, then: impl FnOnce(&Told<'_>) -> R) -> R {
    let cn = RegionCode::new("cn").unwrap();
    let bits = 1_790_000_000_000_u128 << 80 | 7 << 76 | 2 << 62;
    let rules = Arc::new(rules());
    let mut facts = Facts::new(Region::at(0), Account::Active, 1);
    facts.age = Age::Adult;
    let act = Act::Use { purpose: Purpose::at(0) };
    let request = Request { act, categories: Set::of(Category::at(0)) };
    let permit = decide(&rules, &facts, &request, T0).unwrap();
    let verdict = Verdict {
        person: PersonId::new(cn, bits | 2),
        act,
        permitted: Some(permit.categories()),
        refused: permit.refused().to_vec(),
        clauses: permit.clauses().collect(),
        also: if also { vec![Part::of(&permit)] } else { Vec::new() },
        now: T0,
        rules,
    };
    let asker = Asker::new(AskerKind::App, "key-1");
    let id = RecordId::new(cn, bits | 1);
    then(&Told { id, verdict: &verdict, asker: &asker, facts: &facts, note })
}

#[test]
fn a_record_is_the_bytes_of_the_vectors() {
    for (also, n) in [(false, 1), (true, 2)] {
        let record = told(also, &Value::Null, |it| compose(it).unwrap());
        let text = record.text.as_slice();
        assert_eq!(String::from_utf8_lossy(text), block("json", n));
        assert_eq!(hex(record.packed.as_slice()), block("hex", n));
        let blind: [u8; 32] = std::array::from_fn(|it| u8::try_from(it).unwrap());
        let entry = hex(&entry(text, &blind).0);
        assert!(also || FORMAT.contains(&format!("its entry is `{entry}`")), "{entry}");
    }
}

#[test]
fn both_forms_of_a_record_read_the_same() {
    let note = json!({ "receipt": { "text": "\"said\"" } });
    told(true, &note, |it| {
        let record = compose(it).unwrap();
        let names = it.verdict.rules.vocabulary();
        let whose = (it.id, it.verdict.person);
        let packed = Record::read(record.packed.as_slice(), whose, names).unwrap();
        let text = Record::read(record.text.as_slice(), whose, names).unwrap();
        assert_eq!(packed, Record { kept: None, ..text.clone() });
        assert_eq!(packed.text(names), text.text(names));
        assert_eq!(packed.note.as_deref(), Some(note.to_string().as_str()));
        assert_eq!((packed.findings.len(), packed.findings[0].answer()), (2, "permit"));
    });
}

#[test]
fn a_record_reads_for_its_own_and_with_its_names_alone() {
    told(false, &Value::Null, |it| {
        let record = compose(it).unwrap();
        let names = it.verdict.rules.vocabulary();
        let (id, person) = (it.id, it.verdict.person);
        let other = PersonId::new(person.region(), 3);
        let text = record.text.as_slice();
        assert!(Record::read(text, (id, other), names).is_err(), "another's");
        let none = Vocabulary::default();
        for kept in [record.packed.as_slice(), text] {
            assert!(Record::read(kept, (id, person), &none).is_err(), "without names");
        }
        for end in 0..record.packed.as_slice().len() {
            let cut = &record.packed.as_slice()[..end];
            assert!(Record::read(cut, (id, person), names).is_err(), "cut off after {end}");
        }
        let more = [record.packed.as_slice(), b"x"].concat();
        assert!(Record::read(&more, (id, person), names).is_err(), "a note that is not announced");
        for bad in FORMAT.split("Bad ones packed").nth(1).unwrap().split('`').skip(1).step_by(2) {
            let pairs = bad.as_bytes().chunks(2).map(|it| std::str::from_utf8(it).unwrap());
            let bad: Vec<u8> = pairs.map(|it| u8::from_str_radix(it, 16).unwrap()).collect();
            assert!(Record::read(&bad, (id, person), names).is_err(), "{bad:02x?}");
        }
    });
}

#[test]
fn a_key_is_named_by_its_bits() {
    let whose = |name: &str| {
        told(false, &Value::Null, |it| {
            let asker = Asker::new(AskerKind::App, name);
            let record = compose(&Told { asker: &asker, ..*it }).unwrap();
            let kept = record.packed.as_slice();
            let read =
                Record::read(kept, (it.id, it.verdict.person), it.verdict.rules.vocabulary());
            (read.unwrap().name.into_owned(), kept.len())
        })
    };
    let (key, short) = whose("key_01a0c4506c0070008000000000000001");
    assert_eq!(key, "key_01a0c4506c0070008000000000000001");
    let (other, long) = whose("key_01A0C4506C0070008000000000000001");
    assert_eq!(other, "key_01A0C4506C0070008000000000000001");
    assert_eq!(long - short, 20);
}

#[test]
fn what_the_rules_have_no_name_for_is_left_out() {
    told(false, &Value::Null, |it| {
        let mut facts = it.facts.clone();
        facts.given = Set::from_bits(0b111);
        facts.shares = Set::from_bits(1);
        facts.region = Region::at(9);
        facts.dues = Dues::new(vec![(Category::at(0), T0), (Category::at(40), T0)]);
        let record = compose(&Told { facts: &facts, ..*it }).unwrap();
        let text: Value = serde_json::from_slice(record.text.as_slice()).unwrap();
        assert_eq!(text["facts"]["given"], json!(["service"]));
        assert_eq!(text["facts"]["shares"], json!([]));
        assert_eq!(text["facts"]["region"], json!(""));
        assert_eq!(text["facts"]["due"], json!({ "email": T0.millis() }));
        let grown = Ruleset::new(&Spec::default(), &{
            let mut names = it.verdict.rules.vocabulary().clone();
            names.add(vocabulary::Kind::Purpose, "another").unwrap();
            names
        });
        let whose = (it.id, it.verdict.person);
        let later = Record::read(record.packed.as_slice(), whose, grown.unwrap().vocabulary());
        assert_eq!(&**later.unwrap().text(it.verdict.rules.vocabulary()), record.text.as_slice());
    });
}
