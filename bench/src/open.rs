//! Opening one sealed value (unwrap the person's key, open 64 bytes) beside the cipher alone; and what
//! the record of a use costs, in time and in bytes.

use std::hint::black_box;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use decide::spec::{
    Basis, CategorySpec, Default as Standing, Effect, Minors, PurposeSpec, PurposeTerms,
    RegionSpec, SourceSpec, Spec,
};
use decide::{
    Account, Act, Age, Category, Facts, PersonId, Purpose, RegionCode, Request, Ruleset, Set,
    Source, Vocabulary,
};
use journal::log::entry;
use journal::{
    Asker, AskerKind, Config, Database, Journal, Permit, Record, RecordId, Seal as _, Tx, Write,
};
use tokio::runtime::Runtime;
use vault::{Plain, Roots, Vault};

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::measure::{Side, Taken, interleaved, wall};
use crate::probe::said;
use crate::report::Report;

const ROUNDS: usize = 21;
const OPENED: usize = 20_000;
/// 64 bytes, as the goal has it.
const VALUE: &str = "sixty-four bytes of what somebody told us, and nobody else reads";
/// Times the cipher alone, at most.
const TIMES_MOST: f64 = 1.5;
const CIPHER: &str = "the cipher alone: unwrap, its key schedule, open";

/// Measures.
///
/// # Errors
/// When a value does not open, or the goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "open: one sealed value of 64 bytes")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let runtime = Runtime::new().map_err(said)?;
    let world = runtime.block_on(World::new(folder.path()))?;
    let permit = runtime.block_on(world.permit())?;
    let cipher = Cipher::new()?;
    let record = runtime.block_on(world.record())?;
    let mut sides = [
        Side {
            name: "kept: `vault.open`",
            decisions: OPENED,
            round: Box::new(|| (0..OPENED).filter(|_| world.opens(&permit)).count()),
        },
        Side {
            name: CIPHER,
            decisions: OPENED,
            round: Box::new(|| (0..OPENED).filter(|_| cipher.opens(true)).count()),
        },
        Side {
            name: "the cipher alone, both keys ready",
            decisions: OPENED,
            round: Box::new(|| (0..OPENED).filter(|_| cipher.opens(false)).count()),
        },
        Side {
            name: "kept: begin, judge, open",
            decisions: OPENED,
            round: Box::new(|| runtime.block_on(world.whole())),
        },
        Side {
            name: "kept: a use's record sealed",
            decisions: OPENED,
            round: Box::new(|| (0..OPENED).filter(|_| world.seals(&permit, &record)).count()),
        },
        Side {
            name: "kept: its text made, and the entry",
            decisions: OPENED,
            round: Box::new(|| (0..OPENED).filter(|_| world.enters(&record)).count()),
        },
    ];
    let rounds = if call.short { 3 } else { ROUNDS };
    let taken = interleaved(&mut sides, rounds)?;
    say(&mut report, &taken)?;
    report.say(format!(
        "The record of a use is {} bytes of text. Packed it has {}, sealed {}.",
        record.text,
        record.packed.len(),
        record.sealed,
    ));
    report.end()
}

fn say(report: &mut Report, taken: &[Taken]) -> Done {
    let cipher = taken.iter().find(|it| it.name == CIPHER).map_or(f64::NAN, |it| it.median);
    let ours = taken.first().map_or(f64::NAN, |it| it.median);
    let row = |it: &Taken| {
        vec![
            it.name.to_owned(),
            format!("{:.0}", it.median),
            format!("{:.0}–{:.0}", it.least, it.most),
            format!("{:.2}×", it.median / cipher),
        ]
    };
    let rows: Vec<_> = taken.iter().map(row).collect();
    report.say("\nNanoseconds, rounds in turn:");
    report.table(&["side", "median", "fastest–slowest round", "times the cipher"], &rows);
    let times = ours / cipher;
    let goal = format!("at most {TIMES_MOST}× the cipher alone");
    report.goal(&goal, &format!("{times:.2}×"), times <= TIMES_MOST);
    let bar = |it: &Taken| Bar {
        label: it.name.replace('`', ""),
        value: it.median,
        note: format!("{:.0} ns", it.median),
        ours: it.name.starts_with("kept"),
    };
    let bars: Vec<Bar> = taken.iter().map(bar).collect();
    let chart = Chart {
        title: "Opening one sealed value",
        axis: "nanoseconds; less is better",
        bars: &bars,
    };
    report.chart("open", &chart)
}

