//! The log: entries brought in and durable, in batches of 100, beside the same hashing and one
//! `fdatasync` a batch.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;

use journal::log::{Folder, Hash, Sequencer, Signer};

use crate::call::{Call, Done};
use crate::chart::{Bar, Chart};
use crate::measure::{count, now};
use crate::probe::said;
use crate::report::Report;

/// Entries of one batch.
const BATCH: usize = 100;
/// Turns that each side has.
const ROUNDS: usize = 7;
/// Entries a second that are wanted.
const GOAL: f64 = 185_000.0;

/// Measures.
pub(crate) fn bench(call: &Call) -> Done {
    let mut report = Report::begin(call, "log: entries in batches of 100")?;
    let batches = if call.short { 50 } else { 2_000 };
    let dir = tempfile::tempdir().map_err(said)?;
    let mut ours = Ours::open(&dir.path().join("log"))?;
    let mut bare = Bare::open(&dir.path().join("bare"))?;
    let (mut taken, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        taken.push(ours.round(batches)?);
        beside.push(bare.round(batches)?);
    }
    if ours.log.checkpoint().root != bare.root() {
        return Err("the two sides came to different roots".to_owned());
    }
    let rate = |seconds: &mut Vec<f64>| {
        seconds.sort_by(f64::total_cmp);
        let middle = seconds.get(seconds.len() / 2).copied().unwrap_or(f64::NAN);
        count(batches * BATCH) / middle
    };
    let (ours, bare) = (rate(&mut taken), rate(&mut beside));
    report.say("");
    report.say(format!(
        "{batches} batches a round, {ROUNDS} rounds in turn, medians. Ours hashes the tree, signs a \
         checkpoint with each batch, writes tiles that anybody can fetch, and is durable before it \
         answers. Beside it: the same leaves hashed into the same tree, appended to a file, one \
         `fdatasync` a batch; no signature, no tiles. Both roots are the same."
    ));
    let row = |name: &str, it: f64| {
        vec![name.to_owned(), format!("{it:.0}"), format!("{:.2}", 1e6 * count(BATCH) / it / 1e3)]
    };
    let rows = [row("kept", ours), row("hashing and `fdatasync`", bare)];
    report.table(&["side", "entries a second", "ms a batch"], &rows);
    let found = format!("{ours:.0}, {:.2} times the bare way", ours / bare);
    report.goal("at least 185,000 entries a second", &found, ours >= GOAL);
    let bar = |label: &str, value: f64, ours: bool| Bar {
        label: label.to_owned(),
        value,
        note: format!("{value:.0}/s"),
        ours,
    };
    let drawn = [bar("kept", ours, true), bar("hashing and fdatasync", bare, false)];
    let title = "The log, in batches of 100";
    report
        .chart("log", &Chart { title, axis: "entries a second; more is better", bars: &drawn })?;
    report.end()
}

fn entry(number: u64) -> Hash {
    Hash::of(&number.to_be_bytes())
}

struct Ours {
    log: Sequencer<Folder>,
    next: u64,
}

impl Ours {
    fn open(dir: &Path) -> Result<Self, String> {
        let signer = Signer::from_seed("bench.kept.example", &[7; 32]).map_err(said)?;
        let folder = Folder::create(dir).map_err(said)?;
        let log = Sequencer::open(folder, Vec::new(), signer).map_err(said)?;
        Ok(Self { log, next: 0 })
    }

    fn round(&mut self, batches: usize) -> Result<f64, String> {
        let all: Vec<Hash> = entries(&mut self.next, batches);
        let begun = now();
        for batch in all.chunks(BATCH) {
            let first = self.log.size();
            self.log.append(first, batch).map_err(said)?;
        }
        Ok(begun.elapsed().as_secs_f64())
    }
}

fn entries(next: &mut u64, batches: usize) -> Vec<Hash> {
    let first = *next;
    *next += u64::try_from(batches * BATCH).unwrap_or(0);
    (first..*next).map(entry).collect()
}

/// A tree as a stack of the roots of its full halves, and a file.
struct Bare {
    file: File,
    halves: Vec<(u32, Hash)>,
    next: u64,
}

impl Bare {
    fn open(path: &Path) -> Result<Self, String> {
        let file = File::create(path).map_err(said)?;
        Ok(Self { file, halves: Vec::new(), next: 0 })
    }

    fn round(&mut self, batches: usize) -> Result<f64, String> {
        let all = entries(&mut self.next, batches);
        let begun = now();
        for batch in all.chunks(BATCH) {
            let mut bytes = Vec::with_capacity(BATCH * 32);
            for entry in batch {
                bytes.extend_from_slice(&entry.0);
                self.add(Hash::leaf(entry));
            }
            std::hint::black_box(self.root());
            self.file.write_all(&bytes).and_then(|()| self.file.sync_data()).map_err(said)?;
        }
        Ok(begun.elapsed().as_secs_f64())
    }

    fn add(&mut self, leaf: Hash) {
        let mut up = (0, leaf);
        while let Some((level, left)) = self.halves.pop() {
            if level != up.0 {
                self.halves.push((level, left));
                break;
            }
            up = (level + 1, Hash::node(&left, &up.1));
        }
        self.halves.push(up);
    }

    fn root(&self) -> Hash {
        let mut halves = self.halves.iter().rev().map(|(_, it)| *it);
        let Some(last) = halves.next() else { return Hash::empty() };
        halves.fold(last, |right, left| Hash::node(&left, &right))
    }
}
