//! A small installation: two regions, two purposes, and a seal that anybody can undo.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use decide::spec::*;
use decide::*;
use journal::log::Signer;
use journal::*;

/// Where a journal can be opened, again and again.
pub(crate) trait Store: Sync {
    fn new() -> impl Future<Output = Self> + Send;
    fn config(&self) -> Config;
    /// A folder that goes with the test.
    fn dir(&self) -> &Path;

    fn try_open(&self) -> impl Future<Output = Result<Journal, OpenFault>> + Send {
        async { Journal::open(self.config(), Arc::new(Xor), signer()).await }
    }

    fn open(&self) -> impl Future<Output = Journal> + Send {
        async { self.try_open().await.unwrap() }
    }
}

/// The embedded engine, in a folder that goes with the test.
pub(crate) struct Sqlite(tempfile::TempDir);

impl Store for Sqlite {
    async fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn config(&self) -> Config {
        config(self.0.path().join("data"), vec![self.0.path().join("outside")])
    }

    fn dir(&self) -> &Path {
        self.0.path()
    }
}

pub(crate) fn config(dir: PathBuf, outside: Vec<PathBuf>) -> Config {
    Config { database: Database::Folder(dir), regions: vec![cn(), eu()], outside }
}

/// The data folder of the embedded engine.
pub(crate) fn folder(config: &Config) -> &Path {
    match &config.database {
        Database::Folder(dir) => dir,
        Database::Shared(_) => panic!("no folder"),
    }
}

pub(crate) fn signer() -> Signer {
    Signer::from_seed("log.example/kept", &[9; 32]).unwrap()
}

pub(crate) const T0: Timestamp = Timestamp::from_millis(1_790_000_000_000);
pub(crate) const ALL: Set<Category> = Set::from_bits(u64::MAX);

pub(crate) fn at(seconds: i64) -> Timestamp {
    T0.plus_millis(seconds * 1_000)
}

pub(crate) fn cn() -> RegionCode {
    RegionCode::new("cn").unwrap()
}

pub(crate) fn eu() -> RegionCode {
    RegionCode::new("eu").unwrap()
}

/// A seal that is none: it turns the bits, so that a plaintext in a file would be seen.
pub(crate) struct Xor;

/// One for the whole process: a journal that is opened again gives other ids.
static RANDOM: AtomicU64 = AtomicU64::new(0);

pub(crate) fn xor(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|it| it ^ 0x55).collect()
}

impl Seal for Xor {
    fn seal_record(
        &self,
        key: &WrappedKey,
        _: PersonId,
        _: RecordId,
        plain: &[u8],
    ) -> Result<(Sealed, [u8; 32]), SealFault> {
        if key.is_destroyed() {
            return Err(SealFault("the key does not open".to_owned()));
        }
        let mut blind = [0; 32];
        self.fill_random(&mut blind);
        Ok((cipher(xor(&[&blind, plain].concat())), blind))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        for byte in bytes {
            // The finisher of splitmix64.
            let n = RANDOM.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
            let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = n.to_be_bytes()[0];
        }
    }
}

/// In this suite the turned bits are the cipher's; in the product only the vault says so.
fn cipher(bytes: Vec<u8>) -> Sealed {
    let seal: fn(Vec<u8>) -> Sealed = Sealed::from_cipher;
    seal(bytes)
}

pub(crate) fn sealed(text: &str) -> Sealed {
    cipher(xor(text.as_bytes()))
}

