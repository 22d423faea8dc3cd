//! Dice: numbers from a list of bytes, or from a seed.

/// A source of choices. A list that is used up gives zeros, the simplest choice everywhere, so that
/// a shorter list is a simpler world.
#[derive(Debug, Clone)]
pub struct Dice {
    bytes: std::vec::IntoIter<u8>,
    seed: Option<u64>,
}

impl Dice {
    /// Dice that fall as these bytes say.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self { bytes: bytes.into_iter(), seed: None }
    }

    /// Dice that never end.
    pub fn seeded(seed: u64) -> Self {
        Self { bytes: Vec::new().into_iter(), seed: Some(seed) }
    }

    /// One of the numbers below `sides`.
    pub fn below(&mut self, sides: usize) -> usize {
        usize::from(self.byte()).checked_rem(sides).unwrap_or(0)
    }

    /// One of the numbers below `sides`, however many there are.
    pub fn among(&mut self, sides: usize) -> usize {
        let bytes = [self.byte(), self.byte(), self.byte(), self.byte()];
        let drawn = usize::try_from(u32::from_le_bytes(bytes)).unwrap_or(0);
        drawn.checked_rem(sides).unwrap_or(0)
    }

    /// True `share` times of 256.
    pub fn chance(&mut self, share: u8) -> bool {
        self.byte() > u8::MAX.saturating_sub(share)
    }

    /// One of these; the first when the dice are used up.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> Option<T> {
        let at = self.below(of.len());
        of.get(at).copied()
    }

    /// Those that chance picks, each `share` times of 256.
    pub fn some<'a, T: ?Sized>(&mut self, of: &[&'a T], share: u8) -> Vec<&'a T> {
        of.iter().copied().filter(|_| self.chance(share)).collect()
    }

    /// In another order.
    pub fn shuffled<T>(&mut self, mut things: Vec<T>) -> Vec<T> {
        let mut order = Vec::with_capacity(things.len());
        while !things.is_empty() {
            let at = self.below(things.len());
            order.push(things.swap_remove(at));
        }
        order
    }

    /// Splitmix64 where there is a seed (Steele, Lea, Flood 2014).
    fn byte(&mut self) -> u8 {
        let Some(seed) = self.seed.as_mut() else { return self.bytes.next().unwrap_or(0) };
        *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)).to_le_bytes()[0]
    }
}
