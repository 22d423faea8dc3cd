//! Tree, tiles and proofs against the RFC's vectors and a naive recursion written from its text.

use std::cell::RefCell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::world::{entries, hex, tiles};
use super::*;

/// RFC 6962, 2.1, word for word.
fn mth(leaves: &[Hash]) -> Hash {
    thread_local! {
        static KNOWN: RefCell<BTreeMap<(Hash, usize), Hash>> = const { RefCell::new(BTreeMap::new()) };
    }
    match leaves {
        [] => Hash::empty(),
        [one] => *one,
        many => {
            // Remembered by first leaf and length, as leaves here never repeat.
            let key = (many[0], many.len());
            if let Some(known) = KNOWN.with_borrow(|known| known.get(&key).copied()) {
                return known;
            }
            let k = many.len().next_power_of_two() / 2;
            let root = Hash::node(&mth(&many[..k]), &mth(&many[k..]));
            KNOWN.with_borrow_mut(|known| known.insert(key, root));
            root
        }
    }
}

/// RFC 6962, 2.1.1.
fn path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() <= 1 {
        return vec![];
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut path, sibling) = if m < k {
        (path(m, &leaves[..k]), mth(&leaves[k..]))
    } else {
        (path(m - k, &leaves[k..]), mth(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// RFC 6962, 2.1.2.
fn subproof(m: usize, leaves: &[Hash], whole: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if whole { vec![] } else { vec![mth(leaves)] };
    }
    let k = leaves.len().next_power_of_two() / 2;
    let (mut path, sibling) = if m <= k {
        (subproof(m, &leaves[..k], whole), mth(&leaves[k..]))
    } else {
        (subproof(m - k, &leaves[k..], false), mth(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// The vectors of the certificate transparency project (`merkle_tree_test`), leaves of any length.
#[test]
fn known_vectors() {
    let inputs: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d,
            0x6e, 0x6f,
        ],
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let leaves: Vec<Hash> = inputs.iter().map(|data| Hash::leaf_of(data)).collect();
    assert_eq!(
        hex(&Hash::empty().0),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    for (size, root) in (1..).zip(roots) {
        assert_eq!(hex(&mth(&leaves[..size]).0), root);
    }
    let proof = path(5, &leaves);
    let root = mth(&leaves);
    assert_eq!(
        proof.iter().map(|h| hex(&h.0)).collect::<Vec<_>>(),
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ]
    );
    verify_inclusion(&leaves[5], 5, (8, &root), &proof).unwrap();
}

#[test]
fn every_size_up_to_600_has_the_naive_root_and_proofs() {
    let all = entries(0, 600);
    let leaves: Vec<Hash> = all.iter().map(Hash::leaf).collect();
    let mut tree = Tree::new();
    let (_, memory) = tiles(&all, 600);
    let nodes = Nodes::new(memory, 600);
    let roots: Vec<Hash> = (0..=600).map(|size| mth(&leaves[..size])).collect();
    for size in 0..=600_usize {
        if size > 0 {
            tree.append(&all[size - 1..size]);
        }
        assert_eq!(tree.root(), roots[size], "root of {size}");
        assert_eq!(nodes.root(size as u64).unwrap(), roots[size]);
    }
    // Every pair would take minutes in the naive form: each size has three partners.
    for size in 1..=600_usize {
        for at in [7919 % size, size * 7 / 11, size - 1] {
            let at = at.min(size - 1);
            let made = inclusion(&nodes, at as u64, size as u64).unwrap();
            assert_eq!(made, path(at, &leaves[..size]), "inclusion of {at} in {size}");
            verify_inclusion(&leaves[at], at as u64, (size as u64, &roots[size]), &made).unwrap();
            let old = at + 1;
            let made = consistency(&nodes, old as u64, size as u64).unwrap();
            assert_eq!(made, subproof(old, &leaves[..size], true), "consistency {old} to {size}");
            let (old_head, new_head) = ((old as u64, &roots[old]), (size as u64, &roots[size]));
            verify_consistency(old_head, new_head, &made).unwrap();
        }
    }
}

#[test]
fn every_beginning_of_chosen_sizes_is_consistent_and_included() {
    let all = entries(0, 600);
    let leaves: Vec<Hash> = all.iter().map(Hash::leaf).collect();
    let nodes = Nodes::new(tiles(&all, 600).1, 600);
    let roots: Vec<Hash> = (0..=600).map(|size| nodes.root(size).unwrap()).collect();
    for new in [1, 2, 3, 7, 64, 129, 255, 256, 257, 300, 511, 512, 513, 600] {
        let new_head = (new, &roots[new as usize]);
        for old in 0..=new {
            let proof = consistency(&nodes, old, new).unwrap();
            verify_consistency((old, &roots[old as usize]), new_head, &proof).unwrap();
            if old < new {
                let proof = inclusion(&nodes, old, new).unwrap();
                verify_inclusion(&leaves[old as usize], old, new_head, &proof).unwrap();
            }
        }
    }
}

#[test]
fn tiles_do_not_depend_on_batches_and_reload() {
    let all = entries(0, 70_000);
    let (whole, once) = tiles(&all, 70_000);
    let once = once.0.borrow().seen.clone();
    for batch in [1000, 256, 9999] {
        let (tree, memory) = tiles(&all, batch);
        assert_eq!(tree.root(), whole.root());
        let many = memory.0.borrow().seen.clone();
        assert!(once.iter().all(|(path, bytes)| many.get(path) == Some(bytes)));
        let again = Tree::load(&memory, 70_000).unwrap();
        assert_eq!(again.root(), whole.root());
        assert_eq!(again.edge(), whole.edge());
    }
    // The specification's own example of 70,000 entries.
    let of = |level: &str| once.keys().filter(|k| k.starts_with(&format!("tile/{level}/"))).count();
    assert_eq!([of("0"), of("1"), of("2"), of("entries")], [274, 2, 1, 274]);
    for partial in ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"] {
        assert!(once.contains_key(partial), "{partial}");
    }
}

#[test]
fn the_entry_is_the_documented_bytes() {
    let mut bytes = b"kept-entry-v1\0\0\0\0\x05hello".to_vec();
    bytes.extend([9; 32]);
    assert_eq!(entry(b"hello", &[9; 32]), Hash::of(&bytes));
    assert_ne!(entry(b"hello", &[9; 32]), entry(b"hello", &[8; 32]));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_changed_proof_fails(size in 2_u64..600, at in 0_u64..600, part in any::<usize>(), bit in 0_u8..8) {
        let all = entries(0, size);
        let at = at % size;
        let (tree, memory) = tiles(&all, 64);
        let nodes = Nodes::new(memory, size);
        let root = tree.root();
        let mut proof = inclusion(&nodes, at, size).unwrap();
        let leaf = Hash::leaf(&all[at as usize]);
        let mut shorter = proof.clone();
        shorter.pop();
        prop_assert!(verify_inclusion(&leaf, at, (size, &root), &shorter).is_err());
        let n = part % proof.len();
        proof[n].0[part % 32] ^= 1 << bit;
        prop_assert!(verify_inclusion(&leaf, at, (size, &root), &proof).is_err());
        proof.push(root);
        prop_assert!(verify_inclusion(&leaf, at, (size, &root), &proof).is_err());
        let old = at + 1;
        let old_root = nodes.root(old).unwrap();
        let mut proof = consistency(&nodes, old, size).unwrap();
        if old < size {
            let n = part % proof.len();
            proof[n].0[part % 32] ^= 1 << bit;
            prop_assert!(verify_consistency((old, &old_root), (size, &root), &proof).is_err());
        }
    }
}
