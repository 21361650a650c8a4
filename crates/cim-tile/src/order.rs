//! Which rows a layer shows in a tile, and in which published order.

use cim_mirror::{Row, WorldBox};

use crate::cluster::{Grid, whole_cells};
use crate::definition::Layer;
use crate::rules::Priority;
use crate::work::{is_open, is_overdue};
use crate::{MAX_ZOOM, TileAddress, TileSource, Warp};

/// So many rows and what is read of them fit into a core's own cache.
const ROWS_READ_AHEAD: usize = 16_384;

/// The rows of a layer that may show in a tile.
pub(crate) struct Ordered<'a> {
    /// By published priority and id.
    pub(crate) rows: Vec<Row<'a>>,
    /// Those that are merged into blocks, in no useful order.
    pub(crate) small: Vec<Row<'a>>,
}

/// The rows of a layer that may show in the tile. Of cells that reach into it, all rows.
pub(crate) fn ordered_rows<'a>(
    layer: &Layer,
    tile: TileAddress,
    source: &'a dyn TileSource,
    warp: Option<&dyn Warp>,
    read: &[usize],
) -> Ordered<'a> {
    let reach = tile.reach();
    let bounds = warp.map_or(reach, |warp| warp.source_of(&reach));
    let grid = layer.grid_at(tile.zoom());
    rows_in(layer, tile.zoom(), &grid.map_or(bounds, |grid| grid.cells_around(&bounds)), source, read)
}

/// The rows of a layer in a box at a zoom; `read` are the places of the fields that will be read.
pub(crate) fn rows_in<'a>(
    layer: &Layer,
    zoom: u8,
    bounds: &WorldBox,
    source: &'a dyn TileSource,
    read: &[usize],
) -> Ordered<'a> {
    let now_ms = source.now_ms();
    let least_m2 = layer.min_area_m2.get(&zoom).copied();
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut keys: Vec<(u64, i64, u32)> = Vec::new();
    let mut small: Vec<Row<'a>> = Vec::new();
    source.rows(layer.source_at(zoom), zoom, bounds, &mut |row| {
        if !is_shown(layer, row, zoom) {
            return;
        }
        let needs_area = least_m2.is_some() || layer.priority == Priority::Largest;
        let area_m2 = if needs_area { row.area_m2() } else { None };
        match (area_m2, least_m2) {
            (Some(area), Some(least)) if area < least => small.push(row),
            _ => {
                let place = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                keys.push((rank(layer.priority, row, area_m2, now_ms), row.id(), place));
                rows.push(row);
            }
        }
    });
    // Rows come as they lie in memory, which is the quick order to read them in; they are drawn in another.
    if rows.len() <= ROWS_READ_AHEAD {
        std::hint::black_box(rows.iter().fold(0, |sum, row| sum ^ row.read_ahead(read)));
    }
    let order = sorted(keys);
    if !layer.merge.contains_key(&zoom) {
        small.clear();
    }
    Ordered { rows: order.map(|place| rows[place]).collect(), small }
}

/// The places of the keys in ascending order. Where all ranks are equal and the ids lie close enough together, which is so for
/// most layers, id and place are sorted as one number.
fn sorted(mut keys: Vec<(u64, i64, u32)>) -> Box<dyn Iterator<Item = usize>> {
    let Some((rank, first, _)) = keys.first().copied() else { return Box::new(std::iter::empty()) };
    let (least, most) =
        keys.iter().fold((first, first), |(least, most), (_, id, _)| (least.min(*id), most.max(*id)));
    if most.wrapping_sub(least).cast_unsigned() >> 32 == 0 && keys.iter().all(|key| key.0 == rank) {
        let offset = |id: i64| id.wrapping_sub(least).cast_unsigned();
        let mut packed: Vec<u64> =
            keys.into_iter().map(|(_, id, place)| offset(id) << 32 | u64::from(place)).collect();
        packed.sort_unstable();
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is the place")]
        return Box::new(packed.into_iter().map(|key| key as u32 as usize));
    }
    keys.sort_unstable();
    Box::new(keys.into_iter().map(|(_, _, place)| place as usize))
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
fn rank(priority: Priority, row: Row<'_>, area_m2: Option<f32>, now_ms: i64) -> u64 {
    match priority {
        Priority::Id => 0,
        Priority::Largest => u64::MAX - area_m2.unwrap_or(0.0) as u64,
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

impl Layer {
    /// The grid by which it clusters at a zoom.
    pub(crate) fn grid_at(&self, zoom: u8) -> Option<Grid> {
        Grid::of(self.cluster?, self.source, zoom)
    }

    /// The box in which it may show, at a zoom, what lies in a box: only the tiles that meet it, buffers included, can look
    /// different when that changes. Wider than the box where points are clustered or small areas merged.
    #[must_use]
    pub fn reach_at(&self, zoom: u8, bounds: &WorldBox) -> WorldBox {
        if let Some(grid) = self.grid_at(zoom) {
            return grid.cells_around(bounds);
        }
        let Some(rule) = self.merge.get(&zoom) else { return *bounds };
        let step_bits = u32::from(MAX_ZOOM - zoom.min(MAX_ZOOM));
        // The middle of an area is rounded to a tile step before its cell is looked up.
        let step = 1_u32 << step_bits;
        let wider = WorldBox {
            min_x: bounds.min_x.saturating_sub(step),
            min_y: bounds.min_y.saturating_sub(step),
            max_x: bounds.max_x.saturating_add(step),
            max_y: bounds.max_y.saturating_add(step),
        };
        whole_cells(&wider, step_bits + u32::from(rule.cell_steps).ilog2())
    }
}
