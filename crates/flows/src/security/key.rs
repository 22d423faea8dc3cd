//! Adding a key, and knowing one again.

use decide::{Purpose, Set, Source, Timestamp};
use journal::{Asker, AskerKind, KeyRow};

use crate::limit::KEY_NAME_MAX;
use crate::{Flows, Secret, Stop};

/// A key is wanted.
#[derive(Debug)]
pub struct AddKey {
    /// Whose kind of key: application, partner or staff.
    pub kind: AskerKind,
    /// What the operator calls it.
    pub name: String,
    /// The purposes that it may name.
    pub purposes: Vec<String>,
    /// For a partner, the source that it is.
    pub source: Option<String>,
}

/// A key, the one time that it is shown.
#[derive(Debug)]
pub struct KeyAdded {
    /// Its id.
    pub id: String,
    /// The key.
    pub secret: Secret,
}

/// A key as a list shows it.
#[derive(Debug, serde::Serialize)]
pub struct KeySeen {
    /// Its id.
    pub id: String,
    /// Whose kind of key.
    pub kind: &'static str,
    /// What the operator calls it.
    pub name: String,
    /// The purposes that it may name.
    pub purposes: Vec<String>,
}

/// Whoever calls with a key.
#[derive(Debug, Clone)]
pub struct Caller {
    id: String,
    name: String,
    kind: AskerKind,
    purposes: Set<Purpose>,
    source: Option<Source>,
}

impl Caller {
    /// The key's id, which records name.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What the operator calls it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is a partner.
    pub fn is_partner(&self) -> bool {
        self.kind == AskerKind::Partner
    }

    /// Whether it is an application.
    pub fn is_app(&self) -> bool {
        self.kind == AskerKind::App
    }

    /// Whether the key may name this purpose.
    pub fn may_name(&self, purpose: Purpose) -> bool {
        self.purposes.has(purpose)
    }

    /// The purposes that it may name.
    pub const fn purposes(&self) -> Set<Purpose> {
        self.purposes
    }

    /// For a partner, the source that it is.
    pub const fn source(&self) -> Option<Source> {
        self.source
    }

    /// As records name it.
    pub fn asker(&self) -> Asker {
        Asker::new(self.kind, self.id.clone())
    }
}

const fn prefix(kind: AskerKind) -> &'static str {
    match kind {
        AskerKind::App | AskerKind::Person | AskerKind::Guardian | AskerKind::System => "kept_app_",
        AskerKind::Partner => "kept_partner_",
        AskerKind::Staff => "kept_staff_",
    }
}

/// Makes a key.
///
/// # Errors
/// `Invalid` for a name or purpose that does not fit.
pub async fn add_key(flows: &Flows, ask: AddKey, now: Timestamp) -> Result<KeyAdded, Stop> {
    let book = flows.book();
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    if ask.name.is_empty() || ask.name.len() > KEY_NAME_MAX || !ask.name.chars().all(plain) {
        return Err(Stop::invalid("name", "use letters, digits, `-`, `_` and `.`"));
    }
    let purposes = ask.purposes.iter().map(|it| book.purpose(it)).collect::<Result<_, _>>()?;
    let source = ask.source.as_deref().map(|it| book.source(it)).transpose()?;
    if ask.kind == AskerKind::App && ask.purposes.is_empty() {
        return Err(Stop::invalid("purposes", "name the purposes that the application may name"));
    }
    if ask.kind == AskerKind::Partner && source.is_none() {
        return Err(Stop::invalid("source", "name the source that the partner is"));
    }
    let secret = Secret::fresh(flows.vault(), prefix(ask.kind))?;
    let id = format!("key_{:032x}", flows.journal().new_id(now));
    let row = KeyRow {
        id: id.clone(),
        kind: ask.kind,
        hash: secret.hash(),
        name: ask.name,
        purposes,
        source,
        made: now,
        ended: None,
    };
    flows.journal().installation().add_key(row).await?;
    Ok(KeyAdded { id, secret })
}

/// Whose key this is.
///
/// # Errors
/// When the keys cannot be read.
pub async fn caller(flows: &Flows, key: &Secret) -> Result<Option<Caller>, Stop> {
    let row = flows.journal().installation().key(&key.hash()).await?;
    Ok(row.map(|it| Caller {
        id: it.id.clone(),
        name: it.name.clone(),
        kind: it.kind,
        purposes: it.purposes,
        source: it.source,
    }))
}

/// All keys, oldest first.
///
/// # Errors
/// When the keys cannot be read.
pub async fn keys(flows: &Flows) -> Result<Vec<KeySeen>, Stop> {
    let book = flows.book();
    let rows = flows.journal().installation().keys().await?;
    let seen = |it: KeyRow| KeySeen {
        id: it.id,
        kind: it.kind.word(),
        name: it.name,
        purposes: book.purpose_ids(it.purposes),
    };
    Ok(rows.into_iter().map(seen).collect())
}
