//! Everything that is asked of a server in a day, mixed.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flows::when;
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::http::events::agree;
use crate::load::{Traffic, request};
use crate::measure::wall;
use crate::probe::said;
use crate::seed::{self, Person, Seeded, Wanted};

const PURPOSE: &str = "survey";
/// Of a hundred requests.
const ASKED: usize = 40;
const USED: usize = 40;
const ANSWERED: usize = 8;
const EVENTS: usize = 11;
/// What they are, in words; the rest registers.
pub(super) const SHARES: &str = "of 100 requests 40 ask, 40 use two values, 8 answer the banner (half of \
     them take consent back), 11 bring 10 events each, 1 registers somebody";
/// Addresses that browsers come from.
const ADDRESSES: usize = 50_000;
/// Events of a batch, and different batches.
const BATCH: usize = 10;
const BATCHES: u64 = 64;
/// Browsers that agree at the same time.
const AT_ONCE: usize = 400;
const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Who is asked about, and who asks.
pub(super) struct World {
    seeded: Seeded,
    browsers: Vec<String>,
    batches: Vec<String>,
    newcomers: AtomicU64,
}

impl World {
    /// Makes an installation with so many people, and as many browsers that agreed to be counted.
    pub(super) fn seed(folder: &Path, people: usize) -> Result<Self, String> {
        let runtime = tokio::runtime::Runtime::new().map_err(said)?;
        runtime.block_on(async {
            let flows = seed::open(folder).await?;
            let purposes = &["service", PURPOSE];
            let wanted = Wanted { people, purposes, yes: &[PURPOSE] };
            let seeded = seed::seed_into(&flows, folder, wanted).await?;
            let mut browsers = Vec::with_capacity(people);
            while browsers.len() < people {
                let mut agreeing = tokio::task::JoinSet::new();
                for _ in 0..AT_ONCE.min(people - browsers.len()) {
                    let flows = flows.clone();
                    agreeing.spawn(async move { agree(&flows).await });
                }
                for cookie in agreeing.join_all().await {
                    browsers.push(cookie?);
                }
            }
            flows.close(wall()).await.map_err(|it| format!("{it:?}"))?;
            let batches = (0..BATCHES).map(batch).collect();
            Ok(Self { seeded, browsers, batches, newcomers: AtomicU64::new(0) })
        })
    }
}

/// Views of pages, as the script of the banner sends them.
fn batch(number: u64) -> String {
    let mut dice = Dice::new(number);
    let pages = ["/", "/recipes/rye-bread", "/machines/coffee", "/support/contact", "/shop/pasta"];
    let at = when(wall());
    let event = |_| {
        let path = dice.pick(&pages).unwrap_or("/");
        json!({
            "at": at, "type": "page-view", "path": path, "language": "en",
            "referrer_host": "www.example.org",
        })
    };
    Value::from((0..BATCH).map(event).collect::<Vec<_>>()).to_string()
}

/// What was asked last.
#[derive(Debug, Clone, Copy)]
enum Asked {
    Decide,
    Use,
    Consent,
    Events,
    Register,
}

/// What one connection asks.
pub(super) struct Mix {
    world: Arc<World>,
    dice: Dice,
    asked: Asked,
}

impl Mix {
    pub(super) fn new(world: &Arc<World>, lane: usize) -> Self {
        let dice = Dice::new(u64::try_from(lane).unwrap_or(0));
        Self { world: Arc::clone(world), dice, asked: Asked::Decide }
    }

    fn somebody(&mut self) -> Option<&Person> {
        let people = &self.world.seeded.people;
        people.get(self.dice.below(people.len()))
    }

    fn from(&mut self) -> String {
        let number = self.dice.below(ADDRESSES);
        format!("10.{}.{}.{}", number / 65_536 % 256, number / 256 % 256, number % 256)
    }

    fn key(&self) -> String {
        format!("Bearer {}", self.world.seeded.key)
    }

    fn question(&mut self, path: &str, act: &str, purpose: &str, into: &mut Vec<u8>) {
        let person = self.somebody().map(|it| it.id.to_string()).unwrap_or_default();
        let body = format!(
            "{{\"person\":\"{person}\",{act}\"purpose\":\"{purpose}\",\
             \"categories\":[\"email\",\"language\"]}}"
        );
        request(("POST", path), &[("authorization", &self.key())], &body, into);
    }

    fn consent(&mut self, into: &mut Vec<u8>) {
        let word = if self.dice.chance(50) { "refused" } else { "given" };
        let from = self.from();
        let session = self.somebody().map(|it| it.session.clone()).unwrap_or_default();
        let body = json!({
            "choices": { PURPOSE: word }, "text_hash": self.world.seeded.text_hash,
            "language": "en",
        });
        let cookie = format!("kept_session={session}");
        let headers = [("cookie", cookie.as_str()), ("x-forwarded-for", from.as_str())];
        request(("PUT", "/v1/consent"), &headers, &body.to_string(), into);
    }

    fn events(&mut self, into: &mut Vec<u8>) {
        let from = self.from();
        let browser = self.dice.below(self.world.browsers.len());
        let batch = self.dice.below(self.world.batches.len());
        let browser = self.world.browsers.get(browser).map_or("", String::as_str);
        let batch = self.world.batches.get(batch).map_or("[]", String::as_str);
        let cookie = format!("kept_browser={browser}");
        let headers = [
            ("cookie", cookie.as_str()),
            ("x-forwarded-for", from.as_str()),
            ("user-agent", AGENT),
        ];
        request(("POST", "/v1/events"), &headers, batch, into);
    }

    fn register(&mut self, into: &mut Vec<u8>) {
        let from = self.from();
        let number = self.world.newcomers.fetch_add(1, Ordering::Relaxed);
        let body = json!({
            "email": format!("newcomer.{number}@example.net"), "birth_date": "1980-05-17",
            "region": "cn", "language": "en", "accept": { "version": 1 },
            "data": { "name": format!("Invented Newcomer {number}") },
        });
        let headers = [("x-forwarded-for", from.as_str())];
        request(("POST", "/v1/people"), &headers, &body.to_string(), into);
    }
}

impl Traffic for Mix {
    fn ask(&mut self, into: &mut Vec<u8>) {
        let turn = self.dice.below(100);
        self.asked = match turn {
            it if it < ASKED => Asked::Decide,
            it if it < ASKED + USED => Asked::Use,
            it if it < ASKED + USED + ANSWERED => Asked::Consent,
            it if it < ASKED + USED + ANSWERED + EVENTS => Asked::Events,
            _ => Asked::Register,
        };
        match self.asked {
            Asked::Decide => self.question("/v1/decide", "\"act\":\"use\",", "service", into),
            Asked::Use => self.question("/v1/use", "", PURPOSE, into),
            Asked::Consent => self.consent(into),
            Asked::Events => self.events(into),
            Asked::Register => self.register(into),
        }
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        let right = match self.asked {
            Asked::Decide | Asked::Consent | Asked::Events => status == 200,
            // Who took consent back is refused.
            Asked::Use => matches!(status, 200 | 403),
            Asked::Register => status == 201,
        };
        if right {
            return Ok(());
        }
        Err(format!("{:?}: {status} {}", self.asked, String::from_utf8_lossy(body)))
    }
}
