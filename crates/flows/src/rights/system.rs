//! Connected systems: what else of the controller's holds data of people, and has to be told.

use std::sync::{Arc, PoisonError, RwLock};

use crate::outbound::Outbound;
use crate::{Flows, Secret, Stop};

/// A connected system. It is told by a message that it can tell from any other by its signature.
#[derive(Debug, Clone)]
pub struct System {
    /// Its id, which deliveries name; the id of a recipient or a source of the policy, where it is
    /// theirs.
    pub id: String,
    /// Where messages go: `https://…`.
    pub url: String,
    /// The secret that both sides sign with.
    pub secret: Secret,
}

/// Letters of an id.
const ID_MAX: usize = 64;
/// Letters of a secret, at least.
const SECRET_MIN: usize = 24;
/// Connected systems.
const SYSTEMS_MAX: usize = 64;

/// The connected systems, and the way to them.
#[derive(Debug)]
pub(crate) struct Systems {
    list: RwLock<Arc<[System]>>,
    way: Outbound,
}

impl Systems {
    /// None yet. The operator named every one of them, so they may stand in a network of our own.
    ///
    /// # Errors
    /// When the library of TLS refuses its own defaults.
    pub(crate) fn new() -> Result<Self, String> {
        let way = Outbound::new()?;
        way.allow_private();
        Ok(Self { list: RwLock::default(), way })
    }
}

impl Flows {
    /// Says which systems are connected, in place of what was said before.
    ///
    /// # Errors
    /// `Invalid` for one that cannot be told: an id of other letters, an address without https, a
    /// short secret, two of one id.
    pub fn connect(&self, systems: Vec<System>) -> Result<(), Stop> {
        if systems.len() > SYSTEMS_MAX {
            return Err(Stop::invalid("system", format!("connect at most {SYSTEMS_MAX}")));
        }
        for (at, system) in systems.iter().enumerate() {
            check(system)?;
            if systems.iter().skip(at.saturating_add(1)).any(|it| it.id == system.id) {
                let say = format!("two are called `{}`; give each an id of its own", system.id);
                return Err(Stop::invalid("system", say));
            }
        }
        let list = &self.inner.systems.list;
        *list.write().unwrap_or_else(PoisonError::into_inner) = systems.into();
        Ok(())
    }

    /// The connected systems.
    pub(crate) fn systems(&self) -> Arc<[System]> {
        Arc::clone(&self.inner.systems.list.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The connected system with an id.
    pub(crate) fn system(&self, id: &str) -> Option<System> {
        self.systems().iter().find(|it| it.id == id).cloned()
    }

    /// The way to connected systems.
    pub(crate) fn indoors(&self) -> &Outbound {
        &self.inner.systems.way
    }
}

fn check(system: &System) -> Result<(), Stop> {
    let plain = |it: char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_' | '.');
    let id = &system.id;
    if id.is_empty() || id.len() > ID_MAX || !id.chars().all(plain) {
        return Err(Stop::invalid("system.id", "use letters, digits, `-`, `_` and `.`"));
    }
    check_way(&format!("system `{id}`"), (&system.url, &system.secret))
}

/// Whether another system can be written to there, and knows by this secret that it is us.
///
/// # Errors
/// `Invalid` for an address without https, and for a short secret.
pub(crate) fn check_way(whose: &str, (url, secret): (&str, &Secret)) -> Result<(), Stop> {
    let good = url::Url::parse(url).is_ok_and(|url| {
        let near = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        url.scheme() == "https" || (url.scheme() == "http" && near)
    });
    let field = whose.split(' ').next().unwrap_or(whose);
    if !good {
        let say = format!("{whose} needs an address that begins with `https://`");
        return Err(Stop::invalid(format!("{field}.url"), say));
    }
    if secret.as_str().len() < SECRET_MIN {
        let say = format!("the secret of {whose} is short; write at least {SECRET_MIN} letters");
        return Err(Stop::invalid(format!("{field}.secret"), say));
    }
    Ok(())
}
