//! Density clusters in space and time (ST-DBSCAN): Birant and Kut, Data & Knowledge Engineering 60 (2007).

use std::collections::HashMap;

/// Something that happened somewhere: metres in a plane, and when.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Happening {
    pub(crate) east_m: f64,
    pub(crate) south_m: f64,
    pub(crate) at_ms: i64,
}

/// What counts as dense.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Density {
    /// Neighbours are at most so far away.
    pub(crate) reach_m: f64,
    /// Neighbours happened within so much time.
    pub(crate) reach_ms: i64,
    /// With so many neighbours, itself included, something stands in the core of a cluster.
    pub(crate) least: usize,
}

/// The clusters, each the places of its members in `happenings`; every one belongs to at most one. Expected time linear in the
/// number of neighbours.
pub(crate) fn clusters(happenings: &[Happening], density: Density) -> Vec<Vec<usize>> {
    let cells = Cells::new(happenings, density);
    let mut cluster_of: Vec<Option<usize>> = vec![None; happenings.len()];
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for start in 0..happenings.len() {
        if cluster_of[start].is_some() {
            continue;
        }
        let neighbours = cells.neighbours(start);
        if neighbours.len() < density.least {
            continue;
        }
        let number = clusters.len();
        cluster_of[start] = Some(number);
        let mut members = vec![start];
        let mut open = Vec::new();
        // Each joins when it is met, so that nothing waits twice.
        let mut join = |places: Vec<usize>, open: &mut Vec<usize>, members: &mut Vec<usize>| {
            for place in places {
                if cluster_of[place].is_none() {
                    cluster_of[place] = Some(number);
                    members.push(place);
                    open.push(place);
                }
            }
        };
        join(neighbours, &mut open, &mut members);
        while let Some(next) = open.pop() {
            let beyond = cells.neighbours(next);
            if beyond.len() >= density.least {
                join(beyond, &mut open, &mut members);
            }
        }
        members.sort_unstable();
        clusters.push(members);
    }
    clusters
}

/// Happenings by square of the reach's side.
struct Cells<'a> {
    happenings: &'a [Happening],
    density: Density,
    by_cell: HashMap<(i64, i64), Vec<usize>>,
}

impl<'a> Cells<'a> {
    fn new(happenings: &'a [Happening], density: Density) -> Self {
        let mut by_cell: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (place, happening) in happenings.iter().enumerate() {
            by_cell.entry(cell_of(happening, density.reach_m)).or_default().push(place);
        }
        Self { happenings, density, by_cell }
    }

    fn neighbours(&self, of: usize) -> Vec<usize> {
        let here = self.happenings[of];
        let (x, y) = cell_of(&here, self.density.reach_m);
        let around = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy)));
        let is_near = |place: &&usize| {
            let there = self.happenings[**place];
            (there.at_ms - here.at_ms).abs() <= self.density.reach_ms
                && (there.east_m - here.east_m).hypot(there.south_m - here.south_m) <= self.density.reach_m
        };
        around.filter_map(|cell| self.by_cell.get(&cell)).flatten().filter(is_near).copied().collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a city is smaller than 2^63 cells")]
fn cell_of(happening: &Happening, side_m: f64) -> (i64, i64) {
    ((happening.east_m / side_m).floor() as i64, (happening.south_m / side_m).floor() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    const DENSITY: Density = Density { reach_m: 50.0, reach_ms: 24 * HOUR_MS, least: 4 };

    fn at(east_m: f64, hours: i64) -> Happening {
        Happening { east_m, south_m: 0.0, at_ms: hours * HOUR_MS }
    }

    #[test]
    fn a_row_of_close_events_is_one_cluster_and_a_lone_one_belongs_to_none() {
        let mut happenings: Vec<Happening> = (0..20).map(|place| at(f64::from(place) * 15.0, 0)).collect();
        happenings.push(at(5_000.0, 0));
        let found = clusters(&happenings, DENSITY);
        assert_eq!(found, [(0..20).collect::<Vec<_>>()]);
    }

    #[test]
    fn the_same_place_in_two_months_is_two_clusters() {
        let happenings: Vec<Happening> =
            (0..10).map(|place| at(f64::from(place), if place < 5 { 0 } else { 24 * 30 })).collect();
        assert_eq!(clusters(&happenings, DENSITY).len(), 2);
    }

    #[test]
    fn thousands_at_one_spot_are_one_cluster() {
        let happenings = vec![at(0.0, 0); 3_000];
        assert_eq!(clusters(&happenings, DENSITY), [(0..3_000).collect::<Vec<_>>()]);
    }

    #[test]
    fn three_are_too_few_when_four_are_needed() {
        assert!(clusters(&[at(0.0, 0), at(1.0, 0), at(2.0, 0)], DENSITY).is_empty());
    }
}
