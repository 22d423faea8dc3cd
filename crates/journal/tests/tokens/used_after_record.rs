//! Recording ends the transaction.

use decide::Category;
use journal::{Permit, Tx};

async fn twice(tx: Tx<Permit>, category: Category) {
    let owed = tx.owe(());
    let _recorded = tx.record(owed).await;
    let _sealed = tx.sealed(category);
}

fn main() {}
