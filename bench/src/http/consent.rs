//! Consent recorded durably over HTTP, beside Fides: two answers a request, of people who are known.

mod fides;

use std::sync::Arc;

use serde_json::Value;

use self::fides::Fides;
use super::forms::{self, forwarded};
use super::rounds::{COLUMNS, Found, Rounds, Side, bars, in_turn, rows, times};
use crate::call::{Call, Done};
use crate::chart::Chart;
use crate::dice::Dice;
use crate::kept::Kept;
use crate::load::{Connection, Traffic, request};
use crate::probe::said;
use crate::process;
use crate::report::Report;
use crate::seed::{Seeded, Wanted, seed};

const PEOPLE: usize = 200;
const CONNECTIONS: usize = 16;
const FIDES: &str = "Fides";
const ADDRESSES: usize = 20_000;
/// Answers in each request.
const TWO: f64 = 2.0;
/// Times its rate, times less processor time, and our share of its memory.
const RATE_LEAST: f64 = 150.0;
const CPU_LEAST: f64 = 250.0;
const MEMORY_MOST: f64 = 0.1;

/// Whom the requests go to, and what each person is known by there.
struct World {
    seeded: Seeded,
    /// Fides knows people by requests that were opened for them.
    requests: Vec<String>,
}

/// Measures.
///
/// # Errors
/// When a side keeps other answers than were given, or a goal is missed.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "consent: two answers a request, durable, over HTTP")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let wanted = Wanted { people: PEOPLE, purposes: &["survey"], yes: &[] };
    let seeded = seed(folder.path(), wanted)?;
    let kept = Kept::serve(folder.path(), &[])?;
    let fides = Fides::start(folder.path())?;
    let requests = fides.open(&seeded)?;
    let world = Arc::new(World { seeded, requests });
    same(&kept, &fides, &world)?;
    report
        .say(format!("{PEOPLE} people. Peer: Fides {}, with PostgreSQL and Redis.", fides.version));
    let ours = Side {
        name: "kept",
        address: kept.address,
        ours: true,
        cpu: Box::new(|| process::cpu(kept.id())),
    };
    let theirs =
        Side { name: FIDES, address: fides.address, ours: false, cpu: Box::new(|| fides.cpu()) };
    let how = Rounds::of(call, CONNECTIONS);
    // Each is asked in its own words.
    let make = |side: &Side<'_>, place| {
        Answers::new(&world, if side.ours { Words::Kept } else { Words::Fides }, place)
    };
    let found = in_turn(&[ours, theirs], how, &make)?;
    report.say(format!("\nAnswers, {CONNECTIONS} connections, two in each request:"));
    report.table(COLUMNS, &rows(&found, TWO));
    goals(&mut report, &found, (&kept, &fides));
    let bars = bars(&found, TWO, "");
    let chart = Chart {
        title: "Consent recorded over HTTP, durable",
        axis: "answers of people a second; more is better",
        bars: &bars,
    };
    report.chart("consent", &chart)?;
    report.end()
}

fn goals(report: &mut Report, found: &[Found], (kept, fides): (&Kept, &Fides)) {
    let rate = times(found, FIDES);
    let cpu = |ours: bool| found.iter().find(|it| it.ours == ours).map_or(f64::NAN, |it| it.cpu);
    let spent = cpu(false) / cpu(true);
    let mib = |bytes: u64| f64::from(u32::try_from(bytes / 1024).unwrap_or(u32::MAX)) / 1024.0;
    let (ours, theirs) = (mib(process::memory(kept.id(), "VmRSS")), mib(fides.memory()));
    report.goal(
        &format!("at least {RATE_LEAST}× its rate"),
        &format!("{rate:.0}×"),
        rate >= RATE_LEAST,
    );
    report.goal(
        &format!("at least {CPU_LEAST}× less processor time each"),
        &format!("{spent:.0}×"),
        spent >= CPU_LEAST,
    );
    report.goal(
        "at most a tenth of its memory (its web server alone, without PostgreSQL and Redis)",
        &format!("{ours:.0} MiB beside {theirs:.0} MiB"),
        ours <= theirs * MEMORY_MOST,
    );
}

