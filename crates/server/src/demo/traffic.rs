//! Traffic: the application of the demonstration asks for this and that, and is given or refused it.

use std::time::Duration;

use flows::purpose::{Use, use_values};
use flows::security::{Caller, KeyAdded, caller};
use flows::{PersonId, Stop};

use super::PURPOSES;
use crate::App;

/// How often something happens.
const EVERY: Duration = Duration::from_millis(700);

/// Traffic without end.
pub(super) async fn flow(app: &App, key: &KeyAdded, people: &[PersonId]) {
    let Ok(Some(caller)) = caller(&app.flows, &key.secret).await else { return };
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    loop {
        tokio::time::sleep(EVERY).await;
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        match step(app, &caller, people, seed).await {
            Ok(()) | Err(Stop::Refused(_) | Stop::Gone) => {}
            Err(stop) => tracing::warn!(?stop, "traffic stopped for a moment"),
        }
    }
}

async fn step(app: &App, caller: &Caller, people: &[PersonId], seed: u64) -> Result<(), Stop> {
    let pick = |count: usize, shift: u32| {
        let drawn = usize::try_from((seed >> shift) & 0xffff).unwrap_or(0);
        drawn.checked_rem(count).unwrap_or(0)
    };
    let Some(person) = people.get(pick(people.len(), 3)) else { return Ok(()) };
    let purpose = PURPOSES.get(pick(PURPOSES.len(), 21)).copied().unwrap_or("service");
    let ask = Use {
        person: *person,
        purpose: purpose.to_owned(),
        categories: vec!["email".to_owned(), "name".to_owned()],
    };
    use_values(&app.flows, caller, &ask, app.now()).await.map(drop)
}
