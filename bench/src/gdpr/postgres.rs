//! PostgreSQL as `GDPRbench` wants it: an index on every field of the metadata, and a row of the audit
//! with every operation, in the same transaction and the same round trip.

use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, NoTls, Row, Statement};

use super::installation::said;
use super::plan::Op;
use super::record::{HELD, SOURCE, Slot, TTL_SECONDS, purpose, recipient};
use super::side::{Answer, Worker};

const SCHEMA: &str = "
    DROP TABLE IF EXISTS records, audit;
    CREATE TABLE records (
        key text PRIMARY KEY, data text NOT NULL, pur text[] NOT NULL, ttl bigint NOT NULL,
        usr text NOT NULL, obj text[] NOT NULL, dec text[] NOT NULL, shr text[] NOT NULL,
        src text NOT NULL);
    CREATE TABLE audit (
        id bigserial PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(),
        op text NOT NULL, about text NOT NULL);
    CREATE INDEX ON records USING gin (pur);
    CREATE INDEX ON records (ttl);
    CREATE INDEX ON records (usr);
    CREATE INDEX ON records USING gin (obj);
    CREATE INDEX ON records USING gin (dec);
    CREATE INDEX ON records USING gin (shr);
    CREATE INDEX ON records (src);
";

/// What goes before every statement: the last two parameters are for the audit.
const AUDIT: &str = "WITH marked AS (INSERT INTO audit (op, about) VALUES ($1, $2)) ";

const STATEMENTS: [&str; KINDS] = [
    "INSERT INTO records VALUES ($3, $4, ARRAY[$5], $6, $7, '{}', '{}', ARRAY[$8], $9)",
    "DELETE FROM records WHERE key = $3",
    "DELETE FROM records WHERE usr = $3",
    "UPDATE records SET dec = ARRAY['scored'] WHERE pur @> ARRAY[$3]",
    "UPDATE records SET obj = CASE WHEN $4 THEN '{}' ELSE ARRAY[$5] END WHERE usr = $3",
    "UPDATE records SET dec = ARRAY['shared'] WHERE shr @> ARRAY[$3]",
    "SELECT data FROM records WHERE usr = $3",
    "SELECT key, pur, ttl, usr, obj, dec, shr, src FROM records WHERE usr = $3",
    "UPDATE records SET data = $4 WHERE key = $3",
    "UPDATE records SET obj = CASE WHEN $4 THEN '{}' ELSE ARRAY[$5] END WHERE key = $3",
    "SELECT data FROM records WHERE key = $3",
    "SELECT data FROM records WHERE pur @> ARRAY[$3] LIMIT $4",
    "SELECT data FROM records WHERE pur @> ARRAY[$3] AND NOT obj @> ARRAY[$3] LIMIT $4",
    "SELECT id, at, op, about FROM audit WHERE id BETWEEN $3 AND $3 + 99",
];
const KINDS: usize = 14;

/// One connection, with its statements prepared.
pub(crate) struct Connection {
    client: Client,
    statements: Vec<Statement>,
    /// Records that a read by purpose gives at most.
    page: i64,
    /// Rows of the audit before the run.
    audited: i64,
}

