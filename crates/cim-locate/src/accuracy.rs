//! Points that one text may mean: their middle, how far they reach, and whether they are one place or several.

use cim_crs::{LonLat, near_distance_m};

/// What is stated for one door, met or not by the surveyor's point.
pub(crate) const DOOR_M: f64 = 20.0;
/// A stair of a building.
pub(crate) const STAIR_M: f64 = 15.0;
/// A building, beyond the middle of its doors.
pub(crate) const BUILDING_M: f64 = 12.0;

/// The mean of some points.
pub(crate) fn middle(points: &[LonLat]) -> Option<LonLat> {
    let count = points.len() as f64;
    let sum = points.iter().fold((0.0, 0.0), |sum, point| (sum.0 + point.lon, sum.1 + point.lat));
    (!points.is_empty()).then(|| LonLat { lon: sum.0 / count, lat: sum.1 / count })
}

/// The distance within which nine of ten points lie.
pub(crate) fn reach_m(centre: LonLat, points: &[LonLat]) -> f64 {
    let mut distances: Vec<f64> = points.iter().map(|&point| near_distance_m(centre, point)).collect();
    let index = (distances.len() * 9).div_ceil(10).saturating_sub(1);
    if distances.is_empty() {
        return 0.0;
    }
    *distances.select_nth_unstable_by(index, f64::total_cmp).1
}

/// Index of the point nearest to a position.
pub(crate) fn nearest_to(centre: LonLat, points: &[LonLat]) -> usize {
    let distance = |point: &LonLat| near_distance_m(centre, *point);
    points
        .iter()
        .enumerate()
        .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
        .map_or(0, |(index, _)| index)
}

/// Most places that one text is taken to mean; a text that means more says too little.
const MOST_CLUSTERS: usize = 12;

/// Indices of the points by place: whatever lies within a distance of the first point of a place belongs to it.
pub(crate) fn clusters(points: &[LonLat], within_m: f64) -> Vec<Vec<usize>> {
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for (index, &point) in points.iter().enumerate() {
        let near = clusters.iter().position(|cluster| {
            let first = cluster.first().and_then(|&first| points.get(first));
            first.is_some_and(|&first| near_distance_m(first, point) <= within_m)
        });
        let is_room = clusters.len() < MOST_CLUSTERS;
        if let Some(cluster) = near.and_then(|near| clusters.get_mut(near)) {
            cluster.push(index);
        } else if is_room {
            clusters.push(vec![index]);
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;

    fn east(metres: f64) -> LonLat {
        LonLat { lon: 121.2 + metres / 94_500.0, lat: 31.9 }
    }

    #[test]
    fn nine_of_ten_points_lie_within_the_reach() {
        let points: Vec<LonLat> = (1..=10).map(|step| east(f64::from(step) * 10.0)).collect();
        assert!((reach_m(east(0.0), &points) - 90.0).abs() < 1.0);
        assert!(reach_m(east(0.0), &[]) < 1e-9);
    }

    #[test]
    fn points_far_apart_are_several_places() {
        let points = [east(0.0), east(5_000.0), east(100.0), east(5_050.0)];
        assert_eq!(clusters(&points, 500.0), [vec![0, 2], vec![1, 3]]);
    }
}
