//! One outcome as the writer carries it out: conditions first, then rows, then the record.

use decide::{Account, Facts, PersonId, Timestamp};

use crate::access::{CodeRow, SessionRow};
use crate::database::Place;
use crate::event::NewBlock;
use crate::fault::Fault;
use crate::idempotency::Answer;
use crate::limit::{IDEMPOTENT_BYTES_MAX, NAME_BYTES_MAX, SEALED_BYTES_MAX, STAGED_MAX};
use crate::mail::NewMail;
use crate::people::ValueRow;
use crate::record::NewRecord;
use crate::request::RequestRow;
use crate::sealed::Sealed;
use crate::unproved::UnprovedRow;
use crate::write::Write;
use crate::writer::Desk;
use crate::{access, event, idempotency, job, mail, people, record, request, tally, unproved};

/// An outcome that waits to be written.
pub(crate) struct Outcome {
    pub(crate) person: PersonId,
    /// The version that the decision saw; `None` for who is not there yet.
    pub(crate) version: Option<u64>,
    /// The facts that it saw.
    pub(crate) facts: Facts,
    pub(crate) staged: Vec<Write>,
    pub(crate) record: NewRecord,
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

    /// Writes it. What fails here leaves nothing.
    pub(crate) fn write(self, desk: &Desk<'_>) -> Result<(), Fault> {
        self.not_done_before(desk)?;
        let stands = desk.version(self.person)?;
        if stands != self.version {
            return Err(Fault::Conflict);
        }
        let Self { person, facts, staged, record, .. } = self;
        let at = record.at;
        let mut owner = people::id(person);
        let raises = staged.iter().any(Write::raises_version);
        let erases = staged.iter().any(|it| matches!(it, Write::Erase));
        let mut facts = facts;
        for write in staged {
            if let Write::Events { tag, .. } = &write {
                owner = *tag;
            }
            fact(&mut facts, &write);
            row(desk, person, at, write)?;
        }
        if erases {
            erase(desk, person)?;
        }
        record::write(desk.file, &owner, &record)?;
        if raises {
            let version = stands.unwrap_or(0).saturating_add(1);
            people::set_facts(desk.file, person, &facts, version)?;
            desk.raised(person, version);
        }
        Ok(())
    }

    /// The same question under the same key is answered, not done, whatever changed since.
    fn not_done_before(&self, desk: &Desk<'_>) -> Result<(), Fault> {
        for write in &self.staged {
            if let Write::Idempotent { once, .. } = write {
                let found = idempotency::find(desk.file, once, self.record.at)?;
                if let Some((status, body)) = found {
                    return Err(Fault::Idempotent { status, body });
                }
            }
        }
        Ok(())
    }
}

/// A page, or what is sealed where that is more.
fn weight(write: &Write) -> usize {
    let sealed = if let Write::Value { sealed, .. }
    | Write::Mail { sealed, .. }
    | Write::Unproved { sealed, .. }
    | Write::Events { sealed, .. } = write
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
        | Write::Unproved { sealed: it, .. }
        | Write::Events { sealed: it, .. } => sealed(it),
        Write::Mail { sealed: it, cause, .. } => sealed(it) && named(cause),
        Write::Request { sealed: it, .. } | Write::RequestState { sealed: it, .. } => {
            it.as_ref().is_none_or(sealed)
        }
        Write::Session { label, .. } => named(label),
        Write::Tally { kind, .. } => named(kind),
        Write::Job { kind, .. } | Write::DropJob(kind) => named(kind.as_str()),
        Write::Idempotent { once, body, .. } => {
            named(&once.scope) && body.len() <= IDEMPOTENT_BYTES_MAX
        }
        Write::Create { key } => !key.is_destroyed(),
        Write::Consent { .. }
        | Write::Objected(_)
        | Write::Shares(_)
        | Write::Transfers(_)
        | Write::Account(_)
        | Write::Age(_)
        | Write::Adopted(_)
        | Write::DeleteValue(_)
        | Write::Due { .. }
        | Write::EndSession(_)
        | Write::EndSessions
        | Write::Code { .. }
        | Write::DropCode(_)
        | Write::CodeTried(_)
        | Write::UnprovedCode { .. }
        | Write::DropUnproved(_)
        | Write::Erase => true,
    };
    if fits { Ok(()) } else { Err(Fault::broken("a staged write is past a limit of the journal")) }
}