pub(crate) fn key(seed: u64) -> WrappedKey {
    let mut bytes = [0; 64];
    for (n, chunk) in (0..).zip(bytes.chunks_mut(8)) {
        let word = (seed + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(n * 7 + 1);
        chunk.copy_from_slice(&word.to_be_bytes());
    }
    WrappedKey::new(bytes)
}

/// The key that this suite makes for a person.
pub(crate) fn key_of(person: PersonId) -> WrappedKey {
    key(u64::try_from(person.bits() & 0xffff_ffff_ffff_ffff).unwrap())
}

pub(crate) fn blind(seed: u8, unique: bool) -> Blind {
    Blind { hash: [seed; 32], unique }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn purpose(clause: &str, basis: Basis) -> PurposeSpec {
    let default = if basis == Basis::Consent { Default::Refused } else { Default::Given };
    let general = PurposeTerms {
        basis,
        default,
        minors: Minors::Same,
        gpc: Effect::Refuse,
        dnt: Effect::Refuse,
    };
    let uses = set(&["email", "phone"]);
    PurposeSpec { clause: clause.into(), general, regions: BTreeMap::new(), uses }
}

fn spec() -> Spec {
    let mut spec = Spec { version: 1, ..Spec::default() };
    for region in ["cn", "eu"] {
        spec.regions.insert(region.into(), RegionSpec { clause: "reside".into() });
    }
    for category in ["email", "phone"] {
        spec.categories.insert(
            category.into(),
            CategorySpec {
                clause: "collect-registration".into(),
                keep_clause: "retain".into(),
                identifying: true,
                sensitive: false,
                sources: set(&["registration"]),
                required: set(&["service"]),
                lookup: true,
            },
        );
    }
    spec.sources.insert(
        "registration".into(),
        SourceSpec { clause: "collect-registration".into(), brings: None, purposes: None },
    );
    spec.purposes.insert("service".into(), purpose("use-service", Basis::Contract));
    spec.purposes.insert("advertise".into(), purpose("use-advertise", Basis::Consent));
    for right in Right::ALL {
        spec.rights.insert(*right, RightSpec { clause: "rights".into() });
    }
    spec
}

pub(crate) fn vocabulary() -> Vocabulary {
    Vocabulary::default().with(&spec()).unwrap()
}

pub(crate) fn rules() -> Arc<Ruleset> {
    Arc::new(Ruleset::new(&spec(), &vocabulary()).unwrap())
}

pub(crate) fn email() -> Category {
    vocabulary().category("email").unwrap()
}

pub(crate) fn phone() -> Category {
    vocabulary().category("phone").unwrap()
}

pub(crate) fn source() -> Source {
    vocabulary().source("registration").unwrap()
}

pub(crate) fn service() -> Purpose {
    vocabulary().purpose("service").unwrap()
}

pub(crate) fn advertise() -> Purpose {
    vocabulary().purpose("advertise").unwrap()
}

pub(crate) fn facts(region: RegionCode) -> Facts {
    let region = vocabulary().region(region.as_str()).unwrap();
    let mut facts = Facts::new(region, Account::Active, 1);
    facts.age = Age::Adult;
    facts
}

pub(crate) fn app() -> Asker {
    Asker::new(AskerKind::App, "key-1")
}

pub(crate) fn collect() -> Request {
    let act = Act::Collect { purpose: service(), source: source() };
    Request { act, categories: Set::of(email()).with(phone()) }
}

pub(crate) fn using(purpose: Purpose) -> Request {
    Request { act: Act::Use { purpose }, categories: Set::of(email()) }
}

pub(crate) fn exercise(right: Right) -> Request {
    Request { act: Act::Exercise { right }, categories: Set::of(email()).with(phone()) }
}

/// Reads and judges; everything asked here is permitted.
pub(crate) async fn permit(journal: &Journal, person: PersonId, request: Request) -> Tx<Permit> {
    let tx = journal.begin(person, ALL).await.unwrap();
    tx.judge(&rules(), request, app(), T0).unwrap()
}

/// Stages and records.
pub(crate) async fn write(
    journal: &Journal,
    person: PersonId,
    writes: Vec<Write>,
) -> Result<Recorded<()>, Fault> {
    write_at(journal, person, writes, T0).await
}

pub(crate) async fn write_at(
    journal: &Journal,
    person: PersonId,
    writes: Vec<Write>,
    now: Timestamp,
) -> Result<Recorded<()>, Fault> {
    let tx = journal.begin(person, ALL).await?;
    let mut tx = tx.judge(&rules(), exercise(Right::Access), app(), now).unwrap();
    for write in writes {
        tx.stage(write);
    }
    let owed = tx.owe(());
    tx.record(owed).await
}

pub(crate) fn new_person(journal: &Journal, region: RegionCode) -> PersonId {
    PersonId::new(region, journal.new_id(T0))
}

/// Begins and judges somebody new.
pub(crate) fn begin_new(journal: &Journal, person: PersonId) -> Tx<Permit> {
    let tx = journal.begin_new(person, facts(person.region()));
    let mut tx = tx.judge(&rules(), collect(), app(), T0).unwrap();
    tx.stage(Write::Create { key: key_of(person) });
    tx
}

/// Somebody who is there.
pub(crate) async fn somebody(journal: &Journal) -> PersonId {
    somebody_in(journal, cn()).await
}

pub(crate) async fn somebody_in(journal: &Journal, region: RegionCode) -> PersonId {
    let person = new_person(journal, region);
    let tx = begin_new(journal, person);
    let owed = tx.owe(());
    tx.record(owed).await.unwrap().into_inner();
    person
}

pub(crate) fn value(category: Category, text: &str, blind: Option<Blind>) -> Write {
    Write::Value {
        category,
        sealed: sealed(text),
        source: source(),
        collected: T0,
        due: None,
        blind,
    }
}

/// The text of a record and its blind, unsealed.
pub(crate) fn text_of(record: &SealedRecord, person: PersonId) -> (Vec<u8>, [u8; 32]) {
    let plain = xor(record.sealed.as_bytes());
    let (blind, packed) = plain.split_first_chunk().unwrap();
    let read = Record::read(packed, (record.id, person), &vocabulary()).unwrap();
    (read.text(&vocabulary()).to_vec(), *blind)
}

/// What a record says, unsealed.
pub(crate) fn opened(record: &SealedRecord, person: PersonId) -> serde_json::Value {
    serde_json::from_slice(&text_of(record, person).0).unwrap()
}

/// Copies a folder as it stands, as a power failure might leave it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A case that came in at `T0`.
pub(crate) fn case(journal: &Journal, (kind, state): (&str, &str), text: Option<&str>) -> CaseRow {
    CaseRow {
        id: CaseId::new(cn(), journal.new_id(T0)),
        kind: kind.to_owned(),
        state: state.to_owned(),
        received: T0,
        due: at(9),
        open: true,
        assigned: String::new(),
        about: "{}".to_owned(),
        sealed: text.map(sealed),
        own_key: None,
    }
}

/// What was said in a case.
pub(crate) fn note(journal: &Journal, case: &CaseRow, text: &str) -> NoteRow {
    NoteRow {
        case: case.id,
        id: journal.new_id(T0),
        kind: "in".to_owned(),
        at: T0,
        author: String::new(),
        sealed: sealed(text),
    }
}
