//! Drawing one feature's geometry: projected to tile steps, simplified, cut at the buffer, written as commands.

use cim_mirror::{PartRole, Row, WorldPoint};

use crate::clip::{Step, clip_line, clip_ring, holds};
use crate::definition::Layer;
use crate::inner_point::inner_point;
use crate::mvt::{GeometryType, GeometryWriter};
use crate::simplify::simplify;
use crate::{TileAddress, Warp};

/// Draws geometries; keeps its buffers from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Pen {
    pub(crate) geometry: GeometryWriter,
    scratch: Scratch,
}

#[derive(Debug, Default)]
struct Scratch {
    points: Vec<Step>,
    spare: Vec<Step>,
    keep: Vec<bool>,
}

/// What is the same for all features of a layer.
pub(crate) struct Frame<'a> {
    tile: TileAddress,
    warp: Option<&'a dyn Warp>,
    tolerance: i64,
    min_area_m2: f64,
    as_point: bool,
}

impl Pen {
    /// Writes the row's geometry as the tile shows it; none when nothing of it is left.
    pub(crate) fn draw(&mut self, row: Row<'_>, frame: &Frame<'_>) -> Option<GeometryType> {
        let Self { geometry, scratch } = self;
        geometry.clear();
        let mut kind = None;
        let mut outer_is_shown = false;
        if frame.min_area_m2 > 0.0 && ground_area_m2(row).is_some_and(|area| area < frame.min_area_m2) {
            return None;
        }
        if frame.as_point {
            let point = inner_point(row.shape())?;
            return frame.draw_point(&[point], geometry).then_some(GeometryType::Point);
        }
        for (role, points) in row.shape().parts() {
            let shown = match role {
                PartRole::Point => frame.draw_point(points, geometry),
                PartRole::Line => frame.draw_line(points, geometry, scratch),
                PartRole::Outer => {
                    outer_is_shown = frame.draw_ring(points, false, geometry, scratch);
                    outer_is_shown
                }
                PartRole::Hole => outer_is_shown && frame.draw_ring(points, true, geometry, scratch),
            };
            if shown {
                kind.get_or_insert(match role {
                    PartRole::Point => GeometryType::Point,
                    PartRole::Line => GeometryType::Line,
                    PartRole::Outer | PartRole::Hole => GeometryType::Polygon,
                });
            }
        }
        kind.filter(|_| !geometry.is_empty())
    }
}

impl<'a> Frame<'a> {
    pub(crate) fn of(layer: &Layer, tile: TileAddress, warp: Option<&'a dyn Warp>) -> Self {
        let zoom = tile.zoom();
        let rule = layer.simplify.filter(|rule| zoom <= rule.max_zoom);
        Self {
            tile,
            warp,
            tolerance: rule.map_or(0, |rule| i64::from(rule.steps)),
            min_area_m2: layer.min_area_m2.get(&zoom).copied().unwrap_or(0.0),
            as_point: layer.as_point,
        }
    }

    /// World numbers to tile steps, rounded the same way in every tile of the zoom.
    fn step(&self, point: WorldPoint) -> Step {
        let point = self.warp.map_or(point, |warp| warp.moved(point));
        let (x, y) = self.tile.origin();
        let shift = self.tile.shift();
        let half = if shift == 0 { 0 } else { 1_i64 << (shift - 1) };
        ((i64::from(point.x) - x + half) >> shift, (i64::from(point.y) - y + half) >> shift)
    }

    fn project(&self, points: &[WorldPoint], scratch: &mut Scratch) {
        scratch.points.clear();
        for point in points {
            let step = self.step(*point);
            if scratch.points.last() != Some(&step) {
                scratch.points.push(step);
            }
        }
    }

    fn draw_point(&self, points: &[WorldPoint], geometry: &mut GeometryWriter) -> bool {
        let Some(step) = points.first().map(|point| self.step(*point)).filter(|step| holds(*step)) else {
            return false;
        };
        geometry.point(step);
        true
    }

    fn draw_line(&self, points: &[WorldPoint], geometry: &mut GeometryWriter, scratch: &mut Scratch) -> bool {
        self.project(points, scratch);
        if self.tolerance > 0 {
            simplify(&mut scratch.points, false, self.tolerance, &mut scratch.keep);
        }
        let mut shown = false;
        clip_line(&scratch.points, &mut scratch.spare, |piece| {
            geometry.line(piece);
            shown = true;
        });
        shown
    }

    fn draw_ring(
        &self,
        points: &[WorldPoint],
        is_hole: bool,
        geometry: &mut GeometryWriter,
        scratch: &mut Scratch,
    ) -> bool {
        self.project(points, scratch);
        if self.tolerance > 0 {
            simplify(&mut scratch.points, true, self.tolerance, &mut scratch.keep);
        }
        clip_ring(&mut scratch.points, &mut scratch.spare);
        let ring = &mut scratch.points;
        ring.dedup();
        while ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        let doubled = doubled_area(ring);
        // Rounding can fold a thin ring over: one that has turned round or has no area is left out.
        if ring.len() < 3 || doubled == 0 || (doubled < 0) != is_hole {
            return false;
        }
        geometry.ring(ring);
        true
    }
}

/// Twice the area in tile steps; positive is clockwise, because y runs south.
fn doubled_area(ring: &[Step]) -> i64 {
    let Some(last) = ring.last() else { return 0 };
    let mut before = *last;
    let mut sum = 0_i64;
    for point in ring {
        sum += before.0 * point.1 - point.0 * before.1;
        before = *point;
    }
    sum
}

/// The ground area of a row's rings, about; none for points and lines.
#[expect(clippy::cast_precision_loss, reason = "an area is measured to a few digits")]
pub(crate) fn ground_area_m2(row: Row<'_>) -> Option<f64> {
    let mut doubled = None;
    let mut any = None;
    for (role, points) in row.shape().parts() {
        if matches!(role, PartRole::Outer | PartRole::Hole) {
            *doubled.get_or_insert(0.0) += cim_mirror::doubled_area(points) as f64;
            any = any.or(points.first().copied());
        }
    }
    let position = cim_crs::LonLat::from(any?);
    let metres = cim_mirror::EQUATOR_M / cim_mirror::WORLD_STEPS * position.lat.to_radians().cos();
    Some(doubled? / 2.0 * metres * metres)
}