/// What a write does to rows, facts excepted.
fn row(desk: &Desk<'_>, person: PersonId, at: Timestamp, write: Write) -> Result<(), Fault> {
    let file = desk.file;
    match write {
        Write::Create { key } => people::create(file, person, &key),
        Write::Value { category, sealed, source, collected, due, blind } => {
            let value = ValueRow { category, source, collected, due };
            people::set_value(file, person, &value, &sealed)?;
            blind.map_or(Ok(()), |it| people::set_blind(file, person, category, &it))
        }
        Write::DeleteValue(category) => people::drop_value(file, person, category),
        Write::Due { category, due } => people::set_due(file, person, category, due),
        Write::Session { hash, expires, label } => {
            let session = SessionRow { hash, begun: at, expires, label };
            access::begin_session(file, person, &session)
        }
        Write::EndSession(hash) => access::end_session(file, person, &hash),
        Write::EndSessions => access::end_sessions(file, person),
        Write::Code { channel, hash, expires } => {
            access::set_code(file, person, channel, &CodeRow { hash, expires, tries: 0 })
        }
        Write::DropCode(channel) => access::drop_code(file, person, channel),
        Write::CodeTried(channel) => {
            access::code_tried(file, person, channel)?;
            unproved::tried(file, person, channel)
        }
        Write::Unproved { category, sealed, hash, expires } => {
            let code = CodeRow { hash, expires, tries: 0 };
            unproved::put(file, person, category, &UnprovedRow { sealed, code })
        }
        Write::UnprovedCode { category, hash } => unproved::set_code(file, person, category, &hash),
        Write::DropUnproved(category) => unproved::done(file, person, category),
        Write::Tally { kind, most, ends } => tally::count(file, person, (kind, most), (ends, at)),
        Write::Mail { cause, sealed, key, not_before } => {
            mail::put(file, person, &NewMail { cause, sealed, key, not_before }, at)
        }
        Write::Job { kind, due } => job::put(file, person, &kind, due),
        Write::DropJob(kind) => job::done(file, person, &kind),
        Write::Request { id, right, state, due, sealed } => {
            let request = RequestRow { id, right, state, received: at, due, sealed };
            request::put(file, person, &request)
        }
        Write::RequestState { id, state, sealed } => {
            request::move_on(file, person, (id, state), sealed.as_ref())
        }
        Write::Events { tag, sealed, counts, received, .. } => {
            event::write(file, &NewBlock { tag, sealed, counts, received })
        }
        Write::Idempotent { once, status, body } => {
            idempotency::keep(file, person, &Answer { once, status, body }, at)
        }
        Write::Consent { .. }
        | Write::Objected(_)
        | Write::Shares(_)
        | Write::Transfers(_)
        | Write::Account(_)
        | Write::Age(_)
        | Write::Adopted(_)
        | Write::Erase => Ok(()),
    }
}

/// After everything else that was staged, so that nothing of it outlives the key.
fn erase(desk: &Desk<'_>, person: PersonId) -> Result<(), Fault> {
    people::erase(desk.file, person)?;
    access::erase(desk.file, person)?;
    mail::erase(desk.file, person)?;
    job::erase(desk.file, person)?;
    idempotency::erase(desk.file, person)?;
    request::erase(desk.file, person)
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
        | Write::Request { .. }
        | Write::RequestState { .. }
        | Write::Events { .. }
        | Write::Idempotent { .. } => {}
    }
}
