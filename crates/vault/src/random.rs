//! Secure randomness in blocks: asking for each nonce costs more than the cipher.

use std::cell::RefCell;

use aws_lc_rs::rand;
use zeroize::Zeroize as _;

use crate::fault::Fault;

/// Bytes drawn at once, per thread.
const BLOCK: usize = 4096;

struct Block {
    bytes: [u8; BLOCK],
    used: usize,
}

thread_local! {
    static RANDOM: RefCell<Block> = const { RefCell::new(Block { bytes: [0; BLOCK], used: BLOCK }) };
}

/// Fills `into`. Bytes are given out once and wiped from the block.
pub(crate) fn fill(into: &mut [u8]) -> Result<(), Fault> {
    if into.len() > BLOCK {
        return rand::fill(into).map_err(|_| Fault::Random);
    }
    RANDOM.with_borrow_mut(|block| {
        if BLOCK.saturating_sub(block.used) < into.len() {
            rand::fill(&mut block.bytes).map_err(|_| Fault::Random)?;
            block.used = 0;
        }
        let end = block.used.saturating_add(into.len());
        let fresh = block.bytes.get_mut(block.used..end).ok_or(Fault::Random)?;
        into.copy_from_slice(fresh);
        fresh.zeroize();
        block.used = end;
        Ok(())
    })
}

/// A fresh array.
pub(crate) fn array<const N: usize>() -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    fill(&mut bytes)?;
    Ok(bytes)
}
