//! What is judged, owed, recorded or asked for is not dropped in silence.

#![deny(unused_must_use)]

use journal::{Permit, Tx};

async fn forget(tx: Tx<Permit>, other: Tx<Permit>, third: Tx<Permit>) -> Result<(), journal::Fault> {
    tx.owe(());
    other.asked();
    let owed = third.owe(());
    third.record(owed).await?;
    Ok(())
}

fn main() {}
