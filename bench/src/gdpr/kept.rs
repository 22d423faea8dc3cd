//! Ours: the operations of `GDPRbench` as an application, a person or an auditor does them here, in the
//! same process, through the flows that stand behind the routes.

use std::sync::Arc;

use decide::PersonId;
use flows::collection::Put;
use flows::purpose::Use;
use flows::rights::Ask;
use flows::{Plain, Stop};
use journal::log::{Level, TilePath};

use super::installation::{Installation, START, said};
use super::plan::Op;
use super::record::{HELD, SOURCE, Slot, category, purpose};
use super::side::{Answer, Worker};

/// One of those who ask; all share the installation.
#[derive(Clone)]
pub(crate) struct Asker {
    house: Arc<Installation>,
    /// Records that a read by purpose gives at most; 0 is all.
    page: usize,
    /// Entries of the log before the run.
    logged: u64,
}

/// Times that something is tried again that was told to come again.
const AGAIN_MAX: usize = 50;

impl Asker {
    pub(crate) async fn new(house: Arc<Installation>, page: usize) -> Result<Self, String> {
        let note = house.flows.log_file("checkpoint").await.map_err(said)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&note).into_owned();
        let logged = text.lines().nth(1).and_then(|it| it.parse().ok()).unwrap_or(0);
        Ok(Self { house, page, logged })
    }

    /// Puts a record in, as the application does.
    pub(crate) async fn put(&self, slot: Slot) -> Result<(), Stop> {
        let house = &self.house;
        let ask = Put {
            person: self.who(slot.person)?,
            category: category(slot.field()),
            value: Plain::new(slot.data(0)),
            source: SOURCE.to_owned(),
            purpose: Some(purpose(slot.field())),
            idempotency: None,
        };
        flows::collection::put(&house.flows, &house.app, ask, START).await.map(drop)
    }

    fn who(&self, number: usize) -> Result<PersonId, Stop> {
        self.house.people.get(number).copied().ok_or(Stop::NotFound)
    }

    async fn delete(&self, slot: Slot) -> Result<Answer, Stop> {
        let person = self.who(slot.person)?;
        let id = category(slot.field());
        match flows::rights::delete(&self.house.flows, person, &id, START).await {
            Ok(_) => Ok(Answer::counted(1)),
            Err(Stop::NotFound) => Ok(Answer::counted(0)),
            Err(stop) => Err(stop),
        }
    }

    pub(crate) async fn object(&self, person: usize, of: usize, lift: bool) -> Result<(), Stop> {
        let ask =
            Ask { right: "object".to_owned(), purpose: Some(purpose(of)), lift, ..Ask::default() };
        flows::rights::ask(&self.house.flows, self.who(person)?, ask, START).await.map(drop)
    }

    async fn use_one(&self, slot: Slot) -> Result<Answer, Stop> {
        let (house, ask) = (&self.house, self.of(slot)?);
        let done = flows::purpose::use_values(&house.flows, &house.app, &ask, START);
        let used = done.await?.into_inner();
        Ok(Answer::of(used.values.0.iter().map(|(_, value)| value.as_str())))
    }

    fn of(&self, slot: Slot) -> Result<Use, Stop> {
        Ok(Use {
            person: self.who(slot.person)?,
            purpose: purpose(slot.field()),
            categories: vec![category(slot.field())],
        })
    }

    /// Each of whom the application knows to have a record of the kind: decided one by one.
    async fn use_all(&self, field: usize) -> Result<Answer, Stop> {
        let most = if self.page == 0 { usize::MAX } else { self.page };
        let (house, people) = (&self.house, self.house.people.len());
        let slots =
            (0..people).flat_map(|person| (0..HELD).map(move |place| Slot { person, place }));
        let asked: Result<Vec<Use>, Stop> =
            slots.filter(|it| it.field() == field).take(most).map(|it| self.of(it)).collect();
        let done = flows::purpose::use_many(&house.flows, &house.app, asked?, START).await;
        let mut values = Vec::with_capacity(done.len());
        for one in done {
            match one {
                Ok(used) => values.extend(used.into_inner().values.0.into_iter().map(|it| it.1)),
                Err(Stop::Refused(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(Answer::of(values.iter().map(String::as_str)))
    }

    async fn read_person(&self, person: usize) -> Result<Answer, Stop> {
        let done = flows::rights::data(&self.house.flows, self.who(person)?, "en", START).await?;
        let held = done.into_inner().data;
        Ok(Answer::of(held.iter().filter_map(|it| it.value.as_deref())))
    }

    /// What is held, where from, what for, until when, who may get it; and what was objected to.
    async fn inspect(&self, person: usize) -> Result<Answer, Stop> {
        let (flows, who) = (&self.house.flows, self.who(person)?);
        let data = flows::rights::data(flows, who, "en", START);
        let choices = flows::rights::consents(flows, who, None, START);
        let (data, choices) = tokio::try_join!(data, choices)?;
        std::hint::black_box(choices.into_inner());
        Ok(Answer::counted(data.into_inner().data.len()))
    }

    /// The part of the public log in which a period lies, and the signed head that it is held against.
    async fn logs(&self, at: usize) -> Result<Answer, Stop> {
        let tiles = self.logged / 256;
        let index = tiles * u64::try_from(at).unwrap_or(0) / 1_000;
        let path = TilePath { level: Level::Entries, index, width: 256 };
        let flows = &self.house.flows;
        let found = flows.log_file(&path.to_string()).await?.ok_or(Stop::NotFound)?;
        let head = flows.log_file("checkpoint").await?.ok_or(Stop::NotFound)?;
        std::hint::black_box((found, head));
        Ok(Answer::DONE)
    }

    async fn write_data(&self, slot: Slot, edition: u64) -> Result<Answer, Stop> {
        let (id, value) = (category(slot.field()), Plain::new(slot.data(edition)));
        let person = self.who(slot.person)?;
        let done = flows::rights::correct(&self.house.flows, person, (&id, value, None), START);
        done.await.map(|_| Answer::counted(1))
    }

    async fn once(&self, op: Op) -> Result<Answer, Stop> {
        let flows = &self.house.flows;
        match op {
            Op::Create(slot) => self.put(slot).await.map(|()| Answer::counted(1)),
            Op::DeleteKey(slot) => self.delete(slot).await,
            Op::DeletePerson(it) => {
                let closed = flows::account::close(flows, self.who(it)?, (None, None), START);
                closed.await.map(|_| Answer::DONE)
            }
            Op::MetaOfPerson { person, purpose, lift } => {
                self.object(person, purpose, lift).await.map(|()| Answer::DONE)
            }
            // A line of the policy; the bench publishes some, and counts what each takes.
            Op::MetaOfPurpose(_) | Op::MetaOfRecipient(_) => Ok(Answer::DONE),
            Op::ReadPerson(it) => self.read_person(it).await,
            Op::ReadMeta(it) => {
                let done = flows::rights::consents(flows, self.who(it)?, None, START).await?;
                std::hint::black_box(done.into_inner());
                Ok(Answer::DONE)
            }
            Op::WriteData(slot, edition) => self.write_data(slot, edition).await,
            Op::WriteMeta { slot, lift } => {
                self.object(slot.person, slot.field(), lift).await.map(|()| Answer::counted(1))
            }
            Op::ReadKey(slot) | Op::Verify(slot) => self.use_one(slot).await,
            Op::ReadPurpose(it) | Op::ReadUnobjected(it) => self.use_all(it).await,
            Op::Inspect(it) => self.inspect(it).await,
            Op::Logs(at) => self.logs(at).await,
        }
    }
}

impl Worker for Asker {
    async fn run(&mut self, op: Op) -> Result<Answer, String> {
        let mut left = AGAIN_MAX;
        loop {
            left -= 1;
            match self.once(op).await {
                // Told to come again, as a client over HTTP is with 503.
                Err(Stop::Busy | Stop::Conflict) if left > 0 => tokio::task::yield_now().await,
                done => return done.map_err(|stop| format!("{}: {stop:?}", op.name())),
            }
        }
    }
}

/// Puts every record in, one outcome each, as an application does; many at a time.
pub(crate) async fn load(asker: &Asker, gone: &[Slot]) -> Result<(), String> {
    let people = asker.house.people.len();
    let slots = (0..people).flat_map(|person| (0..HELD).map(move |place| Slot { person, place }));
    let mut tasks = tokio::task::JoinSet::new();
    let lanes = 256;
    let mut left: Vec<Slot> = slots.filter(|it| !gone.contains(it)).collect();
    // Neighbours would be the same person's, and wait for each other.
    left.sort_by_key(|it| (it.place, it.person));
    let each = left.len().div_ceil(lanes).max(1);
    for lane in left.chunks(each) {
        let (asker, lane) = (asker.clone(), lane.to_vec());
        tasks.spawn(async move {
            for slot in lane {
                let mut left = AGAIN_MAX;
                loop {
                    left -= 1;
                    match asker.put(slot).await {
                        Err(Stop::Busy | Stop::Conflict) if left > 0 => {}
                        done => break done.map_err(said)?,
                    }
                }
            }
            Ok::<(), String>(())
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.map_err(|it| it.to_string())??;
    }
    while asker.house.flows.sequence(START).await.map_err(said)? > 0 {}
    Ok(())
}
