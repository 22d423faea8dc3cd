//! Carries statements out: one alone, or several as one transaction that goes out in one round trip
//! and is committed in a second.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use bytes::BytesMut;
use deadpool_postgres::Object;
use futures_util::future::maybe_done;
use tokio::time::timeout;
use tokio_postgres::Statement as Prepared;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::fault::Fault;
use crate::limit::{OUTCOME_MILLIS, PIPELINE_MAX};
use crate::sql::{Query, Row, Statement, Value};

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(it) => it.to_sql(kind, out),
            Self::Id(it) => it.as_slice().to_sql(kind, out),
            Self::Hash(it) => it.as_slice().to_sql(kind, out),
            Self::Bytes(it) => it.to_sql(kind, out),
            Self::Text(it) => it.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::BYTEA, Type::TEXT].contains(kind)
    }

    to_sql_checked!();
}

pub(super) fn bound(values: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    values.iter().map(|it| it as &(dyn ToSql + Sync)).collect()
}

/// Rows, each read.
pub(super) async fn query<T>(client: &Object, query: &Query<T>) -> Result<Vec<T>, Fault> {
    let asked = async {
        let prepared = client.prepare_cached(query.text.postgres).await?;
        Ok::<_, Fault>(client.query(&prepared, &bound(&query.values)).await?)
    };
    let rows = within(OUTCOME_MILLIS, asked).await?;
    rows.iter().map(|row| (query.read)(&Row::Postgres(row))).collect()
}

/// A server that hangs says nothing at all, not even that it is too slow: nobody waits for it longer.
pub(super) async fn within<T>(
    millis: u64,
    asked: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    let silent = || Fault::Unreachable("it said nothing for too long".to_owned());
    timeout(Duration::from_millis(millis), asked).await.map_err(|_| silent())?
}

/// One statement, which is its own transaction.
pub(super) async fn one(client: &Object, statement: &Statement) -> Result<u64, Fault> {
    let prepared = client.prepare_cached(statement.text.postgres).await?;
    let rows = client.execute(&prepared, &bound(&statement.values)).await?;
    met(statement, rows)
}

/// An outcome: one statement alone, which is its own transaction, or several in one.
pub(super) async fn outcome(client: Object, statements: Vec<Statement>) -> Result<u64, Fault> {
    if statements.len() != 1 {
        return transaction(client, statements).await;
    }
    let mut running = Box::pin(async move {
        let mut rows = 0_u64;
        for statement in &statements {
            rows = rows.saturating_add(one(&client, statement).await?);
        }
        Ok(rows)
    });
    let patience = Duration::from_millis(OUTCOME_MILLIS);
    if let Ok(done) = timeout(patience, &mut running).await {
        return done;
    }
    // It goes on to its end, and its connection is no one else's until then.
    tokio::spawn(running);
    Err(unknown())
}

/// Nobody knows yet whether it is done.
fn unknown() -> Fault {
    Fault::Unreachable("an outcome took too long to be durable".to_owned())
}

/// All of them, or none. Whoever waits for this may stop waiting: it goes on to its end, so that no
/// connection goes back in the middle of a transaction.
pub(super) async fn transaction(client: Object, statements: Vec<Statement>) -> Result<u64, Fault> {
    let running = tokio::spawn(async move {
        let done = together(&client, &statements).await;
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        match (done, client.batch_execute(end).await) {
            (Ok(rows), Ok(())) => Ok(rows),
            (Ok(_), Err(error)) => Err(error.into()),
            (Err(fault), Ok(())) => Err(fault),
            (Err(fault), Err(_)) => {
                // What is not known to have ended is not given back.
                drop(Object::take(client));
                Err(fault)
            }
        }
    });
    let patience = Duration::from_millis(OUTCOME_MILLIS);
    timeout(patience, running).await.map_err(|_| unknown())?.map_err(Fault::broken)?
}

async fn together(client: &Object, statements: &[Statement]) -> Result<u64, Fault> {
    let mut prepared = Vec::with_capacity(statements.len());
    for statement in statements {
        prepared.push(client.prepare_cached(statement.text.postgres).await?);
    }
    let mut sum = 0_u64;
    let mut begin = Some("BEGIN");
    for (statements, prepared) in statements.chunks(PIPELINE_MAX).zip(prepared.chunks(PIPELINE_MAX))
    {
        let rows = pipelined(client, begin.take(), statements, prepared).await?;
        for (statement, rows) in statements.iter().zip(rows) {
            sum = sum.saturating_add(met(statement, rows)?);
        }
    }
    Ok(sum)
}

/// Sends all before it waits for the first answer.
async fn pipelined(
    client: &Object,
    begin: Option<&str>,
    statements: &[Statement],
    prepared: &[Prepared],
) -> Result<Vec<u64>, Fault> {
    let values: Vec<Vec<&(dyn ToSql + Sync)>> =
        statements.iter().map(|it| bound(&it.values)).collect();
    let opening = async {
        match begin {
            Some(text) => client.batch_execute(text).await,
            None => Ok(()),
        }
    };
    let mut opening = Box::pin(maybe_done(opening));
    let sent = prepared.iter().zip(&values);
    let mut sent: Vec<_> =
        sent.map(|(it, values)| Box::pin(maybe_done(client.execute(it, values)))).collect();
    poll_fn(|context| {
        // In this order, which is the order in which they go out.
        let mut waits = opening.as_mut().poll(context).is_pending();
        for one in &mut sent {
            waits |= one.as_mut().poll(context).is_pending();
        }
        if waits { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    opening.as_mut().take_output().unwrap_or(Ok(()))?;
    let mut rows = Vec::with_capacity(sent.len());
    for one in &mut sent {
        rows.push(one.as_mut().take_output().unwrap_or(Ok(0))?);
    }
    Ok(rows)
}

fn met(statement: &Statement, rows: u64) -> Result<u64, Fault> {
    match statement.unmet.filter(|_| rows == 0) {
        Some(unmet) => Err(unmet.into()),
        None => Ok(rows),
    }
}
