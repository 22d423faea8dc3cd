use decide::{Category, Permit};
use journal::{Pending, Tx};
use vault::Vault;

fn lend(vault: &Vault, tx: &Tx<Permit>, email: Category) -> Option<Pending<String>> {
    let mut lent: Option<&str> = None;
    let pending = vault.open(tx).ok()?.into_pending(|opened| {
        lent = opened.get(email);
        String::new()
    });
    lent.map(|_| pending)
}

fn main() {}
