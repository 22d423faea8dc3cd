//! Members of staff and their sessions: who may look after people's cases.

use decide::Timestamp;

use crate::fault::Fault;
use crate::installation::Installation;
use crate::place::Place;
use crate::scratch::one_more;
use crate::sealed::Sealed;
use crate::sql::{Query, Row, Statement, Unmet, values};

/// Milliseconds of a minute, by which wrong tries are counted.
const MINUTE: i64 = 60_000;

/// A member of staff.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// The id, which records name.
    pub id: String,
    /// What colleagues call them.
    pub title: String,
    /// What they may do, as words separated by commas.
    pub roles: String,
    /// The hash of the password.
    pub password: String,
    /// The secret of the second factor, sealed under a key of the installation.
    pub totp: Sealed,
    /// The last step of the second factor that was used.
    pub step: i64,
    /// When they were added.
    pub made: Timestamp,
    /// When they left.
    pub ended: Option<Timestamp>,
}

impl std::fmt::Debug for StaffRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StaffRow")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("ended", &self.ended)
            .finish_non_exhaustive()
    }
}

/// The session of a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// The hash of the secret.
    pub hash: [u8; 32],
    /// Whose it is.
    pub staff: String,
    /// When it began.
    pub begun: Timestamp,
    /// When it ends, unless it is used before.
    pub expires: Timestamp,
}

macro_rules! staff {
    ($rest:literal) => {
        concat!(
            "SELECT staff_id, title, roles, password, totp, step, made, ended FROM staff ",
            $rest
        )
    };
}