/// A person with a value, and the rules that let it be used.
struct World {
    journal: Journal,
    vault: Vault,
    rules: Arc<Ruleset>,
    person: PersonId,
    purpose: Purpose,
    category: Category,
}

impl World {
    async fn new(folder: &std::path::Path) -> Result<Self, String> {
        let region = RegionCode::new("cn").ok_or("no such region")?;
        let roots = Roots::create(&folder.join("root.key"), &[region]).map_err(said)?;
        let signer = roots.log_signer("kept.local").map_err(said)?;
        let vault = Vault::new(roots);
        let config = Config {
            database: Database::Folder(folder.join("data")),
            regions: vec![region],
            outside: Vec::new(),
        };
        let journal = Journal::open(config, Arc::new(vault.clone()), signer).await.map_err(said)?;
        let spec = spec();
        let names = Vocabulary::default().with(&spec).map_err(|it| format!("{it:?}"))?;
        let rules = Arc::new(Ruleset::new(&spec, &names).map_err(|it| format!("{it:?}"))?);
        let world = Self {
            person: PersonId::new(region, journal.new_id(wall())),
            purpose: names.purpose("service").ok_or("no purpose")?,
            category: names.category("value").ok_or("no category")?,
            journal,
            vault,
            rules,
        };
        let source = names.source("site").ok_or("no source")?;
        let home = names.region("cn").ok_or("no region")?;
        let facts = Facts { age: Age::Adult, ..Facts::new(home, Account::Active, 1) };
        world.create(facts, source).await?;
        Ok(world)
    }

    async fn create(&self, facts: Facts, source: Source) -> Done {
        let tx = self.journal.begin_new(self.person, facts);
        let request = Request {
            act: Act::Collect { purpose: self.purpose, source },
            categories: Set::of(self.category),
        };
        let judged = tx.judge(&self.rules, request, asker(), wall());
        let mut tx = judged.map_err(|it| format!("{:?}", it.refusal()))?;
        tx.stage(Write::Create { key: self.vault.new_person(self.person).map_err(said)? });
        let value = Plain::new(VALUE.to_owned());
        tx.stage(Write::Value {
            category: self.category,
            sealed: self.vault.seal(&tx, self.category, &value).map_err(said)?,
            source,
            collected: wall(),
            due: None,
            blind: None,
        });
        let owed = tx.owe(());
        tx.record(owed).await.map(drop).map_err(said)
    }

    async fn permit(&self) -> Result<Tx<Permit>, String> {
        let tx = self.journal.begin(self.person, Set::of(self.category)).await.map_err(said)?;
        let act = Act::Use { purpose: self.purpose };
        let request = Request { act, categories: Set::of(self.category) };
        let judged = tx.judge(&self.rules, request, asker(), wall());
        judged.map_err(|it| format!("{:?}", it.refusal()))
    }

    fn opens(&self, permit: &Tx<Permit>) -> bool {
        let opened = self.vault.open(black_box(permit));
        opened.is_ok_and(|it| black_box(it.get(self.category)) == Some(VALUE))
    }

    /// The record of a use, as it is kept.
    async fn record(&self) -> Result<Kept, String> {
        let tx = self.permit().await?;
        let owed = tx.owe(());
        let id = tx.record(owed).await.map_err(said)?.record_id();
        let tx = self.permit().await?;
        let rows = tx.records(None, 1).await.map_err(said)?;
        let row = rows.first().filter(|it| it.id == id).ok_or("the record is not there")?;
        let opened = self.vault.open_records(&tx, &rows).map_err(said)?;
        let packed = opened.first().map(|it| it.kept.to_vec()).ok_or("nothing was opened")?;
        let names = self.rules.vocabulary();
        let text = Record::read(&packed, (id, self.person), names).map_err(said)?.text(names).len();
        Ok(Kept { id, text, sealed: row.sealed.as_bytes().len(), packed })
    }

