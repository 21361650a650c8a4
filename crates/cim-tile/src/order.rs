//! Which rows a layer shows in a tile, and in which published order.

use cim_mirror::Row;

use crate::definition::{Layer, Priority};
use crate::work::{is_open, is_overdue};
use crate::{TileAddress, TileSource, Warp};

/// The rows of a layer that may show in the tile, by published priority and id.
pub(crate) fn ordered_rows<'a>(
    layer: &Layer,
    tile: TileAddress,
    source: &'a dyn TileSource,
    warp: Option<&dyn Warp>,
) -> Vec<Row<'a>> {
    let zoom = tile.zoom();
    let now_ms = source.now_ms();
    let mut rows: Vec<(u64, i64, Row<'a>)> = Vec::new();
    let reach = tile.reach();
    let bounds = warp.map_or(reach, |warp| warp.source_of(&reach));
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
        Priority::Largest => u64::MAX - row.area_m2().unwrap_or(0.0) as u64,
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
