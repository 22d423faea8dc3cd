//! What belongs to the installation and to nobody's person: keys of apps, versions of the policy,
//! the vocabulary.

use decide::set::Interned as _;
use decide::vocabulary::Kind;
use decide::{Purpose, Set, Source, Timestamp, Vocabulary};
use rusqlite::{Connection, params};

use crate::asker::AskerKind;
use crate::database::Place;
use crate::fault::Fault;
use crate::journal::Journal;

/// The key of an app, a partner or a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id, which records name.
    pub id: String,
    /// Whose kind of key.
    pub kind: AskerKind,
    /// The hash of the secret.
    pub hash: [u8; 32],
    /// What the operator calls it.
    pub name: String,
    /// The purposes it is bound to.
    pub purposes: Set<Purpose>,
    /// For a partner, the source that it is.
    pub source: Option<Source>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was ended.
    pub ended: Option<Timestamp>,
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The version, from 1.
    pub version: u32,
    /// The hash of its rules.
    pub hash: [u8; 32],
    /// Its folder: a JSON object of path to text.
    pub folder: String,
    /// When it was stored.
    pub stored: Timestamp,
    /// When it takes effect.
    pub effective: Timestamp,
}

/// The door to what belongs to the installation.
#[derive(Debug, Clone, Copy)]
pub struct Installation<'a> {
    pub(crate) journal: &'a Journal,
}

impl Installation<'_> {
    /// Stores a key. The same id or the same secret twice is a conflict.
    pub async fn add_key(&self, key: KeyRow) -> Result<(), Fault> {
        self.write(move |file| add_key(file, &key)).await
    }

    /// Ends a key.
    pub async fn end_key(&self, id: &str, now: Timestamp) -> Result<(), Fault> {
        let id = id.to_owned();
        self.write(move |file| {
            let ended = file
                .prepare_cached(
                    "UPDATE app_keys SET ended = $1 WHERE key_id = $2 AND ended IS NULL",
                )?
                .execute(params![now.millis(), id])?;
            if ended == 0 { Err(Fault::NotFound) } else { Ok(()) }
        })
        .await
    }

    /// The key with this hash, unless it was ended.
    pub fn key(&self, hash: &[u8; 32]) -> Result<Option<KeyRow>, Fault> {
        let found = self.read(|file| keys(file, Some(hash)))?;
        Ok(found.into_iter().find(|it| it.ended.is_none()))
    }

    /// All keys, oldest first.
    pub fn keys(&self) -> Result<Vec<KeyRow>, Fault> {
        self.read(|file| keys(file, None))
    }

    /// Stores a version of the policy. The same version twice is a conflict.
    pub async fn add_policy(&self, policy: PolicyRow) -> Result<(), Fault> {
        self.write(move |file| add_policy(file, &policy)).await
    }

    /// All versions, oldest first.
    pub fn policies(&self) -> Result<Vec<PolicyRow>, Fault> {
        self.read(policies)
    }

    /// The names and positions of this installation.
    pub fn vocabulary(&self) -> Result<Vocabulary, Fault> {
        self.read(vocabulary)
    }

    /// Stores the names that `grown` adds at the end. A name elsewhere than it stood is a conflict.
    pub async fn grow_vocabulary(&self, grown: &Vocabulary) -> Result<(), Fault> {
        let grown = grown.clone();
        self.write(move |file| grow(file, &grown)).await
    }

    async fn write<R: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        self.journal.inner.writer.submit(Place::Kept, 4_096, |it| work(it.file)).await
    }

    fn read<R>(&self, reading: impl FnOnce(&Connection) -> Result<R, Fault>) -> Result<R, Fault> {
        self.journal.inner.readers.read(&Place::Kept, reading)
    }
}

fn add_key(file: &Connection, key: &KeyRow) -> Result<(), Fault> {
    let added = file
        .prepare_cached(
            "INSERT INTO app_keys (key_id, kind, hash, title, purposes, source, made, ended) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            key.id,
            key.kind.word(),
            key.hash,
            key.name,
            key.purposes.bits().cast_signed(),
            key.source.map(Source::position),
            key.made.millis(),
            key.ended.map(Timestamp::millis),
        ])?;
    if added == 0 { Err(Fault::Conflict) } else { Ok(()) }
}

/// All keys, or the one with this hash.
fn keys(file: &Connection, hash: Option<&[u8; 32]>) -> Result<Vec<KeyRow>, Fault> {
    const COLUMNS: &str =
        "SELECT key_id, kind, hash, title, purposes, source, made, ended FROM app_keys";
    let mut statement = file.prepare_cached(&match hash {
        Some(_) => format!("{COLUMNS} WHERE hash = $1"),
        None => format!("{COLUMNS} ORDER BY made, key_id"),
    })?;
    let mut rows = match hash {
        Some(hash) => statement.query([hash])?,
        None => statement.query([])?,
    };
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(1)?;
        let unknown = || Fault::broken("a key's kind is not one that this program knows");
        found.push(KeyRow {
            id: row.get(0)?,
            kind: AskerKind::from_word(&kind).ok_or_else(unknown)?,
            hash: row.get(2)?,
            name: row.get(3)?,
            purposes: Set::from_bits(row.get::<_, i64>(4)?.cast_unsigned()),
            source: row.get::<_, Option<u8>>(5)?.map(Source::at),
            made: Timestamp::from_millis(row.get(6)?),
            ended: row.get::<_, Option<i64>>(7)?.map(Timestamp::from_millis),
        });
    }
    Ok(found)
}

fn add_policy(file: &Connection, policy: &PolicyRow) -> Result<(), Fault> {
    let added = file
        .prepare_cached(
            "INSERT INTO policies (version, hash, folder, stored, effective) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            policy.version,
            policy.hash,
            policy.folder,
            policy.stored.millis(),
            policy.effective.millis(),
        ])?;
    if added == 0 { Err(Fault::Conflict) } else { Ok(()) }
}

fn policies(file: &Connection) -> Result<Vec<PolicyRow>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT version, hash, folder, stored, effective FROM policies ORDER BY version",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(PolicyRow {
            version: row.get(0)?,
            hash: row.get(1)?,
            folder: row.get(2)?,
            stored: Timestamp::from_millis(row.get(3)?),
            effective: Timestamp::from_millis(row.get(4)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn vocabulary(file: &Connection) -> Result<Vocabulary, Fault> {
    let mut vocabulary = Vocabulary::default();
    let mut statement =
        file.prepare_cached("SELECT name FROM vocabulary_names WHERE kind = $1 ORDER BY position")?;
    for kind in Kind::ALL {
        for name in statement.query_map([kind.word()], |row| row.get::<_, String>(0))? {
            let full = |_| Fault::broken("more names are stored than a kind may have");
            vocabulary.add(*kind, &name?).map_err(full)?;
        }
    }
    Ok(vocabulary)
}

fn grow(file: &Connection, grown: &Vocabulary) -> Result<(), Fault> {
    let stands = vocabulary(file)?;
    let mut statement = file.prepare_cached(
        "INSERT INTO vocabulary_names (kind, position, name) VALUES ($1, $2, $3)",
    )?;
    for kind in Kind::ALL {
        let (old, new) = (stands.names(*kind), grown.names(*kind));
        if !new.starts_with(old) {
            return Err(Fault::Conflict);
        }
        for (position, name) in new.iter().enumerate().skip(old.len()) {
            let position = i64::try_from(position).map_err(Fault::broken)?;
            statement.execute(params![kind.word(), position, name])?;
        }
    }
    Ok(())
}
