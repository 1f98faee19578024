//! Numbers with a bit for each of up to 64 things, and sets with a bit for each of many. The lowest bit
//! is the first.

use std::iter;
use std::num::NonZeroU64;

/// The bits of up to 64 answers.
#[inline]
pub(crate) fn of(said: impl Iterator<Item = bool>) -> u64 {
    said.enumerate().fold(0, |bits, (index, is)| bits | u64::from(is) << index)
}

/// Which bits are set, from the lowest on.
#[inline]
pub(crate) fn set(mut bits: u64) -> impl Iterator<Item = u32> {
    iter::from_fn(move || {
        let lowest = NonZeroU64::new(bits)?.trailing_zeros();
        bits &= bits - 1;
        Some(lowest)
    })
}

/// Some of many things, which are known by their numbers.
#[derive(Clone, Default)]
pub(crate) struct BitSet(Vec<u64>);

impl BitSet {
    /// None of so many things.
    pub(crate) fn none_of(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    /// Adds a thing; returns whether it is new.
    #[inline]
    pub(crate) fn insert(&mut self, number: usize) -> bool {
        let bit = 1 << (number % 64);
        self.0.get_mut(number / 64).is_some_and(|word| {
            let is_new = *word & bit == 0;
            *word |= bit;
            is_new
        })
    }

    pub(crate) fn contains(&self, number: usize) -> bool {
        self.0.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// Those that are also among these.
    pub(crate) fn and(&self, others: &Self) -> Self {
        Self(self.0.iter().zip(&others.0).map(|(one, other)| one & other).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_set() {
        for expected in [vec![], vec![0], vec![63], vec![0, 1, 31, 32, 63], (0..64).collect()] {
            let bits = of((0..64).map(|index| expected.contains(&index)));
            assert_eq!(set(bits).collect::<Vec<_>>(), expected);
        }
    }
}
