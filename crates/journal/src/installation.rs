//! What belongs to the installation and to nobody's person: keys of apps, versions of the policy,
//! the vocabulary.

use std::sync::Arc;

use decide::set::Interned as _;
use decide::vocabulary::Kind;
use decide::{Purpose, Set, Source, Timestamp, Vocabulary};

use crate::asker::AskerKind;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::place::Place;
use crate::sql::{Query, Row, Statement, Touches, Unmet, values};

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

macro_rules! keys {
    ($rest:literal) => {
        concat!(
            "SELECT key_id, kind, hash, title, purposes, source, made, ended FROM app_keys ",
            $rest
        )
    };
}

/// The door to what belongs to the installation.
#[derive(Debug, Clone, Copy)]
pub struct Installation<'a> {
    pub(crate) journal: &'a Journal,
}

impl Installation<'_> {
    /// Stores a key. The same id or the same secret twice is a conflict.
    pub async fn add_key(&self, key: KeyRow) -> Result<(), Fault> {
        self.write(vec![add_key(key)]).await
    }

    /// Ends a key.
    pub async fn end_key(&self, id: &str, now: Timestamp) -> Result<(), Fault> {
        let text = "UPDATE app_keys SET ended = $1 WHERE key_id = $2 AND ended IS NULL";
        let end = Statement::new(text, values![now, id]).or(Unmet::NotFound);
        self.write(vec![end.touching(Touches::Keys)]).await
    }

    /// The key with this hash, unless it was ended.
    pub async fn key(&self, hash: &[u8; 32]) -> Result<Option<Arc<KeyRow>>, Fault> {
        let found = self.journal.inner.engine.key(hash).await?;
        Ok(found.filter(|it| it.ended.is_none()))
    }

    /// All keys, oldest first.
    pub async fn keys(&self) -> Result<Vec<KeyRow>, Fault> {
        self.read(&Query::new(keys!("ORDER BY made, key_id"), values![], key)).await
    }

    /// Stores a version of the policy. The same version twice is a conflict.
    pub async fn add_policy(&self, policy: PolicyRow) -> Result<(), Fault> {
        let text = "INSERT INTO policies (version, hash, folder, stored, effective) \
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let PolicyRow { version, hash, folder, stored, effective } = policy;
        let values = values![version, hash, folder, stored, effective];
        self.write(vec![Statement::new(text, values).or(Unmet::Conflict)]).await
    }

    /// All versions, oldest first.
    pub async fn policies(&self) -> Result<Vec<PolicyRow>, Fault> {
        let text = "SELECT version, hash, folder, stored, effective FROM policies ORDER BY version";
        let policies = Query::new(text, values![], |row| {
            Ok(PolicyRow {
                version: row.small(0)?,
                hash: row.array(1)?,
                folder: row.text(2)?,
                stored: row.instant(3)?,
                effective: row.instant(4)?,
            })
        });
        self.read(&policies).await
    }

    /// The names and positions of this installation.
    pub async fn vocabulary(&self) -> Result<Vocabulary, Fault> {
        let text = "SELECT kind, name FROM vocabulary_names ORDER BY kind, position";
        let names =
            self.read(&Query::new(text, values![], |row| Ok((row.text(0)?, row.text(1)?)))).await?;
        let mut vocabulary = Vocabulary::default();
        for kind in Kind::ALL {
            for (_, name) in names.iter().filter(|(it, _)| it == kind.word()) {
                let full = |_| Fault::broken("more names are stored than a kind may have");
                vocabulary.add(*kind, name).map_err(full)?;
            }
        }
        Ok(vocabulary)
    }

    /// Stores the names that `grown` adds at the end. A name elsewhere than it stood is a conflict.
    pub async fn grow_vocabulary(&self, grown: &Vocabulary) -> Result<(), Fault> {
        let stands = self.vocabulary().await?;
        let text = "INSERT INTO vocabulary_names (kind, position, name) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING";
        let mut statements = Vec::new();
        for kind in Kind::ALL {
            let (old, new) = (stands.names(*kind), grown.names(*kind));
            if !new.starts_with(old) {
                return Err(Fault::Conflict);
            }
            for (position, name) in new.iter().enumerate().skip(old.len()) {
                let position = i64::try_from(position).map_err(Fault::broken)?;
                let values = values![kind.word(), position, name.as_str()];
                statements.push(Statement::new(text, values).or(Unmet::Conflict));
            }
        }
        self.write(statements).await
    }

    async fn write(&self, statements: Vec<Statement>) -> Result<(), Fault> {
        self.journal.inner.engine.write(&Place::Kept, statements).await.map(drop)
    }

    async fn read<T>(&self, query: &Query<T>) -> Result<Vec<T>, Fault> {
        self.journal.inner.engine.read(&Place::Kept, query).await
    }
}

/// The key with this hash, ended or not.
pub(crate) fn key_of(hash: &[u8; 32]) -> Query<KeyRow> {
    Query::new(keys!("WHERE hash = $1"), values![*hash], key)
}

fn add_key(key: KeyRow) -> Statement {
    let text = "INSERT INTO app_keys (key_id, kind, hash, title, purposes, source, made, ended) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    let values = values![
        key.id,
        key.kind.word(),
        key.hash,
        key.name,
        key.purposes.bits(),
        key.source.map(Source::position),
        key.made,
        key.ended,
    ];
    Statement::new(text, values).or(Unmet::Conflict).touching(Touches::Keys)
}

fn key(row: &Row<'_>) -> Result<KeyRow, Fault> {
    let unknown = || Fault::broken("a key's kind is not one that this program knows");
    let source = row.maybe_int(5)?.map(u8::try_from).transpose().map_err(Fault::broken)?;
    Ok(KeyRow {
        id: row.text(0)?,
        kind: AskerKind::from_word(&row.text(1)?).ok_or_else(unknown)?,
        hash: row.array(2)?,
        name: row.text(3)?,
        purposes: Set::from_bits(row.bits(4)?),
        source: source.map(Source::at),
        made: row.instant(6)?,
        ended: row.maybe_int(7)?.map(Timestamp::from_millis),
    })
}

/// Keys that were ended, for the list of changes.
pub(crate) fn ended() -> Query<String> {
    let text = "SELECT key_id FROM app_keys WHERE ended IS NOT NULL";
    Query::new(text, values![], |row| row.text(0))
}
