//! What happens beside the requests: the sequencer, the courier and the worker.

use std::time::Duration;

use flows::Stop;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::App;
use crate::limit::{PROBE_SECONDS, PROBE_WAIT_SECONDS_MAX, PROBES_TO_TRUST};

/// How often each looks by itself.
const EVERY: Duration = Duration::from_secs(1);

/// Starts them; each ends when `stopping` becomes true.
pub(crate) fn spawn(app: &App, stopping: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(sequencer(app.clone(), stopping.clone()));
    tasks.spawn(errands(app.clone(), stopping.clone()));
    tasks.spawn(courier(app.clone(), stopping.clone()));
    tasks.spawn(pushes(app.clone(), stopping.clone()));
    tasks.spawn(texts(app.clone(), stopping.clone()));
    tasks.spawn(codes(app.clone(), stopping.clone()));
    tasks.spawn(policies(app.clone(), stopping.clone()));
    tasks.spawn(probes(app.clone(), stopping.clone()));
    tasks
}

/// Whether it is time to end; waits for the next occasion otherwise.
async fn ends(stopping: &mut watch::Receiver<bool>) -> bool {
    tokio::select! {
        () = tokio::time::sleep(EVERY) => false,
        _ = stopping.wait_for(|it| *it) => true,
    }
}

async fn sequencer(app: App, mut stopping: watch::Receiver<bool>) {
    while !ends(&mut stopping).await {
        sequence(&app).await;
    }
    // What was acknowledged last goes into the log too, and another node may go on at once.
    if let Err(stop) = app.flows.close(app.now()).await {
        tracing::error!(?stop, "the log could not be extended");
    }
}

async fn sequence(app: &App) {
    if let Err(stop) = app.flows.sequence(app.now()).await {
        tracing::error!(?stop, "the log could not be extended");
    }
}

/// What is due, and what is to be delivered: side by side, so that a slow server of mail holds up
/// no erasure.
async fn errands(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        let end = tokio::select! {
            it = ends(&mut stopping) => it,
            () = app.woken.notified() => false,
        };
        if end {
            return;
        }
        if let Err(stop) = work(&app).await {
            tracing::error!(?stop, "an errand could not be done");
        }
        app.posted.notify_one();
    }
}

async fn courier(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        let end = tokio::select! {
            it = ends(&mut stopping) => it,
            () = app.posted.notified() => false,
        };
        if end {
            return;
        }
        if let Err(stop) = deliver(&app).await {
            tracing::error!(?stop, "mail could not be delivered");
        }
    }
}

/// Push messages: beside the mail, so that a slow service of somebody's browser holds up no mail.
async fn pushes(app: App, mut stopping: watch::Receiver<bool>) {
    while !ends(&mut stopping).await {
        if let Err(stop) = push(&app).await {
            tracing::error!(?stop, "push messages could not be delivered");
        }
    }
}

/// Text messages: beside the mail too, because each gateway is slow in its own way.
async fn texts(app: App, mut stopping: watch::Receiver<bool>) {
    while !ends(&mut stopping).await {
        if let Err(stop) = text(&app).await {
            tracing::error!(?stop, "texts could not be delivered");
        }
    }
}

/// Codes that were asked for by an address alone.
async fn codes(app: App, mut stopping: watch::Receiver<bool>) {
    loop {
        let end = tokio::select! {
            _ = stopping.wait_for(|it| *it) => true,
            () = app.codes.called() => false,
        };
        // Whoever was told that a code comes gets one, also when the server stops.
        app.codes.send(&app.flows, app.now()).await;
        if end {
            return;
        }
        app.posted.notify_one();
    }
}

/// Which policy is in force, read again and again: other nodes publish too.
async fn policies(app: App, mut stopping: watch::Receiver<bool>) {
    while !ends(&mut stopping).await {
        if let Err(stop) = refresh(&app, app.now()).await {
            tracing::error!(?stop, "the list of policies could not be read");
        }
    }
}

/// Whether what is written becomes durable: looked at now and then, so that a full disk shows before
/// somebody is refused; and each second after something failed, until nothing fails any more.
async fn probes(app: App, mut stopping: watch::Receiver<bool>) {
    let (mut quiet, mut seen, mut good) = (0_u64, 0, 0_u32);
    while !ends(&mut stopping).await {
        let failed = flows::security::failed_commits(&app.flows);
        quiet = quiet.saturating_add(1);
        if failed == 0 && quiet < PROBE_SECONDS {
            continue;
        }
        quiet = 0;
        let durable = is_durable(&app).await;
        // In a row, and nothing that was to be recorded failed meanwhile.
        good = if durable && failed == seen { good.saturating_add(1) } else { 0 };
        seen = failed;
        if failed > 0 && good >= PROBES_TO_TRUST {
            tracing::info!("what is recorded is durable again");
            flows::security::trust_commits(&app.flows);
        }
    }
}

async fn is_durable(app: &App) -> bool {
    let wait = Duration::from_secs(PROBE_WAIT_SECONDS_MAX);
    match tokio::time::timeout(wait, flows::security::probe(&app.flows, app.now())).await {
        Ok(Ok(())) => true,
        Ok(Err(stop)) => {
            tracing::error!(?stop, "what is recorded does not become durable");
            false
        }
        Err(_) => {
            tracing::error!("what is recorded does not become durable in time");
            false
        }
    }
}

async fn refresh(app: &App, now: decide::Timestamp) -> Result<(), Stop> {
    flows::notice::refresh(&app.flows, now).await?;
    flows::notice::evidence::test_clauses(&app.flows, now);
    app.confirm();
    Ok(())
}

/// Does what is due now: policies, jobs.
async fn work(app: &App) -> Result<(), Stop> {
    let _held = app.errands.lock().await;
    let now = app.now();
    refresh(app, now).await?;
    // Mail that cannot be taken in now holds up no erasure.
    if let Err(stop) = flows::messages::fetch(&app.flows, now).await {
        tracing::warn!(?stop, "mail waits in the mailbox");
    }
    flows::retention::work(&app.flows, now).await.map(drop)
}

/// Delivers what waits.
async fn deliver(app: &App) -> Result<(), Stop> {
    let _held = app.letters.lock().await;
    flows::messages::deliver(&app.flows, app.now()).await.map(drop)
}

/// Delivers push messages, as many at a time as there are.
async fn push(app: &App) -> Result<(), Stop> {
    while flows::messages::push::deliver(&app.flows, app.now()).await? > 0 {}
    Ok(())
}

/// Delivers text messages, as many at a time as there are.
async fn text(app: &App) -> Result<(), Stop> {
    while flows::messages::text::deliver(&app.flows, app.now()).await? > 0 {}
    Ok(())
}

/// All of it, one after the other: when it returns, what was due at its beginning is done.
pub(crate) async fn run(app: &App) -> Result<(), Stop> {
    app.codes.send(&app.flows, app.now()).await;
    work(app).await?;
    flows::security::backups_settled(&app.flows).await;
    push(app).await?;
    text(app).await?;
    deliver(app).await
}
