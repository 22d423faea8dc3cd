//! What was borrowed from the transaction does not outlive its record.

use decide::Category;
use journal::{Permit, Sealed, Tx};

async fn keep(tx: Tx<Permit>, category: Category) -> usize {
    let sealed: Option<&Sealed> = tx.sealed(category);
    let owed = tx.owe(());
    let _recorded = tx.record(owed).await;
    sealed.map_or(0, |it| it.as_bytes().len())
}

fn main() {}
