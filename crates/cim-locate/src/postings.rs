//! Which things belong to a number: a sorted list of pairs.

/// Pairs of a number and a thing that belongs to it.
#[derive(Debug, Default)]
pub(crate) struct Postings {
    pairs: Vec<(u32, u32)>,
}

impl Postings {
    pub(crate) fn add(&mut self, number: u32, thing: u32) {
        self.pairs.push((number, thing));
    }

    /// Sorts the pairs; before this nothing is found.
    pub(crate) fn close(&mut self) {
        self.pairs.sort_unstable();
        self.pairs.dedup();
        self.pairs.shrink_to_fit();
    }

    /// The things of a number, in order.
    pub(crate) fn of(&self, number: u32) -> impl ExactSizeIterator<Item = u32> + Clone + '_ {
        let from = self.pairs.partition_point(|pair| pair.0 < number);
        let to = self.pairs.partition_point(|pair| pair.0 <= number);
        self.pairs.get(from..to).unwrap_or_default().iter().map(|pair| pair.1)
    }
}
