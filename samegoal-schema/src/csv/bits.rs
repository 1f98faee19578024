//! Numbers with a bit for each of up to 64 things. The lowest bit is the first.

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
