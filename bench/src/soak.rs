//! A soak: mixed traffic at four fifths of what the server can do, for an hour, or a minute with
//! `--short`. Memory and times have to stay what they are in the beginning, and nothing may queue up.

mod paced;
mod state;
mod traffic;

use std::sync::Arc;
use std::time::Duration;

use self::paced::Paced;
use self::state::State;
use self::traffic::{Mix, World};
use crate::call::{Call, Done};
use crate::gdpr::number;
use crate::kept::Kept;
use crate::load;
use crate::measure::count;
use crate::probe::said;
use crate::report::Report;

const CONNECTIONS: usize = 32;
/// Pieces of an hour are minutes; of what is shorter there are so many.
const PIECES: usize = 12;
/// Of what the server can do.
const SHARE: f64 = 0.8;
/// The last third beside the first: what the process holds, how long an answer takes.
const MEMORY_MAX: f64 = 1.25;
const P50_MAX: f64 = 1.5;
const P99_MAX: f64 = 2.0;
/// Of one write-ahead log: four times the size at which it begins anew.
const WAL_MAX: u64 = 128 << 20;
/// Seconds of traffic that may wait for the log, and for a connection of ours.
const WAITING_MAX: f64 = 4.0;
const LATE_MAX: f64 = 1.0;

/// What one piece showed.
struct Piece {
    rate: f64,
    p50: f64,
    p99: f64,
    /// Seconds by which the last request went out too late.
    late: f64,
    state: State,
}

/// Measures.
///
/// # Errors
/// When an answer is wrong, or something grows.
pub(crate) fn bench(call: &Call) -> Done {
    let minutes = number(call, "--minutes", if call.short { 1 } else { 60 })?;
    let people = if call.short { 2_000 } else { 5_000 };
    let mut report = Report::begin(call, "soak: mixed traffic at 80 % of the peak")?;
    let folder = tempfile::tempdir().map_err(said)?;
    let world = Arc::new(World::seed(folder.path(), people)?);
    let mail = folder.path().join("mail");
    let kept = Kept::serve(folder.path(), &["--mail-folder", &mail.display().to_string()])?;
    let mut mixes: Vec<Mix> = (0..CONNECTIONS).map(|it| Mix::new(&world, it)).collect();
    // What it can do for a while, and not only before there is anything to write out.
    let seconds = if call.short { 2 } else { 60 };
    let peak = peak(&kept, &mut mixes, seconds)?;
    let wanted = peak * SHARE;
    report.say("");
    report.say(format!(
        "{people} people and as many browsers, {CONNECTIONS} connections: {}. At the peak each \
         connection asks as soon as it is answered, three times {seconds} s; then requests go out by the \
         watch, and a time counts from when a request was due. Peak: {peak:.0} answers a second.",
        traffic::SHARES
    ));
    let lasting = Duration::from_secs(60).mul_f64(count(minutes));
    let pieces = if minutes > PIECES { minutes } else { PIECES };
    let every = lasting / u32::try_from(pieces).unwrap_or(1);
    // The first piece is not counted: it fills what is kept in memory.
    let mut found = Vec::new();
    for piece in 0..=pieces {
        let (paced, back) = paced::run(kept.address, mixes, (wanted, every))?;
        mixes = back;
        let state = State::look(&kept, folder.path())?;
        if piece > 0 {
            found.push(Piece::of(&paced, state));
        }
    }
    tell(&mut report, &found, wanted, every);
    kept.stop()?;
    report.end()
}

/// What the server can do, in the median of three rounds.
fn peak(kept: &Kept, mixes: &mut Vec<Mix>, seconds: u64) -> Result<f64, String> {
    let mut rates = Vec::new();
    for _ in 0..3 {
        let asks = std::mem::take(mixes);
        let (load, back) = load::run(kept.address, asks, Duration::from_secs(seconds))?;
        *mixes = back;
        rates.push(load.rate());
    }
    rates.sort_by(f64::total_cmp);
    rates.get(1).copied().ok_or_else(|| "no round".to_owned())
}

impl Piece {
    fn of(paced: &Paced, state: State) -> Self {
        let [p50, p99] = [500, 990].map(|it| paced.within(it));
        Self { rate: paced.rate(), p50, p99, late: paced.late, state }
    }
}

fn tell(report: &mut Report, found: &[Piece], wanted: f64, every: Duration) {
    let mib = |it: u64| format!("{:.1}", f64::from(u32::try_from(it >> 10).unwrap_or(0)) / 1024.0);
    let rows = found.iter().enumerate().map(|(at, it)| {
        let at = every.as_secs_f64() * count(at + 1);
        vec![
            format!("{at:.0}"),
            format!("{:.0}", it.rate),
            format!("{:.2}", it.p50),
            format!("{:.1}", it.p99),
            mib(it.state.memory),
            mib(it.state.wal),
            it.state.waiting.to_string(),
            format!("{:.3}", it.late),
        ]
    });
    let columns =
        ["until, s", "a second", "p50, ms", "p99, ms", "MiB held", "MiB of WAL", "wait", "late, s"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    let third = (found.len() / 3).max(1);
    let (first, last) = (found.get(..third), found.get(found.len().saturating_sub(third)..));
    let (first, last) = (first.unwrap_or_default(), last.unwrap_or_default());
    let ratio = |of: &dyn Fn(&Piece) -> f64| middle(last, of) / middle(first, of);
    let held = |it: &Piece| bytes(it.state.memory);
    let goals: [(&str, f64, f64); 3] = [
        ("memory", ratio(&held), MEMORY_MAX),
        ("p50", ratio(&|it| it.p50), P50_MAX),
        ("p99", ratio(&|it| it.p99), P99_MAX),
    ];
    for (name, ratio, most) in goals {
        let goal = format!("{name} of the last third within {most} times that of the first");
        report.goal(&goal, &format!("{ratio:.2} times"), ratio <= most);
    }
    let wal = found.iter().map(|it| it.state.wal_most).max().unwrap_or(0);
    let goal = format!("no write-ahead log above {} MiB", WAL_MAX >> 20);
    report.goal(&goal, &format!("{} MiB", mib(wal)), wal <= WAL_MAX);
    let waiting = middle(last, &|it| bytes(it.state.waiting)) / wanted;
    let goal = format!("entries of at most {WAITING_MAX} s wait for the log");
    report.goal(&goal, &format!("{waiting:.2} s"), waiting <= WAITING_MAX);
    let late = middle(last, &|it| it.late);
    let goal = format!("requests go out at most {LATE_MAX} s late");
    report.goal(&goal, &format!("{late:.3} s"), late <= LATE_MAX);
}

/// A count of what is below 2^52.
fn bytes(of: u64) -> f64 {
    let (high, low) = (of >> 32, of & 0xffff_ffff);
    let as_float = |it: u64| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
    as_float(high) * 4_294_967_296.0 + as_float(low)
}

fn middle(of: &[Piece], what: &dyn Fn(&Piece) -> f64) -> f64 {
    let mut all: Vec<f64> = of.iter().map(what).collect();
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or(f64::NAN)
}