/// Makes the tables and puts the records in, each with its row of the audit.
pub(crate) async fn load(dsn: &str, people: usize, gone: &[Slot]) -> Result<(), String> {
    let client = connect(dsn).await?;
    client.batch_execute(SCHEMA).await.map_err(said)?;
    let insert = "INSERT INTO records SELECT k, d, ARRAY[p], $4, u, '{}', '{}', ARRAY[r], $5 \
                  FROM unnest($1::text[], $2::text[], $3::text[], $6::text[], $7::text[]) \
                  AS t (k, d, p, u, r)";
    let source = SOURCE.to_owned();
    let people: Vec<usize> = (0..people).collect();
    for some in people.chunks(200) {
        let slots: Vec<Slot> = some
            .iter()
            .flat_map(|person| (0..HELD).map(|place| Slot { person: *person, place }))
            .filter(|it| !gone.contains(it))
            .collect();
        let column = |of: fn(&Slot) -> String| slots.iter().map(of).collect::<Vec<String>>();
        let (keys, data) = (column(|it| it.key()), column(|it| it.data(0)));
        let (purposes, people) = (column(|it| purpose(it.field())), column(|it| named(it.person)));
        let recipients = column(|it| recipient(it.recipient()));
        let row: [&(dyn ToSql + Sync); 7] =
            [&keys, &data, &purposes, &TTL_SECONDS, &source, &people, &recipients];
        client.execute(insert, &row).await.map_err(said)?;
    }
    let audit = "INSERT INTO audit (op, about) SELECT 'create', key FROM records";
    client.execute(audit, &[]).await.map_err(said)?;
    settle(&client).await
}

/// What came in lies in its place, and the planner knows of it. What either side has still to write
/// lies on the disk: nobody waits for what was put in before the watch starts.
pub(crate) async fn settle(client: &Client) -> Result<(), String> {
    for text in ["VACUUM ANALYZE", "CHECKPOINT"] {
        client.batch_execute(text).await.map_err(said)?;
    }
    let written = std::process::Command::new("sync").status().map_err(said)?;
    if written.success() { Ok(()) } else { Err(format!("`sync` ended with {written}")) }
}

/// A person, as this side names them.
pub(crate) fn named(person: usize) -> String {
    format!("u{person:06}")
}

/// A client whose connection is driven beside it.
pub(crate) async fn connect(dsn: &str) -> Result<Client, String> {
    let (client, connection) = tokio_postgres::connect(dsn, NoTls).await.map_err(said)?;
    tokio::spawn(async move { drop(connection.await) });
    Ok(client)
}

impl Connection {
    pub(crate) async fn open(dsn: &str, page: usize) -> Result<Self, String> {
        let client = connect(dsn).await?;
        let mut statements = Vec::with_capacity(KINDS);
        for text in STATEMENTS {
            let text = format!("{AUDIT}{text}");
            statements.push(client.prepare(&text).await.map_err(said)?);
        }
        let row = client.query_one("SELECT count(*) FROM audit", &[]).await.map_err(said)?;
        let page = if page == 0 { i64::MAX } else { i64::try_from(page).unwrap_or(i64::MAX) };
        Ok(Self { client, statements, page, audited: row.get(0) })
    }

    async fn rows(
        &self,
        kind: usize,
        (op, about): (Op, &str),
        more: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<Row>, String> {
        let statement = self.statements.get(kind).ok_or("no such statement")?;
        let name = op.name();
        let mut all: Vec<&(dyn ToSql + Sync)> = vec![&name, &about];
        all.extend(more);
        let mut left = 5;
        loop {
            left -= 1;
            match self.client.query(statement, &all).await {
                // Two that change the same rows in another order: the server ends one of them.
                Err(error) if left > 0 && is_deadlock(&error) => {}
                done => return done.map_err(|it| format!("{}: {it:?}", op.name())),
            }
        }
    }

    async fn changed(
        &self,
        kind: usize,
        (op, about): (Op, &str),
        more: &[&(dyn ToSql + Sync)],
    ) -> Result<Answer, String> {
        let statement = self.statements.get(kind).ok_or("no such statement")?;
        let name = op.name();
        let mut all: Vec<&(dyn ToSql + Sync)> = vec![&name, &about];
        all.extend(more);
        let mut left = 5;
        loop {
            left -= 1;
            match self.client.execute(statement, &all).await {
                Ok(rows) => return Ok(Answer { found: Some(rows), sum: 0 }),
                Err(error) if left > 0 && is_deadlock(&error) => {}
                Err(error) => return Err(format!("{}: {error:?}", op.name())),
            }
        }
    }

    async fn data(
        &self,
        kind: usize,
        (op, about): (Op, &str),
        more: &[&(dyn ToSql + Sync)],
    ) -> Result<Answer, String> {
        let rows = self.rows(kind, (op, about), more).await?;
        Ok(Answer::of(rows.iter().map(|it| it.get::<_, &str>(0))))
    }
}

fn is_deadlock(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&tokio_postgres::error::SqlState::T_R_DEADLOCK_DETECTED)
}

