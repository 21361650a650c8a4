//! Where two states of the same rows differ: for whole collections that were read again, and for borders.

use std::collections::HashMap;

use cim_mirror::{PartRole, Row, Shape, Table, View, WorldBox, WorldPoint};
use cim_tile::UnitTable;

/// More differing places than this are as good as everywhere.
const MOST_PLACES: usize = 20_000;
/// A smaller shape is one place; a larger one is looked at segment by segment.
const SMALL_SHAPE: usize = 12;

/// Rows that can be found by their id.
pub(crate) trait Rows {
    /// Every row.
    fn each<'a>(&'a self) -> Box<dyn Iterator<Item = Row<'a>> + 'a>;
    /// The row with this id.
    fn with_id(&self, id: i64) -> Option<Row<'_>>;
}

impl Rows for View {
    fn each<'a>(&'a self) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        Box::new(self.rows())
    }

    fn with_id(&self, id: i64) -> Option<Row<'_>> {
        self.find(id)
    }
}

impl Rows for UnitTable {
    fn each<'a>(&'a self) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        Box::new(self.rows())
    }

    fn with_id(&self, id: i64) -> Option<Row<'_>> {
        self.find(id)
    }
}

impl Rows for Table {
    fn each<'a>(&'a self) -> Box<dyn Iterator<Item = Row<'a>> + 'a> {
        Box::new(self.rows())
    }

    fn with_id(&self, id: i64) -> Option<Row<'_>> {
        self.find(id)
    }
}

/// The boxes in which `before` and `after` differ; `None` when there are too many to list. Linear in the rows.
pub(crate) fn difference(before: &dyn Rows, after: &dyn Rows) -> Option<Vec<WorldBox>> {
    let mut places = Vec::new();
    for row in after.each() {
        row_difference(before.with_id(row.id()), Some(row), &mut places);
        if places.len() > MOST_PLACES {
            return None;
        }
    }
    let gone = before.each().filter(|row| after.with_id(row.id()).is_none());
    places.extend(gone.filter_map(|row| row.shape().bounds()).take(MOST_PLACES + 1));
    (places.len() <= MOST_PLACES).then_some(places)
}

/// Adds the boxes in which two states of a row differ.
pub(crate) fn row_difference(old: Option<Row<'_>>, new: Option<Row<'_>>, places: &mut Vec<WorldBox>) {
    match old.zip(new) {
        Some((old, new)) if old.has_same_values(new) => {
            if !old.shape().is_same(new.shape()) {
                shape_difference(old.shape(), new.shape(), places);
            }
        }
        _ => places.extend([old, new].into_iter().filter_map(|row| row?.shape().bounds())),
    }
}

/// The boxes around every connected piece of line that one shape has and the other has not. Where a border moved, its old
/// and its new course meet at both ends: one box holds both and everything between them, so that a tile that lay wholly
/// inside before and wholly outside after is found as well.
fn shape_difference(old: Shape<'_>, new: Shape<'_>, places: &mut Vec<WorldBox>) {
    if old.vertices().len().max(new.vertices().len()) <= SMALL_SHAPE {
        places.extend([old.bounds(), new.bounds()].into_iter().flatten());
        return;
    }
    let mut balance: HashMap<(WorldPoint, WorldPoint), i32> = HashMap::new();
    for segment in segments_of(old) {
        *balance.entry(segment).or_default() -= 1;
    }
    for segment in segments_of(new) {
        *balance.entry(segment).or_default() += 1;
    }
    let odd: Vec<_> =
        balance.into_iter().filter(|(_, left)| *left != 0).map(|(segment, _)| segment).collect();
    let begins = |shape: Shape<'_>| -> Vec<Option<WorldPoint>> {
        shape.parts().map(|(_, points)| points.first().copied()).collect()
    };
    let (begins_before, begins_now) = (begins(old), begins(new));
    let has_parts = begins_before.len().max(begins_now.len()) > 1;
    if odd.is_empty() || (has_parts && begins_before != begins_now) {
        // The same lines in another order, or rings of which another may come first now, in every tile that shows two.
        places.extend([old.bounds(), new.bounds()].into_iter().flatten());
    }
    places.extend(connected_boxes(&odd));
}

fn segments_of(shape: Shape<'_>) -> impl Iterator<Item = (WorldPoint, WorldPoint)> {
    shape.parts().flat_map(|(role, points)| {
        let is_ring = matches!(role, PartRole::Outer | PartRole::Hole);
        let closing = points.last().zip(points.first()).filter(|_| is_ring);
        let pairs = points.windows(2).map(|pair| (pair[0], pair[1]));
        let single = points.first().filter(|_| points.len() == 1).map(|point| (*point, *point));
        pairs
            .chain(closing.map(|(last, first)| (*last, *first)))
            .chain(single)
            .map(|(a, b)| if a <= b { (a, b) } else { (b, a) })
    })
}

