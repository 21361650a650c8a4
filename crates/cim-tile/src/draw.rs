//! Drawing one feature's geometry: projected to tile steps, simplified, cut at the buffer, written as commands.

use cim_mirror::{PartRole, Row, WorldPoint};

use crate::clip::{Step, clip_line, clip_ring, holds};
use crate::definition::Layer;
use crate::inner_point::inner_point;
use crate::mvt::{GeometryType, GeometryWriter};
use crate::simplify::simplify;
use crate::{BUFFER, EXTENT, TileAddress, Warp};

/// Rings with more vertices are looked through for what lies near the tile before they are drawn.
const LONG_RING: usize = 64;

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
    near: Vec<WorldPoint>,
}

/// What is the same for all features of a layer.
pub(crate) struct Frame<'a> {
    tile: TileAddress,
    /// The world numbers that round to step 0.
    zero: (i64, i64),
    /// What surely lies outside of the buffer, in world numbers: west of, east of, north of and south of.
    outside: [i64; 4],
    warp: Option<&'a dyn Warp>,
    tolerance: i64,
    min_area_m2: f32,
    as_point: bool,
}

impl Pen {
    /// Writes the row's geometry as the tile shows it; none when nothing of it is left.
    pub(crate) fn draw(&mut self, row: Row<'_>, frame: &Frame<'_>) -> Option<GeometryType> {
        let Self { geometry, scratch } = self;
        geometry.clear();
        let mut kind = None;
        let mut outer_is_shown = false;
        if row.area_m2().is_some_and(|area| area < frame.min_area_m2) {
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
        let ((x, y), shift) = (tile.origin(), tile.shift());
        let half = if shift == 0 { 0 } else { 1_i64 << (shift - 1) };
        let (low, high) =
            (i64::from(BUFFER + 1) << shift, (i64::from(EXTENT) + i64::from(BUFFER) + 1) << shift);
        Self {
            tile,
            zero: (x - half, y - half),
            outside: [x - low, x + high, y - low, y + high],
            warp,
            tolerance: rule.map_or(0, |rule| i64::from(rule.steps)),
            min_area_m2: layer.min_area_m2.get(&zoom).copied().unwrap_or(0.0),
            as_point: layer.as_point,
        }
    }

    /// World numbers to tile steps, rounded the same way in every tile of the zoom.
    pub(crate) fn step(&self, point: WorldPoint) -> Step {
        let point = self.warp.map_or(point, |warp| warp.moved(point));
        let shift = self.tile.shift();
        ((i64::from(point.x) - self.zero.0) >> shift, (i64::from(point.y) - self.zero.1) >> shift)
    }

    /// The steps of all points, those that fall together once; whether all lie in the buffer box.
    fn project(&self, points: &[WorldPoint], steps: &mut Vec<Step>) -> bool {
        steps.clear();
        steps.reserve(points.len());
        match self.warp {
            Some(warp) => self.extend(points.iter().map(|point| warp.moved(*point)), steps),
            None => self.extend(points.iter().copied(), steps),
        }
    }

    fn extend(&self, points: impl Iterator<Item = WorldPoint>, steps: &mut Vec<Step>) -> bool {
        let shift = self.tile.shift();
        let mut is_inside = true;
        let mut before = (i64::MIN, i64::MIN);
        for point in points {
            let step =
                ((i64::from(point.x) - self.zero.0) >> shift, (i64::from(point.y) - self.zero.1) >> shift);
            if step != before {
                is_inside &= holds(step);
                steps.push(step);
                before = step;
            }
        }
        is_inside
    }

    /// The ring without the vertices that cannot matter here: one between two others on the same far side of the tile goes,
    /// because cutting drops all three and the lines between them. A district's border of ten thousand vertices becomes the
    /// few near the tile.
    fn near_parts(&self, ring: &[WorldPoint], near: &mut Vec<WorldPoint>) {
        near.clear();
        let sides = |point: WorldPoint| {
            let (x, y) = (i64::from(point.x), i64::from(point.y));
            let [west, east, north, south] = self.outside;
            u8::from(x < west) | u8::from(x > east) << 1 | u8::from(y < north) << 2 | u8::from(y > south) << 3
        };
        // The first vertex stays, so that what goes always lies between two that stay.
        let (mut before, mut here) = (0, ring.first().map_or(0, |first| sides(*first)));
        for (place, point) in ring.iter().enumerate() {
            let after = sides(ring[if place + 1 == ring.len() { 0 } else { place + 1 }]);
            if before & here & after == 0 {
                near.push(*point);
                before = here;
            } else {
                // The vertex before it that stays is on that side too.
                before &= here;
            }
            here = after;
        }
    }

    pub(crate) fn draw_point(&self, points: &[WorldPoint], geometry: &mut GeometryWriter) -> bool {
        let Some(step) = points.first().map(|point| self.step(*point)).filter(|step| holds(*step)) else {
            return false;
        };
        geometry.point(step);
        true
    }

    fn draw_line(&self, points: &[WorldPoint], geometry: &mut GeometryWriter, scratch: &mut Scratch) -> bool {
        self.project(points, &mut scratch.points);
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
        let is_inside = if self.tolerance > 0 {
            let is_inside = self.project(points, &mut scratch.points);
            simplify(&mut scratch.points, true, self.tolerance, &mut scratch.keep);
            is_inside
        } else if points.len() > LONG_RING && self.warp.is_none() {
            self.near_parts(points, &mut scratch.near);
            self.project(&scratch.near, &mut scratch.points)
        } else {
            self.project(points, &mut scratch.points)
        };
        if !is_inside {
            clip_ring(&mut scratch.points, &mut scratch.spare);
            scratch.points.dedup();
        }
        let ring = &mut scratch.points;
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

#[cfg(test)]
mod tests {
    use cim_mirror::{Shapes, TableBuilder};
    use cim_model::{Collection, Record};

    use super::*;
    use crate::Tileset;

    fn frame(tile: TileAddress) -> Frame<'static> {
        let boundary = Tileset::built_in().unwrap().into_iter().find(|tileset| tileset.name == "boundary");
        Frame::of(&boundary.unwrap().layers[0], tile, None)
    }

    fn drawn(points: &[WorldPoint], frame: &Frame<'_>, is_long: bool) -> Vec<Step> {
        let mut near = points.to_vec();
        if is_long {
            frame.near_parts(points, &mut near);
        }
        let mut steps = Vec::new();
        frame.project(&near, &mut steps);
        clip_ring(&mut steps, &mut Vec::new());
        steps.dedup();
        steps
    }

    fn within(ring: &[Step]) -> Vec<Step> {
        let edges = [-i64::from(BUFFER), i64::from(EXTENT) + i64::from(BUFFER)];
        let is_within = |step: &&Step| !edges.contains(&step.0) && !edges.contains(&step.1);
        let mut within: Vec<Step> = ring.iter().filter(is_within).copied().collect();
        // The two may begin at different vertices.
        within.sort_unstable();
        within
    }

    #[test]
    fn leaving_out_what_is_far_changes_no_tile() {
        let mut seed = 11_u64;
        let mut next = move |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((seed >> 33) % below).unwrap()
        };
        let tile = TileAddress::from_xyz(12, 2048, 2048).unwrap();
        let frame = frame(tile);
        let (mut left_out, mut shown) = (0, 0);
        for _ in 0..3_000 {
            let at = |offset: u32| (1_u32 << 31).wrapping_add(offset).wrapping_sub(6 << 20);
            let ring: Vec<WorldPoint> = (0..3 + next(90))
                .map(|_| WorldPoint { x: at(next(13 << 20)), y: at(next(13 << 20)) })
                .collect();
            let mut near = Vec::new();
            frame.near_parts(&ring, &mut near);
            left_out += ring.len() - near.len();
            let (all, some) = (drawn(&ring, &frame, false), drawn(&ring, &frame, true));
            shown += usize::from(!all.is_empty());
            // Along the edge of the buffer a ring may run to a corner and back without need: that encloses nothing.
            assert_eq!(doubled_area(&all), doubled_area(&some), "{ring:?}");
            assert_eq!(within(&all), within(&some), "{ring:?}");
        }
        assert!(left_out > 3_000 && shown > 500, "{left_out} {shown}");
    }

    #[test]
    fn a_ring_that_is_cut_is_drawn_the_same_wherever_it_begins() {
        let tile = TileAddress::from_xyz(12, 2048, 2048).unwrap();
        let frame = frame(tile);
        let corner = |x: i64, y: i64| WorldPoint {
            x: u32::try_from((1_i64 << 31) + (x << 18)).unwrap(),
            y: u32::try_from((1_i64 << 31) + (y << 18)).unwrap(),
        };
        let ring = [corner(-9, 1), corner(2, 1), corner(3, 2), corner(2, 3), corner(-9, 3)];
        let mut builder = TableBuilder::new(Collection::Building.spec().fields, |_| true);
        for start in 0..5 {
            let mut turned = ring;
            turned.rotate_left(start);
            let mut shapes = Shapes::default();
            shapes.push_ring(PartRole::Outer, turned.into_iter());
            shapes.push_none();
            builder.push_with_shape(
                i64::try_from(start).unwrap(),
                &Record { values: vec![] },
                Some(shapes.get(0)),
            );
        }
        let table = builder.finish();
        let mut pen = Pen::default();
        let all: Vec<Vec<u8>> = (0..5)
            .map(|id| {
                assert_eq!(pen.draw(table.find(id).unwrap(), &frame), Some(GeometryType::Polygon));
                pen.geometry.finish().to_vec()
            })
            .collect();
        assert!(all.iter().all(|one| *one == all[0]), "{all:?}");
    }
}