impl Connection {
    /// What changes records.
    async fn write(&self, op: Op) -> Result<Answer, String> {
        match op {
            Op::Create(slot) => self.create(op, slot).await,
            Op::DeleteKey(slot) => self.changed(1, (op, &slot.key()), &[&slot.key()]).await,
            Op::WriteData(slot, edition) => {
                let (key, data) = (slot.key(), slot.data(edition));
                self.changed(8, (op, &key), &[&key, &data]).await
            }
            Op::WriteMeta { slot, lift } => {
                let (key, of) = (slot.key(), purpose(slot.field()));
                self.changed(9, (op, &key), &[&key, &lift, &of]).await
            }
            Op::DeletePerson(it) => self.many(2, op, named(it)).await,
            Op::MetaOfPurpose(it) => self.many(3, op, purpose(it)).await,
            Op::MetaOfRecipient(it) => self.many(5, op, recipient(it)).await,
            Op::MetaOfPerson { person, purpose: of, lift } => {
                let (who, of) = (named(person), purpose(of));
                self.changed(4, (op, &who), &[&who, &lift, &of]).await.map(|_| Answer::DONE)
            }
            _ => Err("this changes nothing".to_owned()),
        }
    }

    async fn create(&self, op: Op, slot: Slot) -> Result<Answer, String> {
        let (key, data, user) = (slot.key(), slot.data(0), named(slot.person));
        let (purpose, recipient) = (purpose(slot.field()), recipient(slot.recipient()));
        let (key, source) = (key.as_str(), SOURCE);
        let more: [&(dyn ToSql + Sync); 7] =
            [&key, &data, &purpose, &TTL_SECONDS, &user, &recipient, &source];
        self.changed(0, (op, key), &more).await
    }

    /// The other sides count something else here.
    async fn many(&self, kind: usize, op: Op, about: String) -> Result<Answer, String> {
        self.changed(kind, (op, &about), &[&about]).await.map(|_| Answer::DONE)
    }

    async fn logs(&self, op: Op, at: usize) -> Result<Answer, String> {
        let from = self.audited * i64::try_from(at).unwrap_or(0) / 1_000;
        self.rows(13, (op, "audit"), &[&from]).await.map(|_| Answer::DONE)
    }

    async fn read_many(&self, kind: usize, op: Op, about: String) -> Result<Answer, String> {
        self.data(kind, (op, &about), &[&about, &self.page]).await
    }
}

impl Worker for Connection {
    async fn run(&mut self, op: Op) -> Result<Answer, String> {
        match op {
            Op::ReadPerson(it) => self.data(6, (op, &named(it)), &[&named(it)]).await,
            Op::ReadMeta(it) => {
                self.rows(7, (op, &named(it)), &[&named(it)]).await.map(|_| Answer::DONE)
            }
            Op::ReadKey(slot) | Op::Verify(slot) => {
                self.data(10, (op, &slot.key()), &[&slot.key()]).await
            }
            Op::ReadPurpose(it) => self.read_many(11, op, purpose(it)).await,
            Op::ReadUnobjected(it) => self.read_many(12, op, purpose(it)).await,
            Op::Inspect(it) => {
                let rows = self.rows(7, (op, &named(it)), &[&named(it)]).await?;
                Ok(Answer::counted(rows.len()))
            }
            Op::Logs(at) => self.logs(op, at).await,
            change => self.write(change).await,
        }
    }
}
