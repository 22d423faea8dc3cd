//! A set of up to 64 declared things, as the bits of one word.

use std::fmt;
use std::marker::PhantomData;

/// A thing with a position in the installation's vocabulary.
pub trait Interned: Copy {
    /// The position, from 0.
    fn position(self) -> u8;
    /// The thing at a position.
    fn at(position: u8) -> Self;
}

/// A set of interned things. Positions past 63 are never in a set.
pub struct Set<T>(u64, PhantomData<fn() -> T>);

impl<T> Set<T> {
    /// The set of nothing.
    pub const EMPTY: Self = Self(0, PhantomData);

    /// From bits, the lowest being position 0.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits, PhantomData)
    }

    /// The bits, the lowest being position 0.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many are in it.
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self::from_bits(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self::from_bits(self.0 & other.0)
    }

    /// What is in this and not in the other.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self::from_bits(self.0 & !other.0)
    }

    /// Whether everything in this is in the other.
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }
}

impl<T: Interned> Set<T> {
    /// The set of one thing.
    pub fn of(thing: T) -> Self {
        Self::from_bits(1_u64.checked_shl(u32::from(thing.position())).unwrap_or(0))
    }

    /// Whether the thing is in it.
    pub fn has(self, thing: T) -> bool {
        !self.and(Self::of(thing)).is_empty()
    }

    /// This and the thing.
    #[must_use]
    pub fn with(self, thing: T) -> Self {
        self.union(Self::of(thing))
    }

    /// This without the thing.
    #[must_use]
    pub fn less(self, thing: T) -> Self {
        self.without(Self::of(thing))
    }

    /// The things in it, lowest position first.
    pub fn iter(self) -> impl Iterator<Item = T> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let position = u8::try_from(rest.trailing_zeros()).ok().filter(|it| *it < 64)?;
            rest &= rest.wrapping_sub(1);
            Some(T::at(position))
        })
    }
}

impl<T: Interned> FromIterator<T> for Set<T> {
    fn from_iter<I: IntoIterator<Item = T>>(things: I) -> Self {
        things.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl<T> Clone for Set<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Set<T> {}
impl<T> Default for Set<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}
impl<T> PartialEq for Set<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl<T> Eq for Set<T> {}
impl<T> fmt::Debug for Set<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Set({:#b})", self.0)
    }
}
