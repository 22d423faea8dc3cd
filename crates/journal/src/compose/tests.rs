use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use decide::set::Interned as _;
use decide::spec::*;
use decide::*;

use super::*;
use crate::asker::AskerKind;
use crate::log::entry;
use crate::owed::Part;

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

fn vector(n: usize) -> &'static str {
    FORMAT.split("```json\n").nth(n).unwrap().split("\n```").next().unwrap()
}

#[test]
fn a_record_is_the_bytes_of_the_vector() {
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
        also: Vec::new(),
        now: T0,
        rules,
    };
    let asker = Asker::new(AskerKind::App, "key-1");
    let id = RecordId::new(cn, bits | 1);
    let told = Told { id, verdict: &verdict, asker: &asker, facts: &facts, note: &Value::Null };
    let record = compose(&told);
    assert_eq!(String::from_utf8(record.clone()).unwrap(), vector(1));
    let also = vec![Part::of(&permit)];
    let verdict = Verdict { also, ..verdict.clone() };
    let several = compose(&Told { verdict: &verdict, ..told });
    assert_eq!(String::from_utf8(several).unwrap(), vector(2));
    let blind: [u8; 32] = std::array::from_fn(|it| u8::try_from(it).unwrap());
    let hex: Vec<String> = entry(&record, &blind).0.iter().map(|it| format!("{it:02x}")).collect();
    let hex = hex.concat();
    assert!(FORMAT.contains(&format!("its entry is `{hex}`")));
}
