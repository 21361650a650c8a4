//! Drawing a tile: rows in, bytes out, never more than the tileset's budget.

use cim_mirror::Row;

use crate::attribute::AttributeWriter;
use crate::blocks::{Blocks, height_of, id_of};
use crate::cluster::{Group, Shown};
use crate::definition::{AttributeRule, Layer, Tileset};
use crate::draw::{Frame, Pen};
use crate::mvt::{GeometryType, LayerWriter, TileValue};
use crate::order::ordered_rows;
use crate::{TileAddress, TileSource, Warp};

/// A drawn tile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RenderedTile {
    /// The tile, uncompressed; empty when nothing lies in it.
    pub bytes: Vec<u8>,
    /// Features that the layers' limits and the tileset's budget left out.
    pub dropped: u32,
}

/// Draws tiles; keeps its buffers from one to the next.
#[derive(Debug, Default)]
pub struct Renderer {
    layer: LayerWriter,
    pen: Pen,
    blocks: Blocks,
}

/// What is drawn, and when.
#[derive(Clone, Copy)]
struct Scene<'a> {
    tile: TileAddress,
    source: &'a dyn TileSource,
    warp: Option<&'a dyn Warp>,
}

/// How much of a layer may be shown.
#[derive(Debug, Clone, Copy)]
struct Room {
    features: u32,
    bytes: usize,
}

/// What became of a layer's features.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Those that the tile would show without any limit.
    wanted: u32,
    /// The first of them that fit.
    fit: u32,
}

impl Renderer {
    /// Draws one tile of a tileset.
    pub fn render(
        &mut self,
        tileset: &Tileset,
        tile: TileAddress,
        source: &dyn TileSource,
        warp: Option<&dyn Warp>,
    ) -> RenderedTile {
        let mut rendered = RenderedTile::default();
        if tile.zoom() > tileset.max_zoom {
            return rendered;
        }
        let scene = Scene { tile, source, warp };
        for layer in tileset.layers.iter().filter(|layer| layer.is_shown_at(tile.zoom())) {
            let count = self.fill(layer, scene, Room::of(layer));
            self.layer.finish(&layer.id, &mut rendered.bytes);
            rendered.dropped += count.wanted - count.fit;
            if rendered.bytes.len() > tileset.max_bytes {
                return self.render_within_budget(tileset, scene);
            }
        }
        rendered
    }

    /// The tile again, layer by layer in the order of importance: each takes what room the ones before it left.
    fn render_within_budget(&mut self, tileset: &Tileset, scene: Scene<'_>) -> RenderedTile {
        let mut parts: Vec<Vec<u8>> = vec![Vec::new(); tileset.layers.len()];
        let mut left = tileset.max_bytes;
        let mut dropped = 0;
        for place in tileset.by_importance() {
            let layer = &tileset.layers[place];
            if !layer.is_shown_at(scene.tile.zoom()) {
                continue;
            }
            let room = Room { bytes: left, ..Room::of(layer) };
            let mut count = self.fill(layer, scene, room);
            if self.layer.feature_count() > count.fit {
                // Values are numbered in the order of their use: the first features alone are written anew.
                let again = self.fill(layer, scene, Room { features: count.fit, ..room });
                count.fit = again.fit;
            }
            dropped += count.wanted - count.fit;
            self.layer.finish(&layer.id, &mut parts[place]);
            left -= parts[place].len();
        }
        RenderedTile { bytes: parts.concat(), dropped }
    }

