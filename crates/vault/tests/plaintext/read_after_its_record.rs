use decide::{Category, Permit};
use journal::Tx;
use vault::Vault;

async fn read_late(vault: &Vault, tx: Tx<Permit>, email: Category) -> Option<String> {
    let opened = vault.open(&tx).ok()?;
    let owed = tx.owe(());
    tx.record(owed).await.ok()?;
    opened.get(email).map(str::to_owned)
}

fn main() {}
