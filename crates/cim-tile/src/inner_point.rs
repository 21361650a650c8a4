//! One point that stands for a shape: inside an area, in the middle of a line.

use cim_mirror::{PartRole, Shape, WorldPoint};

/// The point itself; the middle vertex of the first line; for areas, the middle of the widest piece of a level cut through
/// the middle of the largest ring.
#[must_use]
pub(crate) fn inner_point(shape: Shape<'_>) -> Option<WorldPoint> {
    let (role, points) = shape.parts().max_by_key(|(role, points)| match role {
        PartRole::Outer => cim_mirror::doubled_area(points),
        _ => 0,
    })?;
    match role {
        PartRole::Point => points.first().copied(),
        PartRole::Line => points.get(points.len() / 2).copied(),
        PartRole::Outer | PartRole::Hole => widest_cut(shape, points),
    }
}

fn widest_cut(shape: Shape<'_>, ring: &[WorldPoint]) -> Option<WorldPoint> {
    let (low, high) = (ring.iter().map(|point| point.y).min()?, ring.iter().map(|point| point.y).max()?);
    let y = low.midpoint(high);
    let mut crossings: Vec<f64> = shape.parts().flat_map(|(_, points)| crossings(points, y)).collect();
    crossings.sort_by(f64::total_cmp);
    let widest = crossings
        .chunks_exact(2)
        .max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])))
        .map(|cut| f64::midpoint(cut[0], cut[1]));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two world numbers")]
    widest.map(|x| WorldPoint { x: x.round() as u32, y }).or_else(|| ring.first().copied())
}

fn crossings(ring: &[WorldPoint], y: u32) -> impl Iterator<Item = f64> {
    let shifted = ring.iter().cycle().skip(1);
    ring.iter().zip(shifted).filter(move |(a, b)| (a.y > y) != (b.y > y)).map(move |(a, b)| {
        let along = (f64::from(y) - f64::from(a.y)) / (f64::from(b.y) - f64::from(a.y));
        f64::from(a.x) + along * (f64::from(b.x) - f64::from(a.x))
    })
}
