//! How a run of `GDPRbench` is told.

use std::collections::BTreeSet;

use super::beside::Beside;
use super::plan::Workload;
use super::redis::Redis;
use super::side::Ran;
use super::{Loaded, Shown};
use crate::call::Done;
use crate::chart::{Bar, Chart};
use crate::postgres::Postgres;
use crate::report::Report;

/// What the sides are, and how the records came in.
pub(crate) fn heading(report: &mut Report, loaded: &Loaded, (records, operations): (usize, usize)) {
    report.say("");
    report.say(format!(
        "{} and {} on this machine, over TCP; ours in this process through `flows`, with SQLite. \
         {records} records, {operations} operations, 16 connections. Putting the records in took us \
         {:.1} s one by one with decision, sealing and record; PostgreSQL {:.1} s and Redis {:.1} s, \
         both in bulk.",
        Postgres::version(),
        Redis::version(),
        loaded.kept,
        loaded.postgres,
        loaded.redis,
    ));
}

/// Tables, goals and the chart.
pub(crate) fn say(report: &mut Report, workload: Workload, shown: &Shown, beside: &Beside) -> Done {
    let sides = [("kept", &shown.kept), ("PostgreSQL", &shown.postgres), ("Redis", &shown.redis)];
    let rows = sides.iter().map(|(name, ran)| {
        let ratio = shown.kept.rate() / ran.rate();
        let seconds = format!("{:.2}", ran.seconds);
        vec![(*name).to_owned(), rate(ran.rate()), seconds, format!("{ratio:.2}")]
    });
    let columns = ["side", "operations a second", "seconds", "ours is so many times it"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    let kinds: BTreeSet<&str> =
        sides.iter().flat_map(|(_, it)| it.by_kind.keys().copied()).collect();
    let rows = kinds.iter().map(|kind| {
        let times = sides.iter().map(|(_, ran)| times(ran, kind));
        let counted = shown.kept.by_kind.get(kind).map_or(0, super::watch::Times::count);
        let head = [(*kind).to_owned(), counted.to_string()];
        head.into_iter().chain(times).collect::<Vec<_>>()
    });
    let columns = ["operation, ms: median / p99", "times", "kept", "PostgreSQL", "Redis"];
    report.table(&columns, &rows.collect::<Vec<_>>());
    apart(report, beside);
    goal(report, workload, shown);
    let bars: Vec<Bar> = sides
        .iter()
        .map(|(name, ran)| Bar {
            label: (*name).to_owned(),
            value: ran.rate(),
            note: format!("{}/s", rate(ran.rate())),
            ours: *name == "kept",
        })
        .collect();
    let title = format!("GDPRbench, {}", workload.word());
    let chart = Chart { title: &title, axis: "operations a second; more is better", bars: &bars };
    report.chart(&format!("gdpr-{}", workload.word()), &chart)
}

fn times(ran: &Ran, kind: &str) -> String {
    let said = |it: &super::watch::Times| format!("{:.2} / {:.2}", it.within(500), it.within(990));
    ran.by_kind.get(kind).map_or_else(|| "–".to_owned(), said)
}

pub(crate) fn rate(it: f64) -> String {
    if it < 100.0 { format!("{it:.1}") } else { format!("{it:.0}") }
}

fn apart(report: &mut Report, beside: &Beside) {
    if beside.erased > 0 {
        report.say(format!(
            "{} people closed their account during the run. Erasing them and sweeping what was left, \
             when their time to change their mind is over, took the worker {:.2} s; that is counted \
             into our seconds.",
            beside.erased, beside.erasing
        ));
    }
    if beside.lines > 0 {
        report.say(format!(
            "{} operations are a line of the policy each. A new version, compiled, stored and opened \
             again, took {:.0} ms in the median of three; our seconds have that for each of them as if \
             they came one by one, though one version can hold them all.",
            beside.lines,
            beside.publishing * 1e3
        ));
    }
    if beside.by_row.is_empty() {
        return;
    }
    report.say("");
    report.say("What the way row by row costs here:");
    let rows = beside.by_row.iter().map(|(name, what, seconds)| {
        vec![(*name).to_owned(), what.clone(), format!("{:.1}", seconds * 1e3)]
    });
    report.table(&["operation", "row by row", "ms for one"], &rows.collect::<Vec<_>>());
}

fn goal(report: &mut Report, workload: Workload, shown: &Shown) {
    let best = shown.postgres.rate().max(shown.redis.rate());
    let ratio = shown.kept.rate() / best;
    let wanted = match workload {
        Workload::Customer | Workload::Processor => 3.0,
        Workload::Regulator => 5.0,
        Workload::Controller => 100.0,
    };
    let goal = format!("at least {wanted:.0} times the better peer");
    report.goal(&goal, &format!("{ratio:.2} times"), ratio >= wanted);
}