    fn seals(&self, permit: &Tx<Permit>, record: &Kept) -> bool {
        let plain = black_box(record.packed.as_slice());
        self.vault.seal_record(permit.key(), self.person, record.id, plain).is_ok()
    }

    fn enters(&self, record: &Kept) -> bool {
        let names = self.rules.vocabulary();
        let read = Record::read(black_box(&record.packed), (record.id, self.person), names);
        read.is_ok_and(|it| black_box(entry(&it.text(names), &[7; 32])).0 != [0; 32])
    }

    async fn whole(&self) -> usize {
        let mut count = 0;
        for _ in 0..OPENED {
            count += usize::from(self.permit().await.is_ok_and(|it| self.opens(&it)));
        }
        count
    }
}

/// A record, and how much of it there is.
struct Kept {
    id: RecordId,
    text: usize,
    sealed: usize,
    packed: Vec<u8>,
}

fn asker() -> Asker {
    Asker::new(AskerKind::App, "key_01a0c4506c0070008000000000000001")
}

/// One purpose that uses one category of one source.
fn spec() -> Spec {
    let mut spec = Spec { version: 1, ..Spec::default() };
    spec.regions.insert("cn".to_owned(), RegionSpec { clause: "reside".to_owned() });
    let site = SourceSpec { clause: "collect".to_owned(), brings: None, purposes: None };
    spec.sources.insert("site".to_owned(), site);
    let category = CategorySpec {
        clause: "collect".to_owned(),
        keep_clause: "retain".to_owned(),
        identifying: true,
        sensitive: false,
        sources: ["site".to_owned()].into(),
        required: [].into(),
        lookup: false,
    };
    spec.categories.insert("value".to_owned(), category);
    let general = PurposeTerms {
        basis: Basis::Contract,
        default: Standing::Given,
        minors: Minors::Same,
        gpc: Effect::Ignore,
        dnt: Effect::Ignore,
    };
    let purpose = PurposeSpec {
        clause: "use".to_owned(),
        general,
        regions: [].into(),
        uses: ["value".to_owned()].into(),
    };
    spec.purposes.insert("service".to_owned(), purpose);
    spec
}

/// The same two openings by the library itself: a key under a root, a value under the key. No sub-key
/// of the value is derived, and nothing is wiped.
struct Cipher {
    root: LessSafeKey,
    key: LessSafeKey,
    wrapped: Vec<u8>,
    sealed: Vec<u8>,
}

const NONCE: [u8; NONCE_LEN] = [7; NONCE_LEN];
const ABOUT: [u8; 41] = [9; 41];

impl Cipher {
    fn new() -> Result<Self, String> {
        let (root, key) = (schedule(&[1; 32])?, schedule(&[2; 32])?);
        let seal = |key: &LessSafeKey, plain: &[u8]| {
            let mut bytes = plain.to_vec();
            let nonce = Nonce::assume_unique_for_key(NONCE);
            key.seal_in_place_append_tag(nonce, Aad::from(ABOUT), &mut bytes).map_err(said)?;
            Ok::<_, String>(bytes)
        };
        let (wrapped, sealed) = (seal(&root, &[2; 32])?, seal(&key, VALUE.as_bytes())?);
        Ok(Self { root, key, wrapped, sealed })
    }

    fn opens(&self, fresh: bool) -> bool {
        let mut wrapped = [0; 48];
        wrapped.copy_from_slice(black_box(&self.wrapped));
        let mut sealed = [0; 80];
        sealed.copy_from_slice(black_box(&self.sealed));
        let Some(bytes) = open(&self.root, &mut wrapped) else { return false };
        let scheduled = if fresh { schedule(bytes).ok() } else { None };
        open(scheduled.as_ref().unwrap_or(&self.key), &mut sealed)
            .is_some_and(|it| black_box(it) == VALUE.as_bytes())
    }
}

fn schedule(bytes: &[u8]) -> Result<LessSafeKey, String> {
    UnboundKey::new(&AES_256_GCM, bytes).map(LessSafeKey::new).map_err(said)
}

fn open<'a>(key: &LessSafeKey, sealed: &'a mut [u8]) -> Option<&'a [u8]> {
    let nonce = Nonce::assume_unique_for_key(NONCE);
    key.open_in_place(nonce, Aad::from(ABOUT), sealed).ok().map(|it| &*it)
}
