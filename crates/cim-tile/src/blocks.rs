//! Small buildings drawn together: cells of a world-wide raster that they fill, one feature for each height.

use cim_mirror::{Row, WorldBox, WorldPoint};

use crate::clip::Step;
use crate::draw::Frame;
use crate::height::{METRES_PER_FLOOR, height_m_of};
use crate::outline::{Board, Tracer};
use crate::{BUFFER, EXTENT, TileAddress};

/// A cell is shown when small buildings cover at least one part in so many of it.
const LEAST_COVERED: u64 = 4;
/// Ids of blocks begin here, above every row's: one id for each height, the same in all tiles.
const FIRST_ID: u64 = 1 << 52;
/// The class of cells whose buildings' heights nobody knows; then one class a floor.
const NO_HEIGHT: u8 = 1;

/// What small buildings leave in one cell. Sums of whole numbers: the order of rows does not matter.
#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    place: usize,
    /// Twice their area, square world steps.
    doubled_area: u64,
    /// Twice the area of those with a height.
    doubled_area_with_height: u64,
    /// The sum of height in decimetres times that area.
    volume: u128,
}

/// Collects small buildings and draws them; keeps its buffers from one tile to the next.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    cell_steps: i64,
    /// Cells in a row of the board, an empty rim included.
    width: usize,
    cells: Vec<Cell>,
    /// By place on the board one more than the number of its cell, 0 for none; clean between tiles.
    numbers: Vec<u32>,
    /// By place on the board the class of its cell, 0 for none; clean between tiles.
    classes: Vec<u8>,
    places: Vec<usize>,
    tracer: Tracer,
    ring: Vec<Step>,
}

impl Blocks {
    /// Begins a tile.
    pub(crate) fn begin(&mut self, cell_steps: u16) {
        self.cell_steps = i64::from(cell_steps);
        let side = (i64::from(EXTENT) + 2 * i64::from(BUFFER)) / self.cell_steps;
        self.width = usize::try_from(side).unwrap_or(0) + 2;
        self.cells.clear();
        let cells = self.width * self.width;
        self.numbers.resize(cells.max(self.numbers.len()), 0);
        self.classes.resize(cells.max(self.classes.len()), 0);
    }

    /// Puts a building into the cell that holds the middle of its box. It is smaller than a cell or little larger, so this is
    /// as good as sharing it out, and no tile need know more of it.
    pub(crate) fn add(&mut self, row: Row<'_>, frame: &Frame<'_>, with_height: bool) {
        let Some(middle) = row.shape().bounds().map(middle) else { return };
        let Some(place) = self.place_of(frame.step(middle)) else { return };
        let doubled_area: i128 = row.shape().parts().map(|(_, ring)| cim_mirror::doubled_area(ring)).sum();
        let doubled_area = u64::try_from(doubled_area).unwrap_or(0);
        let number = &mut self.numbers[place];
        if *number == 0 {
            self.cells.push(Cell { place, ..Cell::default() });
            *number = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
        }
        let cell = &mut self.cells[*number as usize - 1];
        cell.doubled_area += doubled_area;
        if let Some(height_m) = height_m_of(row).filter(|_| with_height) {
            cell.doubled_area_with_height += doubled_area;
            cell.volume += u128::from(decimetres(height_m)) * u128::from(doubled_area);
        }
    }

    /// Decides which cells are shown, and says which classes of them there are.
    pub(crate) fn settle(&mut self, tile: TileAddress) -> Vec<u8> {
        let side = u64::try_from(self.cell_steps).unwrap_or(0) << tile.shift();
        let mut found: Vec<u8> = Vec::new();
        for cell in &self.cells {
            self.numbers[cell.place] = 0;
        }
        self.cells.retain(|cell| cell.doubled_area * LEAST_COVERED >= 2 * side * side);
        self.cells.sort_unstable_by_key(|cell| cell.place);
        for cell in &self.cells {
            let class = cell.class();
            self.classes[cell.place] = class;
            if !found.contains(&class) {
                found.push(class);
            }
        }
        found.sort_unstable();
        found
    }

    /// The rings of a class in tile steps, holes after their exterior.
    pub(crate) fn trace(&mut self, class: u8, mut take: impl FnMut(&[Step])) {
        let Self { cells, classes, places, tracer, ring, width, cell_steps, .. } = self;
        places.clear();
        places.extend(cells.iter().map(|cell| cell.place).filter(|place| classes[*place] == class));
        // The rim comes first, and the buffer begins after it.
        let step = |number: i64| (number - 1) * *cell_steps - i64::from(BUFFER);
        tracer.trace(Board { classes, width: *width }, class, places, |corners| {
            ring.clear();
            ring.extend(corners.iter().map(|(x, y)| (step(*x), step(*y))));
            take(ring);
        });
    }

    /// Ends a tile: leaves the board clean.
    pub(crate) fn end(&mut self) {
        for cell in self.cells.drain(..) {
            self.classes[cell.place] = 0;
        }
    }

    fn place_of(&self, step: Step) -> Option<usize> {
        let low = -i64::from(BUFFER);
        let number = |at: i64| usize::try_from((at - low).div_euclid(self.cell_steps)).ok();
        let (x, y) = (number(step.0)?, number(step.1)?);
        (x < self.width - 2 && y < self.width - 2).then_some((y + 1) * self.width + x + 1)
    }
}

impl Cell {
    fn class(&self) -> u8 {
        if self.doubled_area_with_height == 0 {
            return NO_HEIGHT;
        }
        let mean_dm = self.volume / u128::from(self.doubled_area_with_height);
        let floor_dm = u128::from(decimetres(METRES_PER_FLOOR));
        let floors = ((mean_dm + floor_dm / 2) / floor_dm).max(1);
        u8::try_from(floors).unwrap_or(u8::MAX - NO_HEIGHT).saturating_add(NO_HEIGHT)
    }
}

/// The id of the feature that holds a class.
pub(crate) fn id_of(class: u8) -> u64 {
    FIRST_ID + u64::from(class)
}

/// The height of a class: whole floors; none where nobody knows it.
pub(crate) fn height_of(class: u8) -> Option<f64> {
    (class > NO_HEIGHT).then(|| f64::from(class - NO_HEIGHT) * METRES_PER_FLOOR)
}

fn middle(bounds: WorldBox) -> WorldPoint {
    WorldPoint { x: bounds.min_x.midpoint(bounds.max_x), y: bounds.min_y.midpoint(bounds.max_y) }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what buildings have")]
fn decimetres(height_m: f64) -> u64 {
    (height_m * 10.0).round().clamp(0.0, 100_000.0) as u64
}