    /// Writes a layer's features in their order: blocks, then clusters and rows.
    fn fill(&mut self, layer: &Layer, scene: Scene<'_>, room: Room) -> Count {
        let zoom = scene.tile.zoom();
        let now_ms = scene.source.now_ms();
        let mut attributes = AttributeWriter::new(layer, zoom, now_ms);
        let ordered = ordered_rows(layer, scene.tile, scene.source, scene.warp, &attributes.positions());
        let frame = Frame::of(layer, scene.tile, scene.warp);
        self.layer.clear();
        let mut sheet =
            Sheet { layer, room, count: Count::default(), writer: &mut self.layer, pen: &mut self.pen };
        if let Some(rule) = layer.merge.get(&zoom).filter(|_| !ordered.small.is_empty()) {
            self.blocks.begin(rule.cell_steps);
            let with_height = layer.shows_height_at(zoom);
            for row in &ordered.small {
                self.blocks.add(*row, &frame, with_height);
            }
            for class in self.blocks.settle(scene.tile) {
                sheet.draw_block(&mut self.blocks, class);
            }
            self.blocks.end();
        }
        match layer.grid_at(zoom) {
            Some(grid) => {
                for shown in grid.grouped(&ordered.rows, now_ms) {
                    match shown {
                        Shown::Row(row) => sheet.draw_row(row, &frame, &mut attributes),
                        Shown::Group(group) => sheet.draw_group(&group, &frame),
                    }
                }
            }
            None => ordered.rows.iter().for_each(|row| sheet.draw_row(*row, &frame, &mut attributes)),
        }
        sheet.count
    }
}

/// A layer being drawn.
struct Sheet<'a> {
    layer: &'a Layer,
    room: Room,
    count: Count,
    writer: &'a mut LayerWriter,
    pen: &'a mut Pen,
}

impl Sheet<'_> {
    fn draw_row(&mut self, row: Row<'_>, frame: &Frame<'_>, attributes: &mut AttributeWriter<'_>) {
        let Some(geometry_type) = self.pen.draw(row, frame) else { return };
        if self.has_room() {
            attributes.write(row, self.writer);
            self.write(row.id().unsigned_abs(), geometry_type);
        }
    }

    fn draw_group(&mut self, group: &Group, frame: &Frame<'_>) {
        self.pen.geometry.clear();
        if frame.draw_point(&[group.point()], &mut self.pen.geometry) && self.has_room() {
            self.tag("cluster", TileValue::Bool(true));
            self.tag("point_count", TileValue::Int(i64::from(group.count)));
            for (name, figure) in group.tally.figures(group.collection) {
                self.tag(name, TileValue::Int(figure));
            }
            self.write(group.id.unsigned_abs(), GeometryType::Point);
        }
    }

    fn draw_block(&mut self, blocks: &mut Blocks, class: u8) {
        self.pen.geometry.clear();
        blocks.trace(class, |ring| self.pen.geometry.ring(ring));
        if self.has_room() {
            self.tag("block", TileValue::Bool(true));
            if let Some(height_m) = height_of(class) {
                self.tag("height_m", TileValue::Float(height_m));
            }
            self.write(id_of(class), GeometryType::Polygon);
        }
    }

    /// Counts a feature that the tile would show; whether it may.
    fn has_room(&mut self) -> bool {
        self.count.wanted += 1;
        self.writer.feature_count() < self.room.features && self.count.fit == self.writer.feature_count()
    }

    fn tag(&mut self, name: &str, value: TileValue<'_>) {
        let (key, value) = (self.writer.key(name), self.writer.value(value));
        self.writer.tag(key, value);
    }

    fn write(&mut self, id: u64, geometry_type: GeometryType) {
        self.writer.feature(id, geometry_type, &mut self.pen.geometry);
        if self.room.bytes == usize::MAX || self.writer.size(&self.layer.id) <= self.room.bytes {
            self.count.fit += 1;
        }
    }
}

impl Room {
    fn of(layer: &Layer) -> Self {
        let features = layer.limit.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX));
        Self { features, bytes: usize::MAX }
    }
}

impl Layer {
    fn shows_height_at(&self, zoom: u8) -> bool {
        let is_height = |rule| rule == AttributeRule::Height;
        self.attributes.iter().any(|attribute| is_height(attribute.rule) && attribute.min_zoom <= zoom)
    }
}
