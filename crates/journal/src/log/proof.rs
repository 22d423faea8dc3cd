//! Inclusion and consistency proofs: made from tiles (RFC 6962, 2.1.1 and 2.1.2), checked without
//! them (RFC 9162, 2.1.3.2 and 2.1.4.2).

use super::fault::Fault;
use super::hash::Hash;
use super::limits::MAX_PROOF;
use super::node::Nodes;
use super::store::Tiles;

/// The hashes that lead from the leaf at `index` to the root of the first `size` entries.
pub fn inclusion<T: Tiles>(nodes: &Nodes<T>, index: u64, size: u64) -> Result<Vec<Hash>, Fault> {
    if index >= size || size > nodes.size() {
        return Err(Fault::NoEntry { index, size: size.min(nodes.size()) });
    }
    let (mut from, mut to) = (0, size);
    let mut path = Vec::new();
    while let Some(split) = split(from, to) {
        if index < split {
            path.push(nodes.range(split, to)?);
            to = split;
        } else {
            path.push(nodes.range(from, split)?);
            from = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// The hashes that show that the first `old` entries are the beginning of the first `new` ones.
/// Empty when there is nothing to show: `old` is 0 or equals `new`.
pub fn consistency<T: Tiles>(nodes: &Nodes<T>, old: u64, new: u64) -> Result<Vec<Hash>, Fault> {
    if old > new || new > nodes.size() {
        return Err(Fault::NoEntry { index: old.max(new), size: nodes.size() });
    }
    let mut path = Vec::new();
    if old == 0 {
        return Ok(path);
    }
    let (mut from, mut to) = (0, new);
    while to != old {
        let Some(split) = split(from, to) else { break };
        if old <= split {
            path.push(nodes.range(split, to)?);
            to = split;
        } else {
            path.push(nodes.range(from, split)?);
            from = split;
        }
    }
    // The old tree's own subtree is known to its holder only if it is the whole old tree.
    if from > 0 {
        path.push(nodes.range(from, to)?);
    }
    path.reverse();
    Ok(path)
}

/// Checks that `leaf` stands at `index` of the tree with this size and root.
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    (size, root): (u64, &Hash),
    path: &[Hash],
) -> Result<(), Fault> {
    if index >= size {
        return Err(Fault::NoEntry { index, size });
    }
    let failed = Fault::Proof { index, size };
    let (mut at, mut last, mut hash) = (index, size.saturating_sub(1), *leaf);
    for part in path {
        if last == 0 {
            return Err(failed);
        }
        if at & 1 == 1 || at == last {
            hash = Hash::node(part, &hash);
            let up = at.trailing_zeros().min(63);
            at = at.checked_shr(up).unwrap_or(0);
            last = last.checked_shr(up).unwrap_or(0);
        } else {
            hash = Hash::node(&hash, part);
        }
        at >>= 1;
        last >>= 1;
    }
    if last == 0 && hash == *root { Ok(()) } else { Err(failed) }
}

/// Checks that the tree `old` is the beginning of the tree `new`, each a size and a root.
pub fn verify_consistency(
    (old, old_root): (u64, &Hash),
    (new, new_root): (u64, &Hash),
    path: &[Hash],
) -> Result<(), Fault> {
    let failed = Fault::Proof { index: old, size: new };
    if old == 0 {
        let trivial = path.is_empty() && *old_root == Hash::empty();
        return if trivial { Ok(()) } else { Err(failed) };
    }
    if old == new {
        let same = path.is_empty() && old_root == new_root;
        return if same { Ok(()) } else { Err(failed) };
    }
    match root_of_consistency((old, old_root), new, path) {
        Some((first, second)) if first == *old_root && second == *new_root => Ok(()),
        Some(_) | None => Err(failed),
    }
}

/// The two roots that a consistency proof leads to, if it has the form of one.
pub fn root_of_consistency(
    (old, old_root): (u64, &Hash),
    new: u64,
    path: &[Hash],
) -> Option<(Hash, Hash)> {
    if old == 0 || old >= new || path.is_empty() || path.len() > MAX_PROOF {
        return None;
    }
    let own = old.is_power_of_two().then_some(old_root);
    let mut parts = own.into_iter().chain(path);
    let mut old_hash = *parts.next()?;
    let mut new_hash = old_hash;
    let (mut at, mut last) = (old.saturating_sub(1), new.saturating_sub(1));
    let up = at.trailing_ones();
    at = at.checked_shr(up).unwrap_or(0);
    last = last.checked_shr(up).unwrap_or(0);
    for part in parts {
        if last == 0 {
            return None;
        }
        if at & 1 == 1 || at == last {
            old_hash = Hash::node(part, &old_hash);
            new_hash = Hash::node(part, &new_hash);
            let up = at.trailing_zeros().min(63);
            at = at.checked_shr(up).unwrap_or(0);
            last = last.checked_shr(up).unwrap_or(0);
        } else {
            new_hash = Hash::node(&new_hash, part);
        }
        at >>= 1;
        last >>= 1;
    }
    (last == 0).then_some((old_hash, new_hash))
}

/// Where RFC 6962 splits a range: after the largest power of two below its length.
fn split(from: u64, to: u64) -> Option<u64> {
    let length = to.checked_sub(from).filter(|length| *length > 1)?;
    let left = length.saturating_sub(1).checked_ilog2().and_then(|log| 1_u64.checked_shl(log))?;
    from.checked_add(left)
}