/// Whose words a request is written in.
#[derive(Debug, Clone, Copy)]
enum Words {
    Kept,
    Fides,
}

/// What a connection sends: two answers of one of its own people, for nobody answers in sixteen
/// browsers at the same moment.
struct Answers {
    dice: Dice,
    connection: usize,
    world: Arc<World>,
    words: Words,
}

impl Answers {
    fn new(world: &Arc<World>, words: Words, (round, connection): (usize, usize)) -> Self {
        let seed = u64::try_from(round * 1000 + connection).unwrap_or(0);
        Self { dice: Dice::new(seed), connection, world: Arc::clone(world), words }
    }
}

impl Traffic for Answers {
    fn ask(&mut self, into: &mut Vec<u8>) {
        let person = self.dice.below(PEOPLE / CONNECTIONS) * CONNECTIONS + self.connection;
        let yes = [self.dice.chance(50), self.dice.chance(50)];
        let from = forwarded(&mut self.dice, ADDRESSES);
        write(&self.world, (self.words, person), yes, (&from, into));
    }

    fn answered(&mut self, status: u16, body: &[u8]) -> Result<(), String> {
        if status == 200 { Ok(()) } else { Err(String::from_utf8_lossy(body).into_owned()) }
    }
}

/// A request: the first answer to surveys and advertising, the second to counting and function.
fn write(
    world: &World,
    (words, person): (Words, usize),
    yes: [bool; 2],
    (from, into): (&str, &mut Vec<u8>),
) {
    let [first, second] = yes;
    match words {
        Words::Kept => {
            let state = |answer| if answer { "given" } else { "refused" };
            let body = format!(
                "{{\"choices\":{{\"survey\":\"{}\",\"improve\":\"{}\"}},\"text_hash\":\"{}\",\
                 \"language\":\"en\"}}",
                state(first),
                state(second),
                world.seeded.text_hash
            );
            let session = world.seeded.people.get(person).map_or("", |it| it.session.as_str());
            let cookie = format!("kept_session={session}");
            let headers = [("cookie", cookie.as_str()), ("x-forwarded-for", from)];
            request(("PUT", "/v1/consent"), &headers, &body, into);
        }
        Words::Fides => {
            let body = format!(
                "{{\"consent\":[{{\"data_use\":\"marketing.advertising\",\"opt_in\":{first}}},\
                 {{\"data_use\":\"functional\",\"opt_in\":{second}}}]}}"
            );
            let id = world.requests.get(person).map_or("", String::as_str);
            let path = format!("/api/v1/consent-request/{id}/preferences");
            request(("PATCH", &path), &[], &body, into);
        }
    }
}

/// Whether both say that they keep what was answered, each combination by several people.
fn same(kept: &Kept, fides: &Fides, world: &World) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        for (address, words) in [(kept.address, Words::Kept), (fides.address, Words::Fides)] {
            let mut to = Connection::open(address).await.map_err(said)?;
            for person in 0..20 {
                let yes = [person % 2 == 0, person % 3 == 0];
                let mut bytes = Vec::new();
                write(world, (words, person), yes, ("10.4.3.2", &mut bytes));
                let (status, answer) = forms::ask(&mut to, &bytes).await?;
                if (status, kept_answers(words, &answer)) != (200, Some(yes)) {
                    return Err(format!("{address} answers {status} {answer}"));
                }
            }
        }
        Ok(())
    })
}

/// The two answers out of what a side says that it keeps.
fn kept_answers(words: Words, answer: &Value) -> Option<[bool; 2]> {
    let (list, by) = match words {
        Words::Kept => (answer.get("pii_processing")?, "purpose"),
        Words::Fides => (answer.get("consent")?, "data_use"),
    };
    let find = |id: &str| {
        let one = list.as_array()?.iter().find(|it| it.get(by).is_some_and(|it| it == id))?;
        match words {
            Words::Kept => one.pointer("/event/state").map(|it| it == "given"),
            Words::Fides => one.get("opt_in")?.as_bool(),
        }
    };
    match words {
        Words::Kept => Some([find("survey")?, find("improve")?]),
        Words::Fides => Some([find("marketing.advertising")?, find("functional")?]),
    }
}
