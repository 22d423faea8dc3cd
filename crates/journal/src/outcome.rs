//! One outcome as the writer carries it out: conditions first, then rows, then the record.

use decide::{Account, Facts, PersonId, Set, Timestamp};

use crate::access::{CodeRow, SessionRow};
use crate::case::{CaseRow, NoteRow};
use crate::event::NewBlock;
use crate::fault::Fault;
use crate::idempotency::{Answer, Once};
use crate::limit::{
    ABOUT_BYTES_MAX, IDEMPOTENT_BYTES_MAX, NAME_BYTES_MAX, SEALED_BYTES_MAX, STAGED_MAX,
};
use crate::mail::NewMail;
use crate::people::ValueRow;
use crate::place::Place;
use crate::record::NewRecord;
use crate::sealed::{Sealed, WrappedKey};
use crate::sql::{Dialect, Statement};
use crate::sqlite::probe;
use crate::unproved::UnprovedRow;
use crate::write::Write;
use crate::{access, case, event, hold, idempotency, job, mail, people, record, tally, unproved};

/// An outcome that waits to be written.
pub(crate) struct Outcome {
    pub(crate) person: PersonId,
    /// The version that the decision saw; `None` for who is not there yet.
    pub(crate) version: Option<u64>,
    /// The facts that it saw.
    pub(crate) facts: Facts,
    pub(crate) staged: Vec<Write>,
    pub(crate) record: NewRecord,
    /// The person's key, which an erasure destroys: it is looked for in the raw bytes after.
    pub(crate) key: WrappedKey,
}

impl Outcome {
    /// The file that it is written to, whole.
    pub(crate) fn place(&self) -> Result<Place, Fault> {
        let region = self.person.region();
        match self.staged.as_slice() {
            [] => Ok(Place::Records(region)),
            [Write::Events { partition, .. }] => Ok(Place::Events(region, partition.clone())),
            staged if staged.iter().any(|it| matches!(it, Write::Events { .. })) => {
                Err(Fault::broken("events are recorded in a transaction by themselves"))
            }
            _ => Ok(Place::People(region)),
        }
    }

    /// Refuses what is past a limit, and what does not fit together.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if self.staged.len() > STAGED_MAX {
            return Err(Fault::broken("one transaction stages too many writes"));
        }
        let creates = matches!(self.staged.first(), Some(Write::Create { .. }));
        if creates != self.version.is_none() {
            return Err(Fault::broken("who is new is created first, and nobody else is"));
        }
        self.staged.iter().try_for_each(fits)
    }

    /// About how many bytes it writes.
    pub(crate) fn bytes(&self) -> u64 {
        let staged = self.staged.iter().fold(0_usize, |sum, it| sum.saturating_add(weight(it)));
        let record = self.record.sealed.as_bytes().len();
        let whole = staged.saturating_add(record).saturating_add(1_024);
        u64::try_from(whole).unwrap_or(u64::MAX)
    }

    /// When it was decided.
    pub(crate) const fn at(&self) -> Timestamp {
        self.record.at
    }

    /// The idempotency key that it came with.
    pub(crate) fn once(&self) -> Option<Once> {
        self.staged.iter().find_map(|it| {
            if let Write::Idempotent { once, .. } = it { Some(once.clone()) } else { None }
        })
    }

    /// Whether the person is erased.
    pub(crate) fn erases(&self) -> bool {
        self.staged.iter().any(|it| matches!(it, Write::Erase))
    }

    /// Whether the person's version rises.
    pub(crate) fn raises(&self) -> bool {
        self.staged.iter().any(Write::raises_version)
    }

    /// What is to be carried out, all or nothing, in this order: conditions first, the record last.
    pub(crate) fn statements(self, dialect: Dialect, place: &Place) -> Vec<Statement> {
        let (raises, erases) = (self.raises(), self.erases());
        let Self { person, version, mut facts, staged, record, key } = self;
        let mut owner = person.bits().to_be_bytes();
        let mut rows = Vec::new();
        let mut conditions = Vec::new();
        // Values that go one after another go in one statement.
        let mut gone = Set::EMPTY;
        for write in staged {
            if let Write::DeleteValue(category) = write {
                gone = gone.with(category);
                continue;
            }
            rows.extend(people::drop_values(person, std::mem::take(&mut gone)));
            if let Write::Events { tag, .. } = &write {
                owner = *tag;
            }
            fact(&mut facts, &write);
            if let Write::Create { key } = &write {
                conditions.extend(people::create(person, key));
            }
            rows.extend(row(dialect, person, record.at, write));
        }
        rows.extend(people::drop_values(person, gone));
        let from = version.unwrap_or(0);
        if raises {
            conditions.push(people::set_facts(person, &facts, from));
        } else if dialect == Dialect::Postgres {
            conditions.push(people::hold(person, from));
        }
        if erases {
            rows.extend(erase(person));
            rows.extend(probe::keep(person, &key).filter(|_| dialect == Dialect::Sqlite));
        }
        rows.push(record::write(dialect, place, owner, &record));
        conditions.extend(rows);
        conditions
    }
}

