//! Any record at all comes back, and any bytes at all are read or refused.

use std::sync::LazyLock;

use decide::set::Interned;
use decide::vocabulary::Kind;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const CLAUSES: [&str; 4] = ["reside", "collect-registration", "retain", "use-service"];

/// Rules with every position taken.
fn full() -> Arc<Ruleset> {
    static FULL: LazyLock<Arc<Ruleset>> = LazyLock::new(|| {
        let mut names = rules().vocabulary().clone();
        for kind in Kind::ALL {
            for n in names.names(*kind).len()..kind.most() {
                names.add(*kind, &format!("{}-{}", kind.word(), n * 7 % 64)).unwrap();
            }
        }
        let mut spec = Spec { version: 300, ..Spec::default() };
        let silence = ["collect", "use", "share", "transfer"].iter().zip(CLAUSES);
        spec.silence = silence.map(|(act, id)| ((*act).to_owned(), id.to_owned())).collect();
        Arc::new(Ruleset::new(&spec, &names).unwrap())
    });
    Arc::clone(&FULL)
}

fn at<T: Interned + std::fmt::Debug>(most: u8) -> impl Strategy<Value = T> {
    (0..most).prop_map(T::at)
}

fn set<T>() -> impl Strategy<Value = Set<T>> {
    prop_oneof![Just(0), any::<u64>(), (0..64_u32).prop_map(|it| 1 << it)].prop_map(Set::from_bits)
}

fn an_act() -> impl Strategy<Value = Act> {
    let purpose = || at::<Purpose>(64);
    let recipient = || at::<Recipient>(64);
    prop_oneof![
        (purpose(), at::<Source>(64))
            .prop_map(|(purpose, source)| Act::Collect { purpose, source }),
        purpose().prop_map(|purpose| Act::Use { purpose }),
        (purpose(), recipient(), select(Form::ALL), any::<bool>()).prop_map(
            |(purpose, recipient, form, agreed)| Act::Share { purpose, recipient, form, agreed }
        ),
        (purpose(), recipient(), at::<Region>(16))
            .prop_map(|(purpose, recipient, to)| Act::Transfer { purpose, recipient, to }),
        (select(Ground::ALL), any::<bool>(), any::<u8>()).prop_map(
            |(ground, evidenced, approvers)| Act::Disclose { ground, evidenced, approvers }
        ),
        (purpose(), recipient())
            .prop_map(|(purpose, recipient)| Act::Publish { purpose, recipient }),
        select(Right::ALL).prop_map(|right| Act::Exercise { right }),
    ]
}

fn clause() -> impl Strategy<Value = Clause> {
    select(CLAUSES.as_slice()).prop_map(|it| full().clause(it).unwrap())
}

fn parts() -> impl Strategy<Value = Vec<Refused>> {
    let one = (set(), select(Reason::ALL), clause());
    vec(one.prop_map(|(categories, reason, clause)| Refused { categories, reason, clause }), 0..4)
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let sets = (set(), set(), set(), set(), set());
    let state = (at::<Region>(16), select(Age::ALL), select(Account::ALL), any::<u32>(), set());
    let dues = vec((at::<Category>(64), any::<i64>().prop_map(Timestamp::from_millis)), 0..5);
    (sets, state, dues, any::<(bool, bool)>()).prop_map(|(sets, state, dues, (gpc, dnt))| {
        let mut facts = Facts::new(state.0, state.2, state.3);
        facts.age = state.1;
        (facts.given, facts.refused, facts.objected, facts.shares, facts.transfers) = sets;
        // One instant for each category, in the order of the names.
        let dues: BTreeMap<_, _> = dues.into_iter().collect();
        facts.dues = Dues::new(dues.into_iter().collect()).holding(state.4);
        facts.signals = Signals::new(gpc, dnt);
        facts
    })
}

fn verdict() -> impl Strategy<Value = Verdict> {
    let permitted = proptest::option::of(set());
    let also = (an_act(), set(), parts(), vec(clause(), 0..5));
    let also = also.prop_map(|(act, permitted, refused, clauses)| Part {
        act,
        permitted,
        refused,
        clauses,
    });
    let asked = (an_act(), permitted, parts(), vec(clause(), 0..5), vec(also, 0..3));
    let now = prop_oneof![Just(T0.millis()), any::<i64>()].prop_map(Timestamp::from_millis);
    (asked, now, any::<u128>()).prop_map(|(it, now, bits)| Verdict {
        person: PersonId::new(RegionCode::new("cn").unwrap(), bits),
        rules: full(),
        act: it.0,
        permitted: it.1,
        refused: it.2,
        clauses: it.3,
        also: it.4,
        now,
    })
}

fn an_asker() -> impl Strategy<Value = Asker> {
    let key = any::<u128>().prop_map(|it| format!("key_{it:032x}"));
    let name = prop_oneof![key, ".{0,40}", "key_[0-9a-f]{30,34}"];
    (select(AskerKind::ALL), name).prop_map(|(kind, name)| Asker::new(kind, name))
}

fn a_note() -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(Value::Null),
        1 => any::<bool>().prop_map(|it| json!({ "signed_in": it })),
        1 => (".{0,2000}", any::<i64>()).prop_map(|(text, n)| json!({ "b": [text, n], "a": {} })),
    ]
}

proptest! {
    #[test]
    fn any_record_comes_back_and_says_what_the_first_ones_said(
        verdict in verdict(),
        (asker, facts, note) in (an_asker(), some_facts(), a_note()),
        bits in prop_oneof![Just(1_790_000_000_000_u128 << 80), any::<u128>()],
    ) {
        let id = RecordId::new(verdict.person.region(), bits);
        let told = Told { id, verdict: &verdict, asker: &asker, facts: &facts, note: &note };
        let record = compose(&told).unwrap();
        let (packed, text) = (record.packed.as_slice(), record.text.as_slice());
        prop_assert_eq!(text, first::compose(&told));
        let names = verdict.rules.vocabulary();
        let read = Record::read(packed, (id, verdict.person), names).unwrap();
        prop_assert_eq!(&**read.text(names), text);
        prop_assert_eq!((&read.facts, read.at), (&facts, verdict.now));
        prop_assert_eq!((read.asker, &*read.name), (asker.kind, asker.name.as_str()));
        prop_assert_eq!(read.findings.len(), verdict.also.len() + 1);
        prop_assert_eq!((read.findings[0].act, read.findings[0].permitted), (verdict.act, verdict.permitted));
        let mut parsed = Record::read(text, (id, verdict.person), names).unwrap();
        prop_assert_eq!(&**parsed.text(names), text);
        // As text, what is due stands in the order of the names.
        parsed.facts.dues = read.facts.dues.clone();
        prop_assert_eq!(Record { kept: None, ..parsed }, read);
        // Nothing of it is missing, and nothing comes after it.
        for end in 0..packed.len().min(200) {
            let cut = Record::read(&packed[..end], (id, verdict.person), names);
            prop_assert!(cut.is_err() || !note.is_null());
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in vec(any::<u8>(), 0..200),
        start in select(vec![&b"\x02"[..], b"\x02\x00\x06key-1\x01\x00\x13", b"{\"v\":1,", b""]),
    ) {
        let whole = [start, &bytes].concat();
        let id = RecordId::new(RegionCode::new("cn").unwrap(), 1);
        let names = full();
        let whose = (id, PersonId::new(id.region(), 2));
        if let Ok(record) = Record::read(&whole, whose, names.vocabulary()) {
            record.text(names.vocabulary());
        }
    }
}
