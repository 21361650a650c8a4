//! Drawing a tile: rows in, bytes out.

use cim_mirror::{PartRole, Row, WorldPoint};

use crate::attribute::AttributeWriter;
use crate::clip::{Step, clip_line, clip_ring, holds};
use crate::definition::{Layer, Priority, Tileset};
use crate::inner_point::inner_point;
use crate::mvt::{GeometryType, GeometryWriter, LayerWriter};
use crate::simplify::simplify;
use crate::work::{is_open, is_overdue};
use crate::{TileAddress, TileSource, Warp};

/// A drawn tile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenderedTile {
    /// The tile, uncompressed; empty when nothing lies in it.
    pub bytes: Vec<u8>,
    /// Features that the layers' limits left out.
    pub dropped: u32,
}

/// Draws tiles; keeps its buffers from one to the next.
#[derive(Debug, Default)]
pub struct Renderer {
    layer: LayerWriter,
    geometry: GeometryWriter,
    scratch: Scratch,
}

#[derive(Debug, Default)]
struct Scratch {
    points: Vec<Step>,
    spare: Vec<Step>,
    keep: Vec<bool>,
}

/// What is the same for all features of a layer.
struct Frame<'a> {
    tile: TileAddress,
    warp: Option<Warp<'a>>,
    tolerance: i64,
    min_area_m2: f64,
    as_point: bool,
}

impl Renderer {
    /// Draws one tile of a tileset.
    pub fn render(
        &mut self,
        tileset: &Tileset,
        tile: TileAddress,
        source: &dyn TileSource,
        warp: Option<Warp<'_>>,
    ) -> RenderedTile {
        let mut rendered = RenderedTile::default();
        if tile.zoom() > tileset.max_zoom {
            return rendered;
        }
        for layer in tileset.layers.iter().filter(|layer| layer.is_shown_at(tile.zoom())) {
            rendered.dropped += self.draw_layer(layer, tile, source, warp, &mut rendered.bytes);
        }
        rendered
    }

    fn draw_layer(
        &mut self,
        layer: &Layer,
        tile: TileAddress,
        source: &dyn TileSource,
        warp: Option<Warp<'_>>,
        bytes: &mut Vec<u8>,
    ) -> u32 {
        let zoom = tile.zoom();
        let rows = ordered_rows(layer, tile, source, warp);
        let frame = Frame {
            tile,
            warp,
            tolerance: layer
                .simplify
                .filter(|rule| zoom <= rule.max_zoom)
                .map_or(0, |rule| i64::from(rule.steps)),
            min_area_m2: layer.min_area_m2.get(&zoom).copied().unwrap_or(0.0),
            as_point: layer.as_point,
        };
        let limit = layer.limit.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX));
        let mut attributes = AttributeWriter::new(layer, zoom, source.now_ms());
        let mut dropped = 0;
        self.layer.clear();
        for row in rows {
            let Some(geometry_type) = self.draw_shape(row, &frame) else { continue };
            if self.layer.feature_count() >= limit {
                dropped += 1;
                continue;
            }
            attributes.write(row, &mut self.layer);
            self.layer.feature(row.id().unsigned_abs(), geometry_type, &mut self.geometry);
        }
        self.layer.finish(&layer.id, bytes);
        dropped
    }

    /// Writes the row's geometry as the tile shows it; none when nothing of it is left.
    fn draw_shape(&mut self, row: Row<'_>, frame: &Frame<'_>) -> Option<GeometryType> {
        let Self { geometry, scratch, .. } = self;
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

impl Frame<'_> {
    /// World numbers to tile steps, rounded the same way in every tile of the zoom.
    fn step(&self, point: WorldPoint) -> Step {
        let point = self.warp.map_or(point, |warp| (warp.map)(point));
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
fn ground_area_m2(row: Row<'_>) -> Option<f64> {
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

/// The rows of a layer that may show in the tile, by published priority and id.
fn ordered_rows<'a>(
    layer: &Layer,
    tile: TileAddress,
    source: &'a dyn TileSource,
    warp: Option<Warp<'_>>,
) -> Vec<Row<'a>> {
    let zoom = tile.zoom();
    let now_ms = source.now_ms();
    let mut rows: Vec<(u64, i64, Row<'a>)> = Vec::new();
    let bounds = tile.reach(warp.map_or(0, |warp| i64::from(warp.reach)));
    source.rows(layer.source, zoom, &bounds, &mut |row| {
        if is_shown(layer, row, zoom) {
            rows.push((rank(layer.priority, row, now_ms), row.id(), row));
        }
    });
    rows.sort_unstable_by_key(|(rank, id, _)| (*rank, *id));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

fn is_shown(layer: &Layer, row: Row<'_>, zoom: u8) -> bool {
    if layer.needs.as_ref().is_some_and(|field| row.text_of(field).is_none()) {
        return false;
    }
    let Some(by) = &layer.first_zoom_by else { return true };
    row.text_of(&by.field).and_then(|word| by.zooms.get(word)).is_none_or(|first| *first <= zoom)
}

/// The published order: smaller comes first.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an area in square metres is positive and small"
)]
fn rank(priority: Priority, row: Row<'_>, now_ms: i64) -> u64 {
    match priority {
        Priority::Id => 0,
        Priority::Largest => u64::MAX - ground_area_m2(row).unwrap_or(0.0).max(0.0) as u64,
        Priority::Work => {
            let open = is_open(row.text_of("state"));
            let class = match (open, open && is_overdue(row.int_of("due_at"), now_ms)) {
                (_, true) => 0,
                (true, false) => 1,
                (false, false) => 2,
            };
            let since = row.int_of("received_at").or_else(|| row.int_of("reported_at")).unwrap_or(0);
            class << 62 | ((1 << 61) - 1 - since.unsigned_abs().min((1 << 61) - 1))
        }
    }
}
