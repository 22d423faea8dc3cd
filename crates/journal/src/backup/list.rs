//! The list of changes as it was read back: whether it is whole, and what it says of whom.

use std::collections::{BTreeMap, BTreeSet};

use decide::PersonId;

use super::BackupFault;
use super::changes::{Node, Shipment, State};
use crate::log::{Checkpoint, Hash};

/// Everything that was written down outside.
#[derive(Debug, Default)]
pub struct List {
    shipments: Vec<Shipment>,
    states: BTreeMap<PersonId, State>,
    ended: BTreeSet<String>,
}

/// The steps from a size that a backup knows to the end.
#[derive(Debug)]
pub(super) struct Way<'a> {
    pub(super) to: Node,
    pub(super) steps: Vec<&'a Shipment>,
}

impl List {
    /// What was read, in whatever order.
    pub fn new(shipments: Vec<Shipment>) -> Self {
        let mut list = Self { shipments, ..Self::default() };
        for shipment in &mut list.shipments {
            list.ended.extend(std::mem::take(&mut shipment.ended));
            for state in std::mem::take(&mut shipment.states) {
                let known = list.states.get(&state.person);
                if known.is_none_or(|it| (it.erased, it.version) <= (state.erased, state.version)) {
                    list.states.insert(state.person, state);
                }
            }
        }
        list
    }

    /// How many people it says something of.
    pub fn people(&self) -> usize {
        self.states.len()
    }

    /// The largest size of the log that it reaches.
    pub fn reaches(&self) -> Option<u64> {
        self.shipments.iter().map(|it| it.to.size).max()
    }

    pub(super) const fn states(&self) -> &BTreeMap<PersonId, State> {
        &self.states
    }

    pub(super) const fn ended(&self) -> &BTreeSet<String> {
        &self.ended
    }

    /// The steps from `since` or before to the newest checkpoint known outside, and on to where the list
    /// ends: without a gap, each going on from the very log that the one before came to.
    pub(super) fn way(
        &self,
        since: u64,
        newest: Option<&Checkpoint>,
    ) -> Result<Way<'_>, BackupFault> {
        let fault = |why: String| BackupFault::List(why);
        if self.shipments.is_empty() {
            return Err(fault("is missing, or holds nothing: name its folder".to_owned()));
        }
        let furthest = self.furthest();
        let start = match newest {
            // What the backup has already is looked at in its own log.
            Some(it) if it.size > since => Node { size: it.size, root: it.root },
            Some(_) | None => {
                furthest.values().map(|it| it.end).max().unwrap_or_else(|| self.last())
            }
        };
        let known = |node: Node| self.shipments.iter().any(|it| it.to == node || it.base == node);
        if !known(start) {
            let reaches = self.reaches().unwrap_or(0);
            return Err(fault(if reaches < start.size {
                format!(
                    "ends at {reaches} entries of the log, and a checkpoint outside knows of {}: \
                     something that was acknowledged is missing in it",
                    start.size
                )
            } else {
                format!("knows another log than the checkpoint outside of {} entries", start.size)
            }));
        }
        if start.size < since {
            return Err(fault(format!(
                "ends at {} entries of the log, before the backup, which has {since}: what was changed \
                 after it is missing",
                start.size
            )));
        }
        let mut steps = self.back(start, since).map_err(|at| {
            fault(format!(
                "is not whole: the step that comes to {at} entries of the log is missing, and the \
                 backup ends at {since}"
            ))
        })?;
        let mut to = start;
        while let Some(next) = furthest.get(&to) {
            steps.push(next.step);
            to = next.step.to;
        }
        Ok(Way { to, steps })
    }

    fn last(&self) -> Node {
        let largest = self.shipments.iter().map(|it| it.to).max();
        largest.unwrap_or(Node { size: 0, root: Hash::empty() })
    }

    /// From where, by which step one gets furthest. Of steps that begin at the same log only one was
    /// taken: the one from which it went on.
    fn furthest(&self) -> BTreeMap<Node, Reach<'_>> {
        let mut steps: Vec<&Shipment> =
            self.shipments.iter().filter(|it| it.to.size > it.base.size).collect();
        steps.sort_by_key(|it| std::cmp::Reverse(it.base.size));
        let mut reach: BTreeMap<Node, Reach<'_>> = BTreeMap::new();
        for step in steps {
            let end = reach.get(&step.to).map_or(step.to, |it| it.end);
            if reach.get(&step.base).is_none_or(|it| it.end.size <= end.size) {
                reach.insert(step.base, Reach { step, end });
            }
        }
        reach
    }

    /// The steps that lead from `since` or before to a node, in their order; or the size of the one that
    /// nothing leads to.
    fn back(&self, to: Node, since: u64) -> Result<Vec<&Shipment>, u64> {
        let mut by_end: BTreeMap<Node, &Shipment> = BTreeMap::new();
        for step in self.shipments.iter().filter(|it| it.to.size > it.base.size) {
            by_end.insert(step.to, step);
        }
        let mut steps = Vec::new();
        let mut at = to;
        while at.size > since {
            let step = by_end.get(&at).ok_or(at.size)?;
            steps.push(*step);
            at = step.base;
        }
        steps.reverse();
        Ok(steps)
    }
}

/// By which step, and where one comes to in the end.
struct Reach<'a> {
    step: &'a Shipment,
    end: Node,
}

#[cfg(test)]
mod tests;
