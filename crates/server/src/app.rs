//! What every handler is given: the flows, the clock, how this server was started.

use std::net::IpAddr;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use decide::Timestamp;
use flows::{Database, Flows};
use tokio::sync::{Mutex, Notify};
use tokio::time::Instant;

use crate::clock::Clock;
use crate::codes::Codes;
use crate::limit::{SIGN_IN_FOR_MAX, UNCONFIRMED_SECONDS_MAX};
use crate::rate::{Gate, Peer, Rates};
use crate::{Limits, Problem};

const ACCOUNT: Gate = Gate { name: "account", most: SIGN_IN_FOR_MAX };

/// How this server was started.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Origins of the sites that carry the banner, as browsers write them: `https://www.example.com`.
    pub sites: Vec<String>,
    /// Whether people reach it by https, so that cookies are for https alone.
    pub secure: bool,
    /// Whether the clock may be moved.
    pub test_clock: bool,
    /// Addresses of our own proxies, whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// The folder of mails that a demonstration shows.
    pub mails_shown: Option<PathBuf>,
    /// What connections may cost.
    pub limits: Limits,
    /// How the desk is configured.
    pub desk: flows::messages::Desk,
}

/// Everything that a handler needs. Clones are handles to the same.
#[derive(Clone)]
pub struct App(Arc<Held>);

/// What the handles hold.
pub struct Held {
    /// What the product does.
    pub flows: Flows,
    /// What time it is.
    pub clock: Arc<Clock>,
    /// How this server was started.
    pub settings: Settings,
    pub(crate) rates: Rates,
    pub(crate) woken: Notify,
    /// Held while what is due is done, so that whoever waits for that waits for all of it.
    pub(crate) errands: Mutex<()>,
    /// Tells the courier that there may be mail.
    pub(crate) posted: Notify,
    /// Held while mail is delivered.
    pub(crate) letters: Mutex<()>,
    /// Who waits for a code.
    pub(crate) codes: Codes,
    draining: AtomicBool,
    /// When the list of policies was last read, by a clock that nobody moves.
    confirmed: std::sync::Mutex<Instant>,
}

impl Deref for App {
    type Target = Held;

    fn deref(&self) -> &Held {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Held")
    }
}

impl App {
    /// A server over these flows; `None` when the system has no randomness to give.
    pub fn new(flows: Flows, clock: Arc<Clock>, settings: Settings) -> Option<Self> {
        flows.equip(settings.desk.clone());
        Some(Self(Arc::new(Held {
            flows,
            clock,
            settings,
            rates: Rates::fresh()?,
            woken: Notify::new(),
            errands: Mutex::default(),
            posted: Notify::new(),
            letters: Mutex::default(),
            codes: Codes::default(),
            draining: AtomicBool::new(false),
            confirmed: std::sync::Mutex::new(Instant::now()),
        })))
    }

    /// Whether it is about to stop: then no more work should come here.
    pub(crate) fn draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    pub(crate) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// The list of policies was read.
    pub(crate) fn confirm(&self) {
        *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Whether the policy that decides here is known to be the one in force. Another node may have
    /// published one; whoever has not read the list for so long does not answer by it.
    pub(crate) fn is_confirmed(&self) -> bool {
        let read = *self.confirmed.lock().unwrap_or_else(PoisonError::into_inner);
        let alone = matches!(self.flows.settings().database, Database::Folder(_));
        alone || read.elapsed() < Duration::from_secs(UNCONFIRMED_SECONDS_MAX)
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Counts a request of an address.
    pub(crate) fn pass(&self, gate: Gate, peer: &Peer) -> Result<(), Problem> {
        self.rates.pass(gate, &peer.bytes(), self.now()).map_err(Problem::too_many)
    }

    /// Counts what is tried on one account, wherever it comes from: many addresses together could
    /// try every code.
    pub(crate) fn pass_for(&self, account: &str) -> Result<(), Problem> {
        let account = account.trim().to_lowercase();
        self.rates.pass(ACCOUNT, account.as_bytes(), self.now()).map_err(Problem::too_many)
    }

    /// Tells the courier and the worker that there is something to do.
    pub fn wake(&self) {
        self.woken.notify_one();
    }
}
