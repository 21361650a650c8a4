//! Drawing a tile: rows in, bytes out.

use crate::attribute::AttributeWriter;
use crate::definition::{Layer, Tileset};
use crate::draw::{Frame, Pen};
use crate::mvt::LayerWriter;
use crate::order::ordered_rows;
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
    pen: Pen,
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
        warp: Option<&dyn Warp>,
        bytes: &mut Vec<u8>,
    ) -> u32 {
        let zoom = tile.zoom();
        let rows = ordered_rows(layer, tile, source, warp);
        let frame = Frame::of(layer, tile, warp);
        let limit = layer.limit.map_or(u32::MAX, |limit| u32::try_from(limit).unwrap_or(u32::MAX));
        let mut attributes = AttributeWriter::new(layer, zoom, source.now_ms());
        let mut dropped = 0;
        self.layer.clear();
        for row in rows {
            let Some(geometry_type) = self.pen.draw(row, &frame) else { continue };
            if self.layer.feature_count() >= limit {
                dropped += 1;
                continue;
            }
            attributes.write(row, &mut self.layer);
            self.layer.feature(row.id().unsigned_abs(), geometry_type, &mut self.pen.geometry);
        }
        self.layer.finish(&layer.id, bytes);
        dropped
    }
}
