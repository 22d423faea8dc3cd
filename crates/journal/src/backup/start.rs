//! From when on changes are written down outside. Where nobody wrote them down for a while, how everybody
//! stands is written down first, and then the entries that are missing.

use std::sync::Arc;

use decide::PersonId;
use decide::id::CaseId;

use super::changes::{self, Node, Ship, Shipment, State};
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::SEQUENCE_MAX;
use crate::log::{
    CHECKPOINT, Checkpoint, HASH_BYTES, Hash, Level, Note, TilePath, Tree, decode_bundle,
};
use crate::place::Place;

/// How often is looked whether another node, which goes on meanwhile, wrote down what is there.
const LOOKS: u32 = 3;

impl Journal {
    /// Has every change written down there from now on, before the log speaks of it. Called once,
    /// before anything is sequenced.
    ///
    /// # Errors
    /// When what was written down before cannot be read, or what is missing not be added.
    pub async fn ship(&self, ship: Arc<dyn Ship>) -> Result<(), Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        for _ in 0..LOOKS {
            // In this order: what the log speaks of was written down before.
            let stands = self.stands().await?;
            let known = newest(&ship).await?;
            if known.iter().any(|(base, to)| *base == stands || *to == stands) {
                return self.inner.engine.ship(ship);
            }
        }
        self.catch_up(&ship).await?;
        self.inner.engine.ship(ship)
    }

    /// The log as it stands. Whether it is signed is looked at by whoever reads the list.
    async fn stands(&self) -> Result<Node, Fault> {
        let note = self.log_file(CHECKPOINT).await?;
        let note = note.ok_or_else(|| Fault::broken("the log has no checkpoint"))?;
        let note = Note::parse(CHECKPOINT, &note).map_err(Fault::broken)?;
        let it = Checkpoint::parse(CHECKPOINT, note.unchecked()).map_err(Fault::broken)?;
        Ok(Node { size: it.size, root: it.root })
    }

    async fn catch_up(&self, ship: &Arc<dyn Ship>) -> Result<(), Fault> {
        let stands = self.stands().await?;
        let mut from = stands;
        // The furthest that was written down of this very log.
        for (_, node) in newest(ship).await? {
            let mine = node.size < stands.size
                && self.inner.engine.root(stands.size, node.size).await? == node.root;
            if mine && (from == stands || node.size > from.size) {
                from = node;
            }
        }
        // People first: with the entries it is as if nothing had been missing.
        for region in self.regions().to_vec() {
            let mut after: Option<PersonId> = None;
            loop {
                let place = Place::People(region);
                let query = changes::everybody(region, after);
                let people = self.inner.engine.read(&place, &query).await?;
                let Some(last) = people.last() else { break };
                after = Some(*last);
                let states = self.states(&place, &people).await?;
                out(ship, Shipment::of_people(from, states, Vec::new())).await?;
            }
        }
        let mut ended = Vec::new();
        for query in changes::ended() {
            ended.extend(self.inner.engine.read(&Place::Kept, &query).await?);
        }
        out(ship, Shipment::of_people(from, Vec::new(), ended)).await?;
        self.entries(ship, from, stands).await
    }

    /// Writes down that a hold over somebody who was erased ends, before it does: no entry of the log
    /// speaks of it, and what stands in the list comes back with a backup.
    pub(crate) async fn tell_end(&self, person: PersonId, hold: CaseId) -> Result<(), Fault> {
        let Some(ship) = self.inner.engine.shipping() else { return Ok(()) };
        let mut states = self.states(&Place::People(person.region()), &[person]).await?;
        states.retain(|it| it.erased);
        for state in &mut states {
            state.end(hold);
        }
        out(&ship, Shipment::of_people(self.stands().await?, states, Vec::new())).await
    }

    async fn states(&self, place: &Place, people: &[PersonId]) -> Result<Vec<State>, Fault> {
        let mut states = Vec::new();
        for some in people.chunks(changes::TOGETHER) {
            let Some(region) = some.first().map(PersonId::region) else { continue };
            let mut parts = Vec::new();
            for query in changes::read(region, some) {
                parts.extend(self.inner.engine.read(place, &query).await?);
            }
            states.extend(changes::together(parts));
        }
        Ok(states)
    }

    /// The entries between two sizes of the log.
    async fn entries(&self, ship: &Arc<dyn Ship>, from: Node, to: Node) -> Result<(), Fault> {
        if from == to {
            return Ok(());
        }
        let mut tree = Tree::new();
        let mut base = from;
        let mut waiting: Vec<Hash> = Vec::new();
        let mut number = 0_u64;
        while let Some(path) = TilePath::in_tree(Level::Entries, number, to.size) {
            for entry in self.bundle(path).await? {
                if tree.size() >= from.size {
                    waiting.push(entry);
                }
                drop(tree.append(&[entry]));
                if waiting.len() >= SEQUENCE_MAX || (tree.size() == to.size && !waiting.is_empty())
                {
                    let leaves = std::mem::take(&mut waiting);
                    let to = Node { size: tree.size(), root: tree.root() };
                    let states = Vec::new();
                    let ended = Vec::new();
                    let it = Shipment { base, to, leaves, ended, states };
                    out(ship, it).await?;
                    base = to;
                }
            }
            number = number.saturating_add(1);
        }
        Ok(())
    }
}

impl Journal {
    /// A bundle; a partial one may since have become full, and then stands at its beginning.
    async fn bundle(&self, path: TilePath) -> Result<Vec<Hash>, Fault> {
        if let Some(bytes) = self.log_file(&path.to_string()).await? {
            return decode_bundle(path, &bytes).map_err(Fault::broken);
        }
        let full = self.log_file(&path.full().to_string()).await?;
        let mut bytes = full.ok_or_else(|| Fault::broken("a bundle is missing"))?;
        bytes.truncate(usize::from(path.width).saturating_mul(HASH_BYTES + 2));
        decode_bundle(path, &bytes).map_err(Fault::broken)
    }
}

async fn newest(ship: &Arc<dyn Ship>) -> Result<Vec<(Node, Node)>, Fault> {
    let ship = Arc::clone(ship);
    let read = tokio::task::spawn_blocking(move || ship.newest());
    read.await.map_err(Fault::broken)?.map_err(Fault::Unreachable)
}

async fn out(ship: &Arc<dyn Ship>, it: Shipment) -> Result<(), Fault> {
    let ship = Arc::clone(ship);
    let written = tokio::task::spawn_blocking(move || ship.ship(&it));
    written.await.map_err(Fault::broken)?.map_err(Fault::Unreachable)
}