/// About what a value that goes has written.
const GONE_BYTES: usize = 256;

/// A page, or what is sealed where that is more; less for values that go, which lie side by side.
fn weight(write: &Write) -> usize {
    if matches!(write, Write::DeleteValue(_)) {
        return GONE_BYTES;
    }
    let sealed = if let Write::Value { sealed, .. }
    | Write::Hold { sealed, .. }
    | Write::Unhold { back: Some((sealed, _)), .. }
    | Write::Mail { sealed, .. }
    | Write::Unproved { sealed, .. }
    | Write::Events { sealed, .. }
    | Write::Note(NoteRow { sealed, .. })
    | Write::Case(CaseRow { sealed: Some(sealed), .. }) = write
    {
        sealed.as_bytes().len()
    } else {
        0
    };
    sealed.saturating_add(4_096)
}

fn fits(write: &Write) -> Result<(), Fault> {
    let sealed = |it: &Sealed| it.as_bytes().len() <= SEALED_BYTES_MAX;
    let named = |it: &str| it.len() <= NAME_BYTES_MAX;
    let fits = match write {
        Write::Value { sealed: it, .. }
        | Write::Hold { sealed: it, .. }
        | Write::Unhold { back: Some((it, _)), .. }
        | Write::Unproved { sealed: it, .. }
        | Write::Events { sealed: it, .. } => sealed(it),
        Write::Mail { sealed: it, cause, .. } => sealed(it) && named(cause),
        Write::Case(it) => {
            let texts = [it.kind.as_str(), it.state.as_str(), it.assigned.as_str()];
            it.sealed.as_ref().is_none_or(sealed)
                && texts.into_iter().all(named)
                && it.about.len() <= ABOUT_BYTES_MAX
        }
        Write::Note(it) => sealed(&it.sealed) && named(&it.kind) && named(&it.author),
        Write::Session { label, .. } => named(label),
        Write::Tally { kind, .. } => named(kind),
        Write::Job { kind, .. } | Write::DropJob(kind) => named(kind.as_str()),
        Write::Idempotent { once, body, .. } => {
            named(&once.scope) && body.len() <= IDEMPOTENT_BYTES_MAX
        }
        Write::Attest { text, .. } => text.len() <= ABOUT_BYTES_MAX,
        Write::Create { key } => !key.is_destroyed(),
        Write::Consent { .. }
        | Write::Objected(_)
        | Write::Shares(_)
        | Write::Transfers(_)
        | Write::Account(_)
        | Write::Age(_)
        | Write::Adopted(_)
        | Write::DeleteValue(_)
        | Write::Unhold { back: None, .. }
        | Write::Due { .. }
        | Write::EndSession(_)
        | Write::EndSessions
        | Write::Code { .. }
        | Write::DropCode(_)
        | Write::CodeTried(_)
        | Write::UnprovedCode { .. }
        | Write::DropUnproved(_)
        | Write::DropNotes { .. }
        | Write::Erase => true,
    };
    if fits { Ok(()) } else { Err(Fault::broken("a staged write is past a limit of the journal")) }
}

