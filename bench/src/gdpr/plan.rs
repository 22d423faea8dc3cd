//! What is done: the operations of each workload, drawn once, the same for all sides.

use super::record::{FIELDS, HELD, PLACES, RECIPIENTS, Slot};
use crate::dice::Dice;

/// A role of `GDPRbench`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Workload {
    Controller,
    Customer,
    Processor,
    Regulator,
}

impl Workload {
    pub(crate) const ALL: [Self; 4] =
        [Self::Controller, Self::Customer, Self::Processor, Self::Regulator];

    pub(crate) fn of(word: &str) -> Option<Self> {
        match word {
            "controller" => Some(Self::Controller),
            "customer" => Some(Self::Customer),
            "processor" => Some(Self::Processor),
            "regulator" => Some(Self::Regulator),
            _ => None,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Controller => "controller",
            Self::Customer => "customer",
            Self::Processor => "processor",
            Self::Regulator => "regulator",
        }
    }
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// A record comes to be.
    Create(Slot),
    /// One record goes.
    DeleteKey(Slot),
    /// Everything of a person goes.
    DeletePerson(usize),
    /// The metadata of each record of a purpose changes.
    MetaOfPurpose(usize),
    /// The metadata of each record of a person changes: an objection to a purpose.
    MetaOfPerson { person: usize, purpose: usize, lift: bool },
    /// The metadata of each record that goes to a recipient changes.
    MetaOfRecipient(usize),
    /// All data of a person is read by the person.
    ReadPerson(usize),
    /// The metadata of a person is read by the person.
    ReadMeta(usize),
    /// The data of one record is put right.
    WriteData(Slot, u64),
    /// The metadata of one record changes: an objection to its purpose.
    WriteMeta { slot: Slot, lift: bool },
    /// The data of one record is read for its purpose.
    ReadKey(Slot),
    /// Everything that may be read for a purpose is read.
    ReadPurpose(usize),
    /// Everything of a kind that nobody objected to is read.
    ReadUnobjected(usize),
    /// The metadata of a person is looked through from outside.
    Inspect(usize),
    /// The log of a period is read; the number says which, in thousandths of the whole.
    Logs(usize),
    /// A record that was deleted is looked for.
    Verify(Slot),
}

impl Op {
    /// What it is called in tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Create(_) => "create a record",
            Self::DeleteKey(_) => "delete by key",
            Self::DeletePerson(_) => "delete by person",
            Self::MetaOfPurpose(_) => "metadata by purpose",
            Self::MetaOfPerson { .. } => "metadata by person",
            Self::MetaOfRecipient(_) => "metadata by recipient",
            Self::ReadPerson(_) => "read one's data",
            Self::ReadMeta(_) => "read one's metadata",
            Self::WriteData(..) => "update data",
            Self::WriteMeta { .. } => "update metadata",
            Self::ReadKey(_) => "read by key",
            Self::ReadPurpose(_) => "read by purpose",
            Self::ReadUnobjected(_) => "read by not-objected",
            Self::Inspect(_) => "metadata of a person",
            Self::Logs(_) => "log of a period",
            Self::Verify(_) => "verify a deletion",
        }
    }
}

/// The plan of a run.
pub(crate) struct Plan {
    pub(crate) people: usize,
    pub(crate) ops: Vec<Op>,
    /// Records that are deleted before the run begins, so that there is something to verify.
    pub(crate) gone: Vec<Slot>,
}

/// Of a hundred people, so many are there to be deleted whole; nothing else is done to them.
const LEAVING_PERCENT: usize = 20;

impl Plan {
    pub(crate) fn new(workload: Workload, people: usize, operations: usize) -> Self {
        let mut draw = Draw::new(people);
        let mut gone = Vec::new();
        if workload == Workload::Regulator {
            gone.extend((0..people / 10).map(|it| Slot { person: it * 7 % people, place: 0 }));
        }
        let ops = (0..operations).map(|_| draw.op(workload, &gone)).collect();
        Self { people, ops, gone }
    }
}

struct Draw {
    dice: Dice,
    zipf: Zipf,
    people: usize,
    stay: usize,
    leaving: std::ops::Range<usize>,
    free: usize,
    edition: u64,
}

impl Draw {
    fn new(people: usize) -> Self {
        let stay = people - people * LEAVING_PERCENT / 100;
        let (dice, zipf) = (Dice::new(0x6d9), Zipf::new(people));
        Self { dice, zipf, people, stay, leaving: stay..people, free: 0, edition: 0 }
    }

