//! A table that is being filled, in the order of its key: with rows that come in beside those of the
//! backup, and without those that an earlier run has put in.

use std::cmp::Ordering;

use crate::backup::KEYS;
use crate::backup::apply::in_order;
use crate::moving::side::Cells;
use crate::moving::table::Table;
use crate::place::Place;
use crate::sql::Value;

/// A table that is being filled.
pub(super) struct Filling {
    pub(super) place: Place,
    pub(super) table: &'static Table,
    /// The greatest key that is there already.
    after: Option<Vec<Value>>,
    /// Rows that come in beside, the last one first.
    more: Vec<Cells>,
    pub(super) waiting: Vec<Cells>,
}

impl Filling {
    pub(super) fn new(
        (place, table): (Place, &'static Table),
        after: Option<Vec<Value>>,
        mut more: Vec<Cells>,
    ) -> Self {
        more.reverse();
        Self { place, table, after, more, waiting: Vec::new() }
    }

    /// A row as it stood in the backup, and as it goes in.
    pub(super) fn push(&mut self, as_it_was: &[Value], row: Option<Cells>) {
        let width = self.table.key.len();
        while let Some(other) = self.more.last() {
            match in_order(other, as_it_was, width) {
                Ordering::Less => {}
                // What the backup has of a person is looked at as such.
                Ordering::Equal if matches!(self.table.name, "people" | KEYS) => {
                    self.more.pop();
                    break;
                }
                Ordering::Equal => {
                    self.beside();
                    return;
                }
                Ordering::Greater => break,
            }
            self.beside();
        }
        if let Some(row) = row {
            self.wait(row);
        }
    }

    pub(super) fn rest(&mut self) {
        while !self.more.is_empty() {
            self.beside();
        }
    }

    fn beside(&mut self) {
        if let Some(row) = self.more.pop() {
            self.wait(row);
        }
    }

    /// Unless it is there already.
    fn wait(&mut self, row: Cells) {
        let width = self.table.key.len();
        let there = self.after.as_ref().is_some_and(|it| in_order(&row, it, width).is_le());
        if !there {
            self.waiting.push(row);
        }
    }
}
