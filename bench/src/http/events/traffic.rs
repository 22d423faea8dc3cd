//! Browsers that agreed, and what their scripts send.

use std::path::Path;
use std::sync::Arc;

use flows::consent::{self, Answered, Choose, Who};
use flows::{Flows, when};
use serde_json::{Map, Value, json};

use crate::dice::Dice;
use crate::http::forms::forwarded;
use crate::load::{Traffic, request};
use crate::measure::wall;
use crate::probe::said;
use crate::seed;

/// Events of one batch.
pub(super) const BATCH: f64 = 100.0;
const EVENTS: usize = 100;
/// Different batches.
const BATCHES: usize = 64;
/// Addresses that batches come from.
const ADDRESSES: usize = 20_000;
/// Browsers that agree at the same time.
const AT_ONCE: usize = 400;

/// Browsers by their cookies, and the bodies that they send.
pub(super) struct Visitors {
    cookies: Vec<String>,
    bodies: Vec<String>,
}

impl Visitors {
    /// Makes an installation in a folder, in which so many browsers agree to be counted.
    pub(super) fn agree(folder: &Path, count: usize) -> Result<Self, String> {
        let runtime = tokio::runtime::Runtime::new().map_err(said)?;
        runtime.block_on(async {
            let flows = seed::open(folder).await?;
            let mut cookies = Vec::with_capacity(count);
            while cookies.len() < count {
                let mut set = tokio::task::JoinSet::new();
                for _ in 0..AT_ONCE.min(count - cookies.len()) {
                    let flows = flows.clone();
                    set.spawn(async move { agree(&flows).await });
                }
                for cookie in set.join_all().await {
                    cookies.push(cookie?);
                }
            }
            Ok(Self { cookies, bodies: (0..BATCHES).map(body).collect() })
        })
    }

    pub(super) fn len(&self) -> usize {
        self.cookies.len()
    }

    /// Bytes of the first body: the others are as long, nearly.
    pub(super) fn bytes(&self) -> usize {
        self.bodies.first().map_or(0, String::len)
    }

    /// A batch of a browser, by its place in the list, with one of the bodies.
    pub(super) fn batch(&self, (visitor, body, from): (usize, usize, &str), into: &mut Vec<u8>) {
        let cookie = self.cookies.get(visitor % self.cookies.len().max(1));
        let body = self.bodies.get(body % self.bodies.len().max(1));
        let cookie = format!("kept_browser={}", cookie.map_or("", String::as_str));
        let headers =
            [("cookie", cookie.as_str()), ("x-forwarded-for", from), ("user-agent", AGENT)];
        request(("POST", "/v1/events"), &headers, body.map_or("[]", String::as_str), into);
    }
}

const AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// A browser that agrees to being counted; answers its secret.
pub(crate) async fn agree(flows: &Flows) -> Result<String, String> {
    let book = flows.book();
    let home = book.home().ok_or("no home region")?;
    let ask = Choose {
        who: Who::Nobody,
        choices: vec![("improve".to_owned(), "given".to_owned())],
        text_hash: consent::text_hash(&book, home, "en"),
        language: "en".to_owned(),
        signals: decide::Signals::default(),
        screen: "banner".to_owned(),
        idempotency: None,
    };
    match consent::choose(flows, ask, wall()).await.map_err(|it| format!("{it:?}"))? {
        Answered::Known(recorded) => {
            let secret = recorded.into_inner().browser.ok_or("a browser without a secret")?;
            Ok(secret.as_str().to_owned())
        }
        Answered::Nobody(_) => Err("a yes that left nothing".to_owned()),
    }
}

/// Views of pages and clicks, as the script of the banner sends them.
fn body(number: usize) -> String {
    let mut dice = Dice::new(u64::try_from(number).unwrap_or(0));
    let pages = ["/", "/recipes/rye-bread", "/machines/coffee", "/support/contact", "/shop/pasta"];
    let hosts = ["www.example.org", "search.example.com", "news.example.net"];
    let mut pick = |of: &[&'static str]| dice.pick(of).unwrap_or("/");
    let at = when(wall());
    let event = |at_place: usize| {
        let mut event = Map::new();
        let mut put = |name: &str, value: &str| event.insert(name.to_owned(), Value::from(value));
        put("at", &at);
        put("path", pick(&pages));
        if at_place.is_multiple_of(3) {
            put("type", "click");
            put("target", "button");
            put("target_host", pick(&hosts));
        } else {
            put("type", "page-view");
            put("referrer_host", pick(&hosts));
            put("language", "en");
        }
        Value::Object(event)
    };
    let events: Vec<Value> = (0..EVENTS).map(event).collect();
    json!(events).to_string()
}

/// What a connection sends: a batch of a random browser, again and again.
pub(super) struct Batches {
    dice: Dice,
    visitors: Arc<Visitors>,
}

impl Batches {
    pub(super) fn new(visitors: &Arc<Visitors>, (round, connection): (usize, usize)) -> Self {
        let seed = u64::try_from(round * 1000 + connection).unwrap_or(0);
        Self { dice: Dice::new(seed), visitors: Arc::clone(visitors) }
    }
}

impl Traffic for Batches {
    fn ask(&mut self, into: &mut Vec<u8>) {
        let visitor = self.dice.below(self.visitors.len());
        let body = self.dice.below(BATCHES);
        let from = forwarded(&mut self.dice, ADDRESSES);
        self.visitors.batch((visitor, body, &from), into);
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        let whole = status == 200 && body.starts_with(b"{\"accepted\":100,");
        if whole { Ok(()) } else { Err(format!("{status} {}", String::from_utf8_lossy(body))) }
    }
}
