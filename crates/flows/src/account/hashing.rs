//! The threads on which passwords are hashed. Each hash takes 19 MiB for a moment, and the allocator keeps
//! them for the thread that had them: on whatever thread is free, in time every one of them has its own.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

use crate::Stop;
use crate::engine::OpenFault;
use crate::limit::{PASSWORDS_AT_ONCE, PASSWORDS_WAITING_MAX};

type Work = Box<dyn FnOnce() + Send>;

/// The threads; they end with this.
#[derive(Debug)]
pub(crate) struct Hashing(SyncSender<Work>);

impl Hashing {
    /// Starts them.
    pub(crate) fn start() -> Result<Self, OpenFault> {
        let (orders, incoming) = sync_channel(PASSWORDS_WAITING_MAX);
        let incoming = Arc::new(Mutex::new(incoming));
        for _ in 0..PASSWORDS_AT_ONCE {
            let incoming = Arc::clone(&incoming);
            let thread = std::thread::Builder::new().name("kept-passwords".to_owned());
            let started = thread.spawn(move || {
                while let Some(work) = next(&incoming) {
                    work();
                }
            });
            started.map_err(|error| OpenFault::Broken(error.to_string()))?;
        }
        Ok(Self(orders))
    }

    /// Does it on one of them, and waits for it.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Stop> + Send + 'static,
    ) -> Result<T, Stop> {
        let ended = || Stop::Broken("hashing ended".to_owned());
        let (sender, receiver) = oneshot::channel();
        // Who does not wait any more is not told.
        let work: Work = Box::new(move || drop(sender.send(work())));
        self.0.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) => Stop::Busy,
            TrySendError::Disconnected(_) => ended(),
        })?;
        receiver.await.map_err(|_| ended())?
    }
}

/// The next piece of work; nothing when there is no more to come.
fn next(incoming: &Mutex<Receiver<Work>>) -> Option<Work> {
    incoming.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests;
