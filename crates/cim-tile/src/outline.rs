//! The outlines of cells on a board: rings of corners, holes after their exterior, no ring touching itself.

use crate::clip::Step;
use crate::quick_map::QuickMap;

/// One ring; its corners are `corners[start..end]` of the tracer.
#[derive(Debug, Clone, Copy)]
struct Ring {
    component: u32,
    is_hole: bool,
    start: usize,
    end: usize,
}

/// The direction of a step along a cell's edge, with the cell on the right hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Heading {
    East,
    South,
    West,
    North,
}

/// A square board of cells with an empty rim one cell wide, so that every cell has eight neighbours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Board<'a> {
    /// Zero where a cell is empty, row by row.
    pub(crate) classes: &'a [u8],
    /// Cells in a row, the rim included.
    pub(crate) width: usize,
}

/// Traces outlines; keeps its buffers from one board to the next.
#[derive(Debug, Default)]
pub(crate) struct Tracer {
    /// By cell the number of its component, 0 for none yet; clean between calls.
    components: Vec<u32>,
    /// By cell whether its top edge belongs to a ring already; clean between calls.
    is_traced: Vec<bool>,
    open: Vec<usize>,
    path: Vec<Step>,
    /// Corners of the path where two cells touch only there, with their place in the path.
    pinches: QuickMap<u64, usize>,
    corners: Vec<Step>,
    rings: Vec<Ring>,
}

impl Tracer {
    /// The rings around the cells of one class; `cells` are all of them in ascending order. Corners are in cells, the rim's
    /// being the first. Exteriors run clockwise (y runs south), and each is followed by its holes.
    pub(crate) fn trace(
        &mut self,
        board: Board<'_>,
        class: u8,
        cells: &[usize],
        mut take: impl FnMut(&[Step]),
    ) {
        self.components.resize(board.classes.len().max(self.components.len()), 0);
        self.is_traced.resize(board.classes.len().max(self.is_traced.len()), false);
        self.corners.clear();
        self.rings.clear();
        let mut count = 0;
        for cell in cells {
            if self.is_traced[*cell] || board.classes[*cell - board.width] == class {
                continue;
            }
            if self.components[*cell] == 0 {
                count += 1;
                self.fill(board, class, *cell, count);
            }
            self.walk(board, class, *cell);
        }
        for cell in cells {
            self.components[*cell] = 0;
            self.is_traced[*cell] = false;
        }
        self.rings.sort_by_key(|ring| (ring.component, ring.is_hole));
        for ring in &self.rings {
            take(&self.corners[ring.start..ring.end]);
        }
    }

    /// Gives all cells that hang together by their sides the component's number.
    fn fill(&mut self, board: Board<'_>, class: u8, first: usize, component: u32) {
        self.components[first] = component;
        self.open.push(first);
        while let Some(cell) = self.open.pop() {
            for next in [cell - board.width, cell - 1, cell + 1, cell + board.width] {
                if board.classes[next] == class && self.components[next] == 0 {
                    self.components[next] = component;
                    self.open.push(next);
                }
            }
        }
    }

    /// Walks once around from the top left corner of a cell, and cuts off a ring wherever the way meets itself.
    fn walk(&mut self, board: Board<'_>, class: u8, first: usize) {
        let component = self.components[first];
        let (mut corner, mut heading) = (first, Heading::East);
        self.path.clear();
        self.pinches.clear();
        loop {
            self.turn_at(board, corner, class, component);
            // Straight on until the next corner.
            loop {
                if heading == Heading::East {
                    self.is_traced[corner] = true;
                }
                corner = heading.step(corner, board.width);
                let is_filled = |cell: usize| board.classes[cell] == class;
                let turned = heading.turned(corner, board.width, is_filled);
                if turned != heading {
                    heading = turned;
                    break;
                }
            }
            if corner == first && heading == Heading::East {
                break;
            }
        }
        self.cut_ring(0, component);
    }

    /// Adds a corner to the path; a corner met for the second time closes a ring of its own.
    fn turn_at(&mut self, board: Board<'_>, corner: usize, class: u8, component: u32) {
        let is_filled = |cell: usize| board.classes[cell] == class;
        let (north_west, north_east) = (corner - board.width - 1, corner - board.width);
        let (south_west, south_east) = (corner - 1, corner);
        let touch_only_here = is_filled(north_west) == is_filled(south_east)
            && is_filled(north_east) == is_filled(south_west)
            && is_filled(north_west) != is_filled(north_east);
        if touch_only_here {
            if let Some(place) = self.pinches.get(&(corner as u64)).copied() {
                self.cut_ring(place, component);
                self.path.truncate(place + 1);
                return;
            }
            self.pinches.insert(corner as u64, self.path.len());
        }
        self.path.push(step_of(corner, board.width));
    }

    fn cut_ring(&mut self, from: usize, component: u32) {
        let ring = &self.path[from..];
        let start = self.corners.len();
        self.corners.extend_from_slice(ring);
        let is_hole = doubled_area(ring) < 0;
        self.rings.push(Ring { component, is_hole, start, end: self.corners.len() });
    }
}

fn step_of(corner: usize, width: usize) -> Step {
    let number = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
    (number(corner % width), number(corner / width))
}