    fn op(&mut self, workload: Workload, gone: &[Slot]) -> Op {
        let share = self.dice.below(100);
        match workload {
            Workload::Controller => self.controller(share),
            Workload::Customer => self.customer(share),
            Workload::Processor => self.processor(share),
            Workload::Regulator => self.regulator(share, gone),
        }
    }

    /// Somebody who stays, each as likely.
    fn anybody(&mut self) -> usize {
        self.dice.below(self.stay)
    }

    fn controller(&mut self, share: usize) -> Op {
        let odd = self.dice.chance(50);
        match share {
            0..25 => self.create(),
            25..50 if odd => self.leave(),
            25..50 => {
                let (person, place) = (self.anybody(), self.dice.below(HELD / 2));
                Op::DeleteKey(Slot { person, place })
            }
            _ => match self.dice.below(3) {
                0 => Op::MetaOfPurpose(self.dice.below(FIELDS)),
                1 => {
                    // Of a record that is there: whoever objects to a purpose is asked for nothing
                    // new under it, and a record that cannot be made shows nothing.
                    let (person, place) = (self.anybody(), self.dice.below(HELD));
                    Op::MetaOfPerson { person, purpose: Slot { person, place }.field(), lift: odd }
                }
                _ => Op::MetaOfRecipient(self.dice.below(RECIPIENTS)),
            },
        }
    }

    /// The next place that is free; when all are taken, nothing new comes in and one is put right.
    fn create(&mut self) -> Op {
        let (stay, at) = (self.stay, self.free);
        self.free += 1;
        let slot = Slot { person: at * 7_919 % stay, place: HELD + at / stay };
        if slot.place < PLACES { Op::Create(slot) } else { self.write_data(slot.person) }
    }

    /// The next of those who leave; when all are gone, one record goes instead.
    fn leave(&mut self) -> Op {
        match self.leaving.next() {
            Some(person) => Op::DeletePerson(person),
            None => Op::DeleteKey(Slot { person: self.anybody(), place: 0 }),
        }
    }

    /// Reads and corrections by key are of the later places, deletions of the earlier ones: so the end
    /// of a run does not hang on who was quicker.
    fn later(&mut self, person: usize) -> Slot {
        Slot { person, place: HELD / 2 + self.dice.below(HELD / 2) }
    }

    fn write_data(&mut self, person: usize) -> Op {
        self.edition += 1;
        let slot = self.later(person);
        Op::WriteData(slot, self.edition)
    }

    fn customer(&mut self, share: usize) -> Op {
        let person = self.zipf.draw(&mut self.dice);
        match share {
            0..20 => Op::ReadPerson(person),
            20..40 => Op::ReadMeta(person),
            40..60 => self.write_data(person),
            60..80 => {
                let slot = self.later(person);
                Op::WriteMeta { slot, lift: self.dice.chance(50) }
            }
            _ => Op::DeleteKey(Slot { person, place: self.dice.below(HELD / 2) }),
        }
    }

    fn processor(&mut self, share: usize) -> Op {
        let person = self.zipf.draw(&mut self.dice);
        match share {
            0..80 => Op::ReadKey(Slot { person, place: self.dice.below(HELD) }),
            80..90 => Op::ReadPurpose(self.dice.below(FIELDS)),
            _ => Op::ReadUnobjected(self.dice.below(FIELDS)),
        }
    }

    fn regulator(&mut self, share: usize, gone: &[Slot]) -> Op {
        match share {
            0..46 => Op::Inspect(self.dice.below(self.people)),
            46..77 => Op::Logs(self.dice.below(1_000)),
            _ => Op::Verify(self.dice.pick(gone).unwrap_or(Slot { person: 0, place: PLACES - 1 })),
        }
    }
}

/// Zipf's law with an exponent of 0.99, as YCSB has it; the ranks are spread over the people.
struct Zipf {
    sums: Vec<f64>,
}

impl Zipf {
    fn new(people: usize) -> Self {
        let weight = |rank: usize| 1.0 / crate::measure::count(rank + 1).powf(0.99);
        let sums = (0..people).scan(0.0, |sum, rank| {
            *sum += weight(rank);
            Some(*sum)
        });
        Self { sums: sums.collect() }
    }

    fn draw(&self, dice: &mut Dice) -> usize {
        let all = self.sums.last().copied().unwrap_or(1.0);
        let at = crate::measure::count(dice.below(1 << 30)) / crate::measure::count(1 << 30) * all;
        let rank = self.sums.partition_point(|it| *it < at).min(self.sums.len() - 1);
        rank * 7_919 % self.sums.len()
    }
}
