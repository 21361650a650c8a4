//! Chance that is the same on every machine: a counted hash (`SplitMix64`), no library, no platform.

/// A stream of chance.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

/// A well mixed hash of a number.
pub(crate) const fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

impl Dice {
    /// The stream of one thing: the same seed, topic and number give the same stream, whatever else is drawn.
    pub(crate) fn of(seed: u64, topic: &str, number: u64) -> Self {
        let mut state = mix(seed ^ 0x9e37_79b9_7f4a_7c15);
        for byte in topic.bytes() {
            state = mix(state.wrapping_add(u64::from(byte)).wrapping_add(0x9e37_79b9_7f4a_7c15));
        }
        Self { state: mix(state ^ mix(number.wrapping_add(0x632b_e59b_d9b4_e019))) }
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// From 0 up to but without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from 0 up to but without `count`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        if count == 0 { 0 } else { ((u128::from(self.bits()) * count as u128) >> 64) as usize }
    }

    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }

    /// An index by weight.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// About normal, mean 0, deviation 1 (sum of twelve).
    pub(crate) fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}
