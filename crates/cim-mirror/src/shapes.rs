//! The geometries of a table: all vertices in one arena of 8 bytes each.

use cim_crs::LonLat;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};

use crate::{WorldBox, WorldPoint};

/// What a part of a geometry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartRole {
    /// A point.
    Point,
    /// A line.
    Line,
    /// An outer ring: clockwise on the map, closed implicitly.
    Outer,
    /// The ring of a hole of the outer ring before it: counter-clockwise, closed implicitly.
    Hole,
}

/// Geometries by row number.
#[derive(Debug, Clone, Default)]
pub struct Shapes {
    /// `row_ends[row]` is the first part after the row's.
    row_ends: Vec<u32>,
    /// `part_ends[part]` is the first vertex after the part's.
    part_ends: Vec<u32>,
    roles: Vec<PartRole>,
    vertices: Vec<WorldPoint>,
}

/// The geometry of one row.
#[derive(Debug, Clone, Copy)]
pub struct Shape<'a> {
    shapes: &'a Shapes,
    first_part: usize,
    end_part: usize,
}

#[inline]
fn end_before(ends: &[u32], place: usize) -> usize {
    place.checked_sub(1).map_or(0, |before| ends[before] as usize)
}

#[expect(clippy::cast_possible_truncation, reason = "an arena of 2^32 vertices would be 32 GB")]
fn narrow(length: usize) -> u32 {
    length as u32
}

impl Shapes {
    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.row_ends.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.row_ends.is_empty()
    }

    /// The number of vertices of all rows.
    #[must_use]
    pub fn vertex_count(&self) -> usize {
        self.vertices.len()
    }

    /// The geometry of a row.
    #[must_use]
    #[inline]
    pub fn get(&self, row: u32) -> Shape<'_> {
        let row = row as usize;
        Shape {
            shapes: self,
            first_part: end_before(&self.row_ends, row),
            end_part: self.row_ends[row] as usize,
        }
    }

    /// Appends a row without geometry.
    pub fn push_none(&mut self) {
        self.row_ends.push(narrow(self.roles.len()));
    }

    /// Appends a row; vertices that fall together become one and rings without area are left out.
    pub fn push(&mut self, geometry: &Geometry<f64>) {
        self.add(geometry);
        self.push_none();
    }

    /// Appends a copy of another row.
    pub fn push_shape(&mut self, shape: Shape<'_>) {
        for (role, points) in shape.parts() {
            self.vertices.extend_from_slice(points);
            self.end_part(role);
        }
        self.push_none();
    }

    /// Appends a part to the row that the next `push_none` ends.
    pub fn push_part(&mut self, role: PartRole, points: &[WorldPoint]) {
        self.vertices.extend_from_slice(points);
        self.end_part(role);
    }

    /// Appends an implicitly closed ring, wound either way, to the row that the next `push_none` ends; whether it has an area.
    pub fn push_ring(&mut self, role: PartRole, points: impl Iterator<Item = WorldPoint>) -> bool {
        let start = self.vertices.len();
        self.extend_distinct(points);
        if self.vertices.len() - start > 1 && self.vertices.last() == self.vertices.get(start) {
            self.vertices.pop();
        }
        let doubled = doubled_area(&self.vertices[start..]);
        if doubled == 0 {
            self.vertices.truncate(start);
            return false;
        }
        if (doubled > 0) != (role == PartRole::Outer) {
            self.vertices[start..].reverse();
        }
        self.end_part(role);
        true
    }

    /// Gives back memory that was taken in advance.
    pub fn shrink(&mut self) {
        self.row_ends.shrink_to_fit();
        self.part_ends.shrink_to_fit();
        self.roles.shrink_to_fit();
        self.vertices.shrink_to_fit();
    }

    /// Bytes held.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        (self.row_ends.capacity() + self.part_ends.capacity()) * 4
            + self.roles.capacity()
            + self.vertices.capacity() * 8
    }

    fn end_part(&mut self, role: PartRole) {
        self.roles.push(role);
        self.part_ends.push(narrow(self.vertices.len()));
    }

    fn add(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.add_point(point.0),
            Geometry::MultiPoint(points) => {
                for point in points {
                    self.add_point(point.0);
                }
            }
            Geometry::Line(line) => self.add_line(&LineString::new(vec![line.start, line.end])),
            Geometry::LineString(line) => self.add_line(line),
            Geometry::MultiLineString(lines) => lines.iter().for_each(|line| self.add_line(line)),
            Geometry::Polygon(polygon) => self.add_polygon(polygon),
            Geometry::MultiPolygon(MultiPolygon(polygons)) => {
                for polygon in polygons {
                    self.add_polygon(polygon);
                }
            }
            Geometry::Rect(rect) => self.add_polygon(&rect.to_polygon()),
            Geometry::Triangle(triangle) => self.add_polygon(&triangle.to_polygon()),
            Geometry::GeometryCollection(members) => members.iter().for_each(|member| self.add(member)),
        }
    }

    fn add_point(&mut self, point: Coord<f64>) {
        self.vertices.push(world(point));
        self.end_part(PartRole::Point);
    }

    fn add_line(&mut self, line: &LineString<f64>) {
        let start = self.vertices.len();
        self.extend_distinct(line.0.iter().map(|point| world(*point)));
        if self.vertices.len() - start < 2 {
            self.vertices.truncate(start);
        } else {
            self.end_part(PartRole::Line);
        }
    }

    fn add_polygon(&mut self, polygon: &Polygon<f64>) {
        if self.add_ring(polygon.exterior(), PartRole::Outer) {
            for hole in polygon.interiors() {
                self.add_ring(hole, PartRole::Hole);
            }
        }
    }

    fn add_ring(&mut self, ring: &LineString<f64>, role: PartRole) -> bool {
        self.push_ring(role, ring.0.iter().map(|point| world(*point)))
    }

    fn extend_distinct(&mut self, points: impl Iterator<Item = WorldPoint>) {
        let start = self.vertices.len();
        for point in points {
            if self.vertices.len() == start || self.vertices.last() != Some(&point) {
                self.vertices.push(point);
            }
        }
    }
}