/// What a write does to rows, facts excepted.
fn row(dialect: Dialect, person: PersonId, at: Timestamp, write: Write) -> Vec<Statement> {
    match write {
        Write::Value { category, sealed, source, collected, due, blind } => {
            let value = ValueRow { category, source, collected, due, hold: None };
            let found = blind.map(|it| people::set_blind(person, category, &it));
            people::set_value(person, &value, &sealed).into_iter().chain(found).collect()
        }
        Write::DeleteValue(category) => people::drop_values(person, Set::of(category)),
        Write::Hold { category, case, sealed } => hold::put(person, (category, case), &sealed),
        Write::Unhold { category, back } => hold::lift(person, category, back),
        Write::Due { category, due } => vec![people::set_due(person, category, due)],
        Write::Session { hash, expires, label, role } => {
            let session = SessionRow { hash, begun: at, expires, label, role };
            vec![access::begin_session(person, session)]
        }
        Write::EndSession(hash) => vec![access::end_session(person, hash)],
        Write::EndSessions => vec![access::end_sessions(person)],
        Write::Code { channel, hash, expires } => {
            vec![access::set_code(person, channel, &CodeRow { hash, expires, tries: 0 })]
        }
        Write::DropCode(channel) => vec![access::drop_code(person, channel)],
        Write::CodeTried(channel) => {
            vec![access::code_tried(person, channel), unproved::tried(person, channel)]
        }
        Write::Unproved { category, sealed, hash, expires } => {
            let code = CodeRow { hash, expires, tries: 0 };
            vec![unproved::put(person, category, &UnprovedRow { sealed, code })]
        }
        Write::UnprovedCode { category, hash } => {
            vec![unproved::set_code(person, category, hash)]
        }
        Write::DropUnproved(category) => vec![unproved::done(person, category)],
        Write::Tally { kind, most, ends } => {
            vec![tally::count(person, (kind, most), (ends, at))]
        }
        Write::Mail { cause, sealed, key, not_before } => {
            vec![mail::put(person, &NewMail { cause, sealed, key, not_before }, at)]
        }
        Write::Job { kind, due } => vec![job::put(person, &kind, due)],
        Write::DropJob(kind) => vec![job::done(person, &kind)],
        Write::Case(it) => vec![case::put(person, it)],
        Write::Note(it) => vec![case::note(person, &it)],
        Write::DropNotes { case, until } => vec![case::drop_notes(person, case, until)],
        Write::Events { partition, tag, sealed, counts, received, bytes, most } => {
            let block = NewBlock { tag, sealed, counts, received, bytes, most };
            event::write(dialect, &partition, &block)
        }
        Write::Attest { id, text, blind } => {
            vec![record::attest(person, (id, at), crate::log::entry(&text, &blind))]
        }
        Write::Idempotent { once, status, body } => {
            vec![idempotency::keep(person, Answer { once, status, body }, at)]
        }
        Write::Create { .. }
        | Write::Consent { .. }
        | Write::Objected(_)
        | Write::Shares(_)
        | Write::Transfers(_)
        | Write::Account(_)
        | Write::Age(_)
        | Write::Adopted(_)
        | Write::Erase => Vec::new(),
    }
}

/// After everything else that was staged, so that nothing of it outlives the key.
fn erase(person: PersonId) -> impl Iterator<Item = Statement> {
    let rest = [mail::erase(person), job::erase(person), idempotency::erase(person)];
    let cases = case::erase(person);
    people::erase(person).into_iter().chain(access::erase(person)).chain(rest).chain(cases)
}

/// What a write does to the facts.
fn fact(facts: &mut Facts, write: &Write) {
    match write {
        Write::Consent { given, refused } => {
            facts.given = *given;
            facts.refused = *refused;
        }
        Write::Objected(all) => facts.objected = *all,
        Write::Shares(all) => facts.shares = *all,
        Write::Transfers(all) => facts.transfers = *all,
        Write::Account(account) => facts.account = *account,
        Write::Age(age) => facts.age = *age,
        Write::Adopted(version) => facts.adopted = *version,
        Write::Erase => *facts = Facts::new(facts.region, Account::Closed, 0),
        Write::Create { .. }
        | Write::Value { .. }
        | Write::DeleteValue(_)
        | Write::Hold { .. }
        | Write::Unhold { .. }
        | Write::Due { .. }
        | Write::Session { .. }
        | Write::EndSession(_)
        | Write::EndSessions
        | Write::Code { .. }
        | Write::DropCode(_)
        | Write::CodeTried(_)
        | Write::Unproved { .. }
        | Write::UnprovedCode { .. }
        | Write::DropUnproved(_)
        | Write::Tally { .. }
        | Write::Mail { .. }
        | Write::Job { .. }
        | Write::DropJob(_)
        | Write::Case(_)
        | Write::Note(_)
        | Write::DropNotes { .. }
        | Write::Events { .. }
        | Write::Attest { .. }
        | Write::Idempotent { .. } => {}
    }
}