impl Installation<'_> {
    /// Adds a member of staff. The same id twice is a conflict.
    pub async fn add_staff(&self, row: StaffRow) -> Result<(), Fault> {
        let text = "INSERT INTO staff \
             (staff_id, title, roles, password, totp, step, made, ended) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let StaffRow { id, title, roles, password, totp, step, made, ended } = row;
        let values = values![id, title, roles, password, totp.as_bytes(), step, made, ended];
        self.write_staff(vec![Statement::new(text, values).or(Unmet::Conflict)]).await
    }

    /// A member of staff left: every session ends with it, and what was secret goes.
    pub async fn end_staff(&self, id: &str, now: Timestamp) -> Result<(), Fault> {
        let nothing: &[u8] = &[];
        let text = "UPDATE staff SET ended = $1, password = $2, totp = $3 \
             WHERE staff_id = $4 AND ended IS NULL";
        let ended = Statement::new(text, values![now, "", nothing, id]).or(Unmet::NotFound);
        let text = "DELETE FROM staff_sessions WHERE staff_id = $1";
        self.write_staff(vec![ended, Statement::new(text, values![id])]).await
    }

    /// A member of staff, also one who left.
    pub async fn staff(&self, id: &str) -> Result<Option<StaffRow>, Fault> {
        let query = Query::new(staff!("WHERE staff_id = $1"), values![id], read);
        self.journal.inner.engine.first(&Place::Kept, &query).await
    }

    /// Everybody who is or was a member of staff, oldest first.
    pub async fn all_staff(&self) -> Result<Vec<StaffRow>, Fault> {
        let query = Query::new(staff!("ORDER BY made, staff_id"), values![], read);
        self.journal.inner.engine.read(&Place::Kept, &query).await
    }

    /// A member of staff has another password: every session but one ends with it.
    pub async fn staff_password(
        &self,
        id: &str,
        password: &str,
        but: &[u8; 32],
    ) -> Result<(), Fault> {
        let text = "UPDATE staff SET password = $1 WHERE staff_id = $2 AND ended IS NULL";
        let changed = Statement::new(text, values![password, id]).or(Unmet::NotFound);
        let text = "DELETE FROM staff_sessions WHERE staff_id = $1 AND hash <> $2";
        self.write_staff(vec![changed, Statement::new(text, values![id, *but])]).await
    }

    /// Begins a session with a step of the second factor, which counts once: neither it nor one
    /// before it begins another.
    ///
    /// # Errors
    /// `Conflict` when the step was used, or the member of staff left.
    pub async fn begin_staff_session(&self, session: StaffSession, step: i64) -> Result<(), Fault> {
        let text = "UPDATE staff SET step = $1 WHERE staff_id = $2 AND step < $3 AND ended IS NULL";
        let StaffSession { hash, staff, begun, expires } = session;
        let used = Statement::new(text, values![step, staff.as_str(), step]).or(Unmet::Conflict);
        let over = "DELETE FROM staff_sessions WHERE expires <= $1";
        let over = Statement::new(over, values![begun]);
        let text = "INSERT INTO staff_sessions (hash, staff_id, begun, expires) \
             VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
        let begun = Statement::new(text, values![hash, staff, begun, expires]);
        self.write_staff(vec![used, over, begun.or(Unmet::Conflict)]).await
    }

    /// The session with this hash and whose it is, unless it is over or they left.
    pub async fn staff_session(
        &self,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(StaffSession, StaffRow)>, Fault> {
        let text = "SELECT hash, staff_id, begun, expires FROM staff_sessions \
             WHERE hash = $1 AND expires > $2";
        let query = Query::new(text, values![*hash, now], |row| {
            Ok(StaffSession {
                hash: row.array(0)?,
                staff: row.text(1)?,
                begun: row.instant(2)?,
                expires: row.instant(3)?,
            })
        });
        let Some(session) = self.journal.inner.engine.first(&Place::Kept, &query).await? else {
            return Ok(None);
        };
        let staff = self.staff(&session.staff).await?.filter(|it| it.ended.is_none());
        Ok(staff.map(|it| (session, it)))
    }

    /// A session that is used ends later. One that ended meanwhile stays ended.
    pub async fn extend_staff_session(
        &self,
        hash: &[u8; 32],
        expires: Timestamp,
    ) -> Result<(), Fault> {
        let text = "UPDATE staff_sessions SET expires = $1 WHERE hash = $2 AND expires < $3";
        self.write_staff(vec![Statement::new(text, values![expires, *hash, expires])]).await
    }

    /// Ends a session.
    pub async fn end_staff_session(&self, hash: &[u8; 32]) -> Result<(), Fault> {
        let text = "DELETE FROM staff_sessions WHERE hash = $1";
        self.write_staff(vec![Statement::new(text, values![*hash])]).await
    }

    /// Counts a try to sign in that was wrong. At once and durable: a restart brings no new tries.
    pub async fn staff_tried(&self, id: &str, now: Timestamp) -> Result<(), Fault> {
        self.write_staff(vec![one_more(&tried(id), now)]).await
    }

    /// How many tries were wrong since then, for an id that somebody has.
    pub async fn staff_tries(
        &self,
        id: &str,
        from: Timestamp,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let until = now.plus_millis(MINUTE);
        self.journal.scratch().counted(&tried(id), from, until).await
    }

    async fn write_staff(&self, statements: Vec<Statement>) -> Result<(), Fault> {
        self.journal.inner.engine.write(&Place::Kept, statements).await.map(drop)
    }
}

/// What wrong tries are counted under.
fn tried(id: &str) -> String {
    format!("staff-tried/{id}")
}

fn read(row: &Row<'_>) -> Result<StaffRow, Fault> {
    Ok(StaffRow {
        id: row.text(0)?,
        title: row.text(1)?,
        roles: row.text(2)?,
        password: row.text(3)?,
        totp: Sealed::stored(row.bytes(4)?),
        step: row.int(5)?,
        made: row.instant(6)?,
        ended: row.maybe_int(7)?.map(Timestamp::from_millis),
    })
}

/// Members of staff who were ended, for the list of changes.
pub(crate) fn ended() -> Query<String> {
    let text = "SELECT staff_id FROM staff WHERE ended IS NOT NULL";
    Query::new(text, values![], |row| row.text(0))
}
