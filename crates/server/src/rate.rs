//! How often: a counter for each address, key or person and window. It knows none of them: what it
//! counts by is an HMAC under a key that lives as long as the process.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use aws_lc_rs::hmac;
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use decide::Timestamp;

use crate::App;
use crate::limit::{COUNTED_MAX, WINDOW_MILLIS};

/// What is counted, and how many are let through in a window.
#[derive(Debug, Clone, Copy)]
pub struct Gate {
    /// Its name, so that two gates never share a counter.
    pub name: &'static str,
    /// How many.
    pub most: u32,
}

/// Counters of the current window.
pub struct Rates {
    key: hmac::Key,
    window: Mutex<Window>,
}

#[derive(Default)]
struct Window {
    number: i64,
    counts: BTreeMap<[u8; 16], u32>,
}

impl std::fmt::Debug for Rates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Rates")
    }
}

impl Rates {
    /// Counters under a fresh key; `None` when the system has no randomness to give.
    pub fn fresh() -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &aws_lc_rs::rand::SystemRandom::new());
        Some(Self { key: key.ok()?, window: Mutex::default() })
    }

    /// Counts one; when it is one too many, the seconds after which to come back.
    pub fn pass(&self, gate: Gate, whose: &[u8], now: Timestamp) -> Result<(), u64> {
        let number = now.millis().div_euclid(WINDOW_MILLIS);
        let id = self.id(gate, whose);
        let mut window = self.window.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if window.number != number {
            *window = Window { number, counts: BTreeMap::new() };
        }
        let known = window.counts.contains_key(&id);
        // Where too many are counted the rest share one counter: slower for them, bounded for us.
        let id = if known || window.counts.len() < COUNTED_MAX { id } else { [0; 16] };
        let count = window.counts.entry(id).or_insert(0);
        *count = count.saturating_add(1);
        if *count <= gate.most {
            return Ok(());
        }
        let left = WINDOW_MILLIS - now.millis().rem_euclid(WINDOW_MILLIS);
        Err(u64::try_from(left).unwrap_or(0).div_ceil(1_000).max(1))
    }

    fn id(&self, gate: Gate, whose: &[u8]) -> [u8; 16] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(gate.name.as_bytes());
        context.update(&[0]);
        context.update(whose);
        let mut id = [0; 16];
        for (to, from) in id.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        id
    }
}

/// The address that a request came from. It is counted by, and never stored.
#[derive(Clone, Copy)]
pub(crate) struct Peer(Option<IpAddr>);

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Peer {
    /// The address.
    pub(crate) const fn address(&self) -> Option<IpAddr> {
        self.0
    }

    /// What is counted by: of version 6 the network, because each household has a whole one.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self.0 {
            Some(IpAddr::V4(it)) => it.octets().to_vec(),
            Some(IpAddr::V6(it)) => it.octets().into_iter().take(8).collect(),
            None => Vec::new(),
        }
    }
}

impl FromRequestParts<App> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let direct = info.map(|it| it.0.ip().to_canonical());
        Ok(Self(direct.map(|it| behind(it, &parts.headers, &app.settings.proxies))))
    }
}

/// The address behind our own proxies: the last one in the list that none of them has. Whatever
/// stands before it, anybody may have written.
fn behind(direct: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&direct) {
        return direct;
    }
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|it| it.to_str().ok());
    let written: Vec<&str> = lines.flat_map(|it| it.split(',')).map(str::trim).collect();
    for text in written.iter().rev() {
        match text.parse::<IpAddr>().map(|it| it.to_canonical()) {
            Ok(address) if proxies.contains(&address) => {}
            Ok(address) => return address,
            // What a proxy of ours wrote is an address: this is not from it.
            Err(_) => return direct,
        }
    }
    direct
}

#[cfg(test)]
mod tests;
