//! Points that lie in one cell of a world-wide grid, shown as one: the same in every tile and whatever order rows come in.

use cim_mirror::{Row, WorldBox, WorldPoint};
use cim_model::Collection;

use crate::inner_point::inner_point;
use crate::quick_map::QuickMap;
use crate::rules::Cluster;
use crate::tally::Tally;
use crate::work::is_open;
use crate::{LayerSource, MAX_ZOOM};

/// What a layer with clusters shows.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Shown<'a> {
    /// A row that is alone in its cell, as itself.
    Row(Row<'a>),
    /// Several rows as one point.
    Group(Group),
}

/// Several rows of one cell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    /// The smallest id among them: no two groups of a collection share it.
    pub(crate) id: i64,
    pub(crate) collection: Collection,
    pub(crate) count: u32,
    pub(crate) tally: Tally,
    sum_x: u64,
    sum_y: u64,
}

/// The grid of one layer at one zoom.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Grid {
    rule: Cluster,
    collection: Collection,
    /// Bits to shift a world number right by to get the number of its cell.
    shift: u32,
}

impl Grid {
    pub(crate) fn of(rule: Cluster, source: LayerSource, zoom: u8) -> Option<Self> {
        let LayerSource::Collection(collection) = source else { return None };
        let shift = u32::from(MAX_ZOOM - zoom.min(MAX_ZOOM)) + u32::from(rule.cell_steps).ilog2();
        (zoom <= rule.max_zoom).then_some(Self { rule, collection, shift })
    }

    /// The box of whole cells around a box.
    pub(crate) fn cells_around(self, bounds: &WorldBox) -> WorldBox {
        whole_cells(bounds, self.shift)
    }

    /// The rows by cell, in the order of each cell's first row. Rows without a geometry are left out.
    pub(crate) fn grouped<'a>(self, rows: &[Row<'a>], now_ms: i64) -> Vec<Shown<'a>> {
        let mut shown: Vec<(Group, Row<'a>)> = Vec::new();
        let mut places: QuickMap<u64, usize> = QuickMap::default();
        for row in rows {
            let Some(point) = inner_point(row.shape()) else { continue };
            let group = self.group_of_one(*row, point, now_ms);
            let place = *places.entry(self.key(*row, point)).or_insert(shown.len());
            match shown.get_mut(place) {
                Some((known, _)) => known.join(&group),
                None => shown.push((group, *row)),
            }
        }
        shown
            .into_iter()
            .map(|(group, first)| if group.count > 1 { Shown::Group(group) } else { Shown::Row(first) })
            .collect()
    }

    fn key(self, row: Row<'_>, point: WorldPoint) -> u64 {
        let done = self.rule.done_apart && !is_open(row.text_of("state"));
        let cell = |number: u32| u64::from(number) >> self.shift;
        cell(point.x) << 33 | cell(point.y) << 1 | u64::from(done)
    }

    fn group_of_one(self, row: Row<'_>, point: WorldPoint, now_ms: i64) -> Group {
        let mut tally = Tally::default();
        tally.add(self.collection, row, now_ms);
        Group {
            id: row.id(),
            collection: self.collection,
            count: 1,
            tally,
            sum_x: u64::from(point.x),
            sum_y: u64::from(point.y),
        }
    }
}

impl Group {
    /// The mean of the members' places, rounded down: it lies in their cell.
    pub(crate) fn point(&self) -> WorldPoint {
        let mean = |sum: u64| u32::try_from(sum / u64::from(self.count.max(1))).unwrap_or(u32::MAX);
        WorldPoint { x: mean(self.sum_x), y: mean(self.sum_y) }
    }

    fn join(&mut self, other: &Self) {
        self.id = self.id.min(other.id);
        self.count += other.count;
        self.tally.add_all(other.tally);
        self.sum_x += other.sum_x;
        self.sum_y += other.sum_y;
    }
}

/// The box of whole cells around a box; a cell has 2^`shift` world steps.
pub(crate) fn whole_cells(bounds: &WorldBox, shift: u32) -> WorldBox {
    let first = |number: u32| u64::from(number) >> shift << shift;
    let low = |number: u32| u32::try_from(first(number)).unwrap_or(0);
    let high = |number: u32| u32::try_from(first(number) + (1 << shift) - 1).unwrap_or(u32::MAX);
    WorldBox {
        min_x: low(bounds.min_x),
        min_y: low(bounds.min_y),
        max_x: high(bounds.max_x),
        max_y: high(bounds.max_y),
    }
}
