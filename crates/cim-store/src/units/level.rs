//! The levels of units as the coverage ranks them.

use cim_coverage::Level;
use cim_model::Collection;

/// The chain from the top.
const CHAIN: [Collection; 5] = [
    Collection::District,
    Collection::Town,
    Collection::Village,
    Collection::ComprehensiveGrid,
    Collection::MicroGrid,
];

/// The rank of a collection of units; none for other collections.
#[must_use]
pub fn level_of(collection: Collection) -> Option<Level> {
    if collection == Collection::ExclusiveGrid {
        return Some(Level::OVERLAY);
    }
    (0..).zip(CHAIN).find(|(_, level)| *level == collection).map(|(rank, _)| Level(rank))
}

/// The collection of the units of a rank.
#[must_use]
pub fn collection_of(level: Level) -> Option<Collection> {
    if level.is_overlay() {
        return Some(Collection::ExclusiveGrid);
    }
    CHAIN.get(usize::from(level.0)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_collection_of_units_has_a_rank_and_every_rank_its_collection() {
        for level in Collection::UNITS {
            assert_eq!(level_of(*level).and_then(collection_of), Some(*level));
        }
        assert_eq!(level_of(Collection::Case), None);
        assert_eq!(collection_of(Level(5)), None);
    }
}
