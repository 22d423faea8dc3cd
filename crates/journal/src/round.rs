//! Rounds: what the installation does step by step, however long it takes, and goes on with after a
//! crash. Notices of a new version, an ending, backups on their days.

use decide::Timestamp;

use crate::fault::Fault;
use crate::installation::Installation;
use crate::limit::{LEASE_MILLIS, PAGE_MAX};
use crate::place::Place;
use crate::sql::{Query, Row, Statement, Text, Unmet, values};

/// A round as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundRow {
    /// Its id: `notice/3`.
    pub id: String,
    /// Its kind, by which its step is found.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// What it is about: a JSON object that holds nothing personal.
    pub body: String,
    /// How far it has come: a region and an id, for instance.
    pub cursor: String,
    /// When its next step is due; `None` when nothing is left to do by itself.
    pub wake: Option<Timestamp>,
    /// When it was made.
    pub made: Timestamp,
    /// Rises with each change, so that of two that go on at once one finds that it came too late.
    pub version: u64,
}

macro_rules! columns {
    () => {
        "round_id, kind, state, body, cursor, wake, made, version"
    };
}

fn read(row: &Row<'_>) -> Result<RoundRow, Fault> {
    Ok(RoundRow {
        id: row.text(0)?,
        kind: row.text(1)?,
        state: row.text(2)?,
        body: row.text(3)?,
        cursor: row.text(4)?,
        wake: row.maybe_int(5)?.map(Timestamp::from_millis),
        made: row.instant(6)?,
        version: row.bits(7)?,
    })
}

fn claim(now: Timestamp, n: u32) -> Query<RoundRow> {
    const CLAIM: Text = Text::each(
        concat!(
            "UPDATE rounds SET wake = $1, version = version + 1 WHERE round_id IN \
             (SELECT round_id FROM rounds WHERE wake <= $2 ORDER BY wake LIMIT $3) RETURNING ",
            columns!()
        ),
        concat!(
            "UPDATE rounds SET wake = $1, version = version + 1 WHERE round_id IN \
             (SELECT round_id FROM rounds WHERE wake <= $2 ORDER BY wake LIMIT $3 \
             FOR UPDATE SKIP LOCKED) RETURNING ",
            columns!()
        ),
    );
    Query::new(CLAIM, values![now.plus_millis(LEASE_MILLIS), now, n.min(PAGE_MAX)], read)
}

impl Installation<'_> {
    /// Begins a round. The same id twice is a conflict.
    pub async fn add_round(&self, round: RoundRow) -> Result<(), Fault> {
        let text = "INSERT INTO rounds (round_id, kind, state, body, cursor, wake, made, version) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let RoundRow { id, kind, state, body, cursor, wake, made, version } = round;
        let values = values![id, kind, state, body, cursor, wake, made, version];
        self.write_round(Statement::new(text, values).or(Unmet::Conflict)).await
    }

    /// A round.
    pub async fn round(&self, id: &str) -> Result<Option<RoundRow>, Fault> {
        let text = concat!("SELECT ", columns!(), " FROM rounds WHERE round_id = $1");
        let query = Query::new(text, values![id], read);
        self.journal.inner.engine.first(&Place::Kept, &query).await
    }

    /// The rounds of a kind, newest first.
    pub async fn rounds(&self, kind: &str) -> Result<Vec<RoundRow>, Fault> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM rounds WHERE kind = $1 ORDER BY made DESC, round_id DESC LIMIT $2"
        );
        let query = Query::new(text, values![kind, PAGE_MAX], read);
        self.journal.inner.engine.read(&Place::Kept, &query).await
    }

    /// Writes a round as it stands now, where nobody changed it since it was read.
    ///
    /// # Errors
    /// `Conflict` when somebody did.
    pub async fn put_round(&self, round: &RoundRow) -> Result<(), Fault> {
        let text = "UPDATE rounds SET state = $1, body = $2, cursor = $3, wake = $4, \
             version = version + 1 WHERE round_id = $5 AND version = $6";
        let RoundRow { id, state, body, cursor, wake, version, .. } = round;
        let (state, body, cursor) = (state.as_str(), body.as_str(), cursor.as_str());
        let values = values![state, body, cursor, *wake, id.as_str(), *version];
        self.write_round(Statement::new(text, values).or(Unmet::Conflict)).await
    }

    /// Up to `n` rounds whose next step is due, claimed for a minute.
    pub async fn claim_rounds(&self, now: Timestamp, n: u32) -> Result<Vec<RoundRow>, Fault> {
        self.journal.inner.engine.take(&Place::Kept, claim(now, n)).await
    }

    async fn write_round(&self, statement: Statement) -> Result<(), Fault> {
        self.journal.inner.engine.write(&Place::Kept, vec![statement]).await.map(drop)
    }
}
