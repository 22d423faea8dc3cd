//! Codes that were asked for by an address alone: sent beside the answer, so that how long the answer
//! takes does not tell whether the address has an account. What waits here is in memory alone and is
//! gone with the process: whoever got no code asks for another.

use std::collections::VecDeque;
use std::sync::Mutex;

use decide::Timestamp;
use flows::Flows;
use flows::account::{self, SignIn};
use flows::minors::{self, Enter};
use tokio::sync::Notify;

use crate::Problem;
use crate::limit::CODES_ASKED_MAX;

/// Somebody who asked for a code.
enum Asked {
    Person(SignIn),
    Guardian(Enter),
}

/// Who waits for a code.
#[derive(Default)]
pub(crate) struct Codes {
    asked: Mutex<VecDeque<Asked>>,
    called: Notify,
    /// Held while codes are sent, so that whoever waits for that waits for all of them.
    sending: tokio::sync::Mutex<()>,
}

impl Codes {
    /// Takes in that a code was asked for.
    ///
    /// # Errors
    /// `Invalid` for what is no address; busy where too many wait. Neither says anything of anybody.
    pub(crate) fn ask(&self, flows: &Flows, ask: SignIn) -> Result<(), Problem> {
        account::check_address(flows, &ask)?;
        self.wait(Asked::Person(ask))
    }

    /// The same, for a guardian whose address was looked at already.
    ///
    /// # Errors
    /// Busy where too many wait.
    pub(crate) fn ask_guardian(&self, ask: Enter) -> Result<(), Problem> {
        self.wait(Asked::Guardian(ask))
    }

    fn wait(&self, ask: Asked) -> Result<(), Problem> {
        let mut asked = self.held();
        if asked.len() >= CODES_ASKED_MAX {
            return Err(Problem::from(flows::Stop::Busy));
        }
        asked.push_back(ask);
        drop(asked);
        self.called.notify_one();
        Ok(())
    }

    /// Waits until somebody asks.
    pub(crate) async fn called(&self) {
        self.called.notified().await;
    }

    /// Sends what was asked for until now.
    pub(crate) async fn send(&self, flows: &Flows, now: Timestamp) {
        let _held = self.sending.lock().await;
        while let Some(ask) = self.next() {
            let sent = match ask {
                Asked::Person(ask) => account::send_code(flows, ask, now).await,
                Asked::Guardian(ask) => minors::send_guardian_code(flows, ask, now).await,
            };
            if let Err(stop) = sent {
                tracing::error!(?stop, "a code could not be sent");
            }
        }
    }

    fn next(&self) -> Option<Asked> {
        self.held().pop_front()
    }

    fn held(&self) -> std::sync::MutexGuard<'_, VecDeque<Asked>> {
        self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