fn world(point: Coord<f64>) -> WorldPoint {
    WorldPoint::from(LonLat { lon: point.x, lat: point.y })
}

/// Twice the signed area of an implicitly closed ring; positive is clockwise on the map, because y runs south.
#[must_use]
pub fn doubled_area(ring: &[WorldPoint]) -> i128 {
    let Some(last) = ring.last() else { return 0 };
    let mut before = *last;
    let mut sum = 0_i128;
    for point in ring {
        sum += i128::from(before.x) * i128::from(point.y) - i128::from(point.x) * i128::from(before.y);
        before = *point;
    }
    sum
}

impl<'a> Shape<'a> {
    /// Its parts: points, lines, or outer rings each followed by its holes.
    #[inline]
    pub fn parts(self) -> impl Iterator<Item = (PartRole, &'a [WorldPoint])> {
        let shapes = self.shapes;
        (self.first_part..self.end_part).map(move |part| {
            let start = end_before(&shapes.part_ends, part);
            (shapes.roles[part], &shapes.vertices[start..shapes.part_ends[part] as usize])
        })
    }

    /// All its vertices.
    #[must_use]
    pub fn vertices(self) -> &'a [WorldPoint] {
        let start = end_before(&self.shapes.part_ends, self.first_part);
        let end = end_before(&self.shapes.part_ends, self.end_part);
        &self.shapes.vertices[start..end]
    }

    /// Whether it has no parts.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.first_part == self.end_part
    }

    /// The box around it.
    #[must_use]
    pub fn bounds(self) -> Option<WorldBox> {
        WorldBox::around(self.vertices())
    }

    /// Whether it is one point, and which.
    #[must_use]
    pub fn as_point(self) -> Option<WorldPoint> {
        let is_point =
            self.end_part == self.first_part + 1 && self.shapes.roles[self.first_part] == PartRole::Point;
        if is_point { self.vertices().first().copied() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{point, polygon};

    use super::*;

    #[test]
    fn rings_are_wound_for_tiles_and_stored_open() {
        let square = polygon![
            exterior: [(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 4.0, y: 4.0), (x: 0.0, y: 4.0)],
            interiors: [[(x: 1.0, y: 1.0), (x: 2.0, y: 1.0), (x: 2.0, y: 2.0), (x: 1.0, y: 2.0)]],
        ];
        let mut shapes = Shapes::default();
        shapes.push(&square.into());
        let parts: Vec<_> = shapes.get(0).parts().collect();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].0, parts[0].1.len()), (PartRole::Outer, 4));
        assert!(doubled_area(parts[0].1) > 0 && doubled_area(parts[1].1) < 0);
    }

    #[test]
    fn a_ring_without_area_and_a_line_without_length_leave_nothing() {
        let mut shapes = Shapes::default();
        shapes.push(&polygon![(x: 0.0, y: 0.0), (x: 4.0, y: 0.0), (x: 8.0, y: 0.0)].into());
        shapes.push(&LineString::from(vec![(1.0, 1.0), (1.0, 1.0)]).into());
        shapes.push(&point!(x: 1.0, y: 2.0).into());
        shapes.push_none();
        let empty: Vec<bool> = (0..4).map(|row| shapes.get(row).is_empty()).collect();
        assert_eq!(empty, [true, true, false, true]);
        assert!(shapes.get(2).as_point().is_some());
    }
}
