//! Numbers that look random and are the same each time.

/// A small generator of numbers, `SplitMix64`.
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// One of the texts.
pub(crate) fn pick<'a>(rng: &mut Rng, from: &[&'a str]) -> &'a str {
    let index = usize::try_from(rng.below(from.len() as u64)).unwrap_or_default();
    from.get(index).copied().unwrap_or_default()
}