/// One box around every set of segments that hang together by their ends.
fn connected_boxes(segments: &[(WorldPoint, WorldPoint)]) -> Vec<WorldBox> {
    let mut numbers: HashMap<WorldPoint, usize> = HashMap::new();
    let mut parents: Vec<usize> = Vec::new();
    let mut number = |point: WorldPoint, parents: &mut Vec<usize>| {
        *numbers.entry(point).or_insert_with(|| {
            parents.push(parents.len());
            parents.len() - 1
        })
    };
    let mut ends = Vec::with_capacity(segments.len());
    for (a, b) in segments {
        let (a, b) = (number(*a, &mut parents), number(*b, &mut parents));
        let (root_a, root_b) = (root(&mut parents, a), root(&mut parents, b));
        parents[root_a] = root_b;
        ends.push(a);
    }
    let mut boxes: HashMap<usize, WorldBox> = HashMap::new();
    for ((a, b), end) in segments.iter().zip(ends) {
        let Some(around) = WorldBox::around(&[*a, *b]) else { continue };
        let at = root(&mut parents, end);
        boxes.entry(at).and_modify(|known| *known = known.union(around)).or_insert(around);
    }
    boxes.into_values().collect()
}

fn root(parents: &mut [usize], mut at: usize) -> usize {
    while parents[at] != at {
        parents[at] = parents[parents[at]];
        at = parents[at];
    }
    at
}

#[cfg(test)]
mod tests {
    use cim_mirror::{Shapes, TableBuilder};
    use cim_model::{Record, Value};
    use cim_tile::BOUNDARY_FIELDS;

    use super::*;

    fn ring(points: Vec<(u32, u32)>) -> Shapes {
        let mut shapes = Shapes::default();
        shapes.push_ring(PartRole::Outer, points.into_iter().map(|(x, y)| WorldPoint { x, y }));
        shapes.push_none();
        shapes
    }

    /// A square of 1000 steps with a vertex every 10.
    fn square() -> Vec<(u32, u32)> {
        let side = || (0..100).map(|step| step * 10);
        let north = side().map(|x| (x, 0));
        let east = side().map(|y| (1000, y));
        let south = side().map(|x| (1000 - x, 1000));
        north.chain(east).chain(south).chain(side().map(|y| (0, 1000 - y))).collect()
    }

    fn table(rows: &[(i64, &str, &Shapes)]) -> Table {
        let mut builder = TableBuilder::new(BOUNDARY_FIELDS, |_| true);
        for (id, name, shapes) in rows {
            let record =
                Record { values: vec![Value::Text("c".to_owned()), Value::Text((*name).to_owned())] };
            builder.push_with_shape(*id, &record, Some(shapes.get(0)));
        }
        builder.finish()
    }

    #[test]
    fn a_moved_vertex_is_a_small_place_around_it() {
        let before = ring(square());
        let mut points = square();
        points[50] = (500, 7);
        let after = ring(points);
        let found = difference(&table(&[(1, "甲", &before)]), &table(&[(1, "甲", &after)])).unwrap();
        assert_eq!(found, [WorldBox { min_x: 490, min_y: 0, max_x: 510, max_y: 7 }]);
    }

    #[test]
    fn a_border_that_moved_far_is_one_place_with_all_that_changed_hands() {
        let before = ring(square());
        let mut points = square();
        for point in &mut points[20..80] {
            point.1 = 400;
        }
        let after = ring(points);
        let found = difference(&table(&[(1, "甲", &before)]), &table(&[(1, "甲", &after)])).unwrap();
        assert_eq!(found, [WorldBox { min_x: 190, min_y: 0, max_x: 800, max_y: 400 }]);
    }

    #[test]
    fn another_name_is_a_change_of_the_whole_shape_and_the_same_rows_are_none() {
        let shape = ring(square());
        let whole = WorldBox { min_x: 0, min_y: 0, max_x: 1000, max_y: 1000 };
        let before = table(&[(1, "甲", &shape), (2, "丙", &shape)]);
        let after = table(&[(2, "丙", &shape), (1, "乙", &shape)]);
        assert_eq!(difference(&before, &after).unwrap(), [whole, whole]);
        assert!(difference(&before, &before).unwrap().is_empty());
    }

    #[test]
    fn rows_that_came_and_rows_that_went_are_places() {
        let shape = ring(square());
        let (one, two) = (table(&[(1, "甲", &shape)]), table(&[(1, "甲", &shape), (2, "乙", &shape)]));
        assert_eq!(difference(&one, &two).unwrap().len(), 1);
        assert_eq!(difference(&two, &one).unwrap().len(), 1);
    }
}
