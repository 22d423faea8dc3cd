//! Calls to other systems, as a verb sees them: one message there, one answer back, both bounded.
//! Who makes them comes from outside; nothing goes this way before its reason is durable.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, PoisonError};

use crate::Flows;

/// One message to another system.
#[derive(Clone)]
pub struct Call {
    /// Where to: `https://…`.
    pub url: String,
    /// What stands beside the body.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Call(‹sealed›)")
    }
}

/// What the other system answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The status.
    pub status: u16,
    /// The body, as far as it is read.
    pub body: Vec<u8>,
}

/// An answer that is on its way; what stood in between is said in words that name nobody.
pub type Hearing<'a> = Pin<Box<dyn Future<Output = Result<Heard, String>> + Send + 'a>>;

/// Who makes the calls.
pub trait Wire: Send + Sync {
    /// Sends one message with POST, and waits for the answer for a bounded time.
    fn post(&self, call: Call) -> Hearing<'_>;
}

impl Flows {
    /// Says who makes calls to other systems; until then none are made, and what waits keeps waiting.
    pub fn call_by(&self, wire: Arc<dyn Wire>) {
        *self.inner.wire.write().unwrap_or_else(PoisonError::into_inner) = Some(wire);
    }

    /// Who makes them, if anybody does.
    pub(crate) fn wire(&self) -> Option<Arc<dyn Wire>> {
        self.inner.wire.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
