//! Which records are asked what only a whole column shows.

/// Every record up to this one is in the sample, and after it one of [`STEP`].
pub(crate) const ALL_UP_TO: u64 = 512;
const STEP: usize = 64;

/// Which of these records, by their numbers from 1, are in the sample. It does not depend on how a file
/// is read.
pub(crate) fn numbers(from: u64, to: u64) -> impl Iterator<Item = u64> {
    let all = from..to.min(ALL_UP_TO + 1);
    let first = from.max(ALL_UP_TO + 1).next_multiple_of(STEP as u64);
    all.chain((first..to).step_by(STEP))
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn the_sample_does_not_depend_on_blocks() {
        let whole: Vec<_> = numbers(1, 5000).collect();
        assert_eq!((whole.len(), whole.get(512)), (512 + 70, Some(&576)));
        for block in [1, 7, 64] {
            let starts = (1..5000).step_by(block);
            let parts = starts.flat_map(|from| numbers(from, (from + block as u64).min(5000)));
            assert_eq!(parts.collect::<Vec<_>>(), whole, "{block}");
        }
    }
}
