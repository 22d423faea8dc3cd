//! What is asked about people: uses, and now and then somebody takes consent back or gives it again.

use std::sync::Arc;

use super::PURPOSE;
use crate::dice::Dice;
use crate::http::forms::forwarded;
use crate::load::{Traffic, request};
use crate::seed::{Person, Seeded};

/// Addresses that changes of consent come from.
const ADDRESSES: usize = 20_000;

/// What a connection asks.
pub(super) struct Uses {
    dice: Dice,
    seeded: Arc<Seeded>,
    withdrawals: bool,
    changed: bool,
}

impl Uses {
    pub(super) fn new(
        seeded: &Arc<Seeded>,
        withdrawals: bool,
        (round, connection): (usize, usize),
    ) -> Self {
        let seed = u64::try_from(round * 1000 + connection).unwrap_or(0);
        Self { dice: Dice::new(seed), seeded: Arc::clone(seeded), withdrawals, changed: false }
    }
}

impl Traffic for Uses {
    fn ask(&mut self, into: &mut Vec<u8>) {
        self.changed = self.withdrawals && self.dice.chance(1);
        let Some(person) = self.seeded.people.get(self.dice.below(self.seeded.people.len())) else {
            return;
        };
        if self.changed {
            let word = if self.dice.chance(50) { "refused" } else { "given" };
            let from = forwarded(&mut self.dice, ADDRESSES);
            change(&self.seeded, person, (word, &from), into);
        } else {
            question(&self.seeded, person, into);
        }
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        // Who took consent back is refused, and only there.
        let right = status == 200 || (status == 403 && self.withdrawals && !self.changed);
        if right { Ok(()) } else { Err(format!("{status} {}", String::from_utf8_lossy(body))) }
    }
}

/// A use of two values for a purpose that waits for consent.
pub(super) fn question(seeded: &Seeded, person: &Person, into: &mut Vec<u8>) {
    let body = format!(
        "{{\"person\":\"{}\",\"purpose\":\"{PURPOSE}\",\"categories\":[\"email\",\"language\"]}}",
        person.id
    );
    let bearer = format!("Bearer {}", seeded.key);
    request(("POST", "/v1/use"), &[("authorization", &bearer)], &body, into);
}

/// A person's own answer to that purpose. The peers read the person from a header of their own and
/// need not look a session up.
pub(super) fn change(
    seeded: &Seeded,
    person: &Person,
    (word, from): (&str, &str),
    into: &mut Vec<u8>,
) {
    let body = format!(
        "{{\"choices\":{{\"{PURPOSE}\":\"{word}\"}},\"text_hash\":\"{}\",\"language\":\"en\"}}",
        seeded.text_hash
    );
    let (cookie, id) = (format!("kept_session={}", person.session), person.id.to_string());
    let headers = [("cookie", cookie.as_str()), ("x-forwarded-for", from), ("x-person", &id)];
    request(("PUT", "/v1/consent"), &headers, &body, into);
}