fn doubled_area(ring: &[Step]) -> i64 {
    let shifted = ring.iter().cycle().skip(1);
    ring.iter().zip(shifted).map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum()
}

impl Heading {
    fn step(self, corner: usize, width: usize) -> usize {
        match self {
            Self::East => corner + 1,
            Self::South => corner + width,
            Self::West => corner - 1,
            Self::North => corner - width,
        }
    }

    /// Where to go on at a corner: right round the same cell, else straight on along the next, else left.
    fn turned(self, corner: usize, width: usize, is_filled: impl Fn(usize) -> bool) -> Self {
        let (north_west, north_east) = (corner - width - 1, corner - width);
        let (south_west, south_east) = (corner - 1, corner);
        let (ahead_right, ahead_left, right, left) = match self {
            Self::East => (south_east, north_east, Self::South, Self::North),
            Self::South => (south_west, south_east, Self::West, Self::East),
            Self::West => (north_west, south_west, Self::North, Self::South),
            Self::North => (north_east, north_west, Self::East, Self::West),
        };
        if !is_filled(ahead_right) {
            right
        } else if is_filled(ahead_left) {
            left
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const SIDE: usize = 12;
    const WIDTH: usize = SIDE + 2;

    fn board(rows: &[&str]) -> Vec<u8> {
        let mut classes = vec![0; WIDTH * WIDTH];
        for (y, row) in rows.iter().enumerate() {
            for (x, cell) in row.bytes().enumerate() {
                classes[(y + 1) * WIDTH + x + 1] = u8::from(cell == b'#');
            }
        }
        classes
    }

    fn rings(classes: &[u8]) -> Vec<Vec<Step>> {
        let cells: Vec<usize> = (0..classes.len()).filter(|cell| classes[*cell] == 1).collect();
        let mut rings = Vec::new();
        let mut tracer = Tracer::default();
        tracer.trace(Board { classes, width: WIDTH }, 1, &cells, |ring| rings.push(ring.to_vec()));
        assert!(tracer.components.iter().all(|component| *component == 0));
        assert!(tracer.is_traced.iter().all(|traced| !traced));
        rings
    }

    /// Whether the middle of a cell lies in the rings: an odd number of edges west of it.
    fn holds(rings: &[Vec<Step>], x: i64, y: i64) -> bool {
        let crossed = rings
            .iter()
            .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)))
            .filter(|(a, b)| a.0 == b.0 && a.0 <= x && a.1.min(b.1) <= y && y < a.1.max(b.1));
        crossed.count() % 2 == 1
    }

    fn check(classes: &[u8]) {
        let rings = rings(classes);
        let mut exterior: Option<Vec<Step>> = None;
        for ring in &rings {
            let distinct: BTreeSet<Step> = ring.iter().copied().collect();
            assert_eq!(distinct.len(), ring.len(), "a ring touches itself: {ring:?}");
            assert!(ring.len() >= 4 && ring.len() % 2 == 0);
            if doubled_area(ring) > 0 {
                exterior = Some(ring.clone());
            } else {
                let around = exterior.as_ref().expect("a hole follows its exterior");
                // The cell inside the hole at its topmost, leftmost corner lies in the exterior too.
                let corner = ring.iter().min_by_key(|corner| (corner.1, corner.0)).unwrap();
                assert!(holds(std::slice::from_ref(around), corner.0, corner.1));
            }
        }
        for y in 0..WIDTH {
            for x in 0..WIDTH {
                let shown = holds(&rings, i64::try_from(x).unwrap(), i64::try_from(y).unwrap());
                assert_eq!(shown, classes[y * WIDTH + x] == 1, "{x} {y}");
            }
        }
    }

    #[test]
    fn one_cell_is_a_square_that_runs_clockwise() {
        assert_eq!(rings(&board(&["#"])), [[(1, 1), (2, 1), (2, 2), (1, 2)]]);
    }

    #[test]
    fn cells_that_touch_only_at_a_corner_are_rings_of_their_own() {
        assert_eq!(rings(&board(&["#.", ".#"])).len(), 2);
        assert_eq!(rings(&board(&[".#", "#."])).len(), 2);
    }

    #[test]
    fn a_ring_that_meets_itself_at_corners_becomes_an_exterior_and_holes() {
        let rings = rings(&board(&["###", "#.#", "##.", "#.#", "###"]));
        let holes = rings.iter().filter(|ring| doubled_area(ring) < 0).count();
        assert_eq!((rings.len(), holes), (3, 2));
    }

    #[test]
    fn an_island_in_a_hole_has_an_exterior_of_its_own() {
        check(&board(&["#####", "#...#", "#.#.#", "#...#", "#####"]));
    }

    #[test]
    fn whatever_the_cells_the_rings_hold_exactly_them() {
        let mut state = 7_u64;
        for density in [20, 45, 55, 70, 95] {
            for _ in 0..200 {
                let mut classes = vec![0; WIDTH * WIDTH];
                for y in 1..=SIDE {
                    for x in 1..=SIDE {
                        state = state
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1_442_695_040_888_963_407);
                        classes[y * WIDTH + x] = u8::from((state >> 33) % 100 < density);
                    }
                }
                check(&classes);
            }
        }
    }
}
