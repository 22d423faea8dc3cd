//! Which program may serve beside a migration that it does not know: while nodes are replaced one by
//! one, and after going back to the program before.
//!
//! The migration says so itself, by the end of its name, which the database keeps: `__from_4` lets in
//! every program that knows schema 4. One that says nothing lets in nobody older.

use refinery::{Migration, SchemaVersion};

/// What stands before the number.
const FROM: &str = "__from_";

/// The oldest schema whose programs may serve beside a migration of this name.
fn oldest(name: &str) -> Option<SchemaVersion> {
    name.rsplit_once(FROM)?.1.parse().ok()
}

/// Of what was applied, the newest that is not known, where this program may not serve beside all.
pub(crate) fn shut_out(applied: &[Migration], known: SchemaVersion) -> Option<&Migration> {
    let newer = || applied.iter().filter(|it| it.version() > known);
    let open = |it: &Migration| oldest(it.name()).is_some_and(|oldest| oldest <= known);
    if newer().all(open) { None } else { newer().max_by_key(|it| it.version()) }
}

/// Whether everything that this program knows was applied, so that what it reads is there.
pub(crate) fn all_applied(applied: &[Migration], known: &[Migration]) -> bool {
    known.iter().all(|it| applied.iter().any(|there| there.version() == it.version()))
}

#[cfg(test)]
mod tests;
