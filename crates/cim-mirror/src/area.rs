//! The ground area of a shape, worked out once when a table is made.

use cim_crs::LonLat;

use crate::shapes::doubled_area;
use crate::world::{EQUATOR_M, WORLD_STEPS};
use crate::{PartRole, Shape};

/// Square metres of a shape's rings less their holes, to about seven digits; `None` for points and lines.
///
/// The scale is that of the first ring's first vertex: right for what is small on the globe, such as a building, and some
/// tenths of a percent off for a district.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "an area is measured to a few digits"
)]
pub(crate) fn area_m2(shape: Shape<'_>) -> Option<f32> {
    let mut doubled = None;
    let mut any = None;
    for (role, points) in shape.parts() {
        if matches!(role, PartRole::Outer | PartRole::Hole) {
            *doubled.get_or_insert(0.0) += doubled_area(points) as f64;
            any = any.or(points.first().copied());
        }
    }
    let metres = EQUATOR_M / WORLD_STEPS * LonLat::from(any?).lat.to_radians().cos();
    Some((doubled? / 2.0 * metres * metres).max(0.0) as f32)
}
