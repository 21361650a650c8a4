//! OpenStreetMap PBF: the ways, multipolygon relations and nodes that the pack's `where` lets through.
//!
//! Drawbacks: what is wanted is kept in memory until the nodes have been read, about 100 bytes a vertex. A country's
//! buildings fit the parser's limit, a continent's do not.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read;

use cim_crs::Crs;
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Point, Polygon};
use osmpbf::{Element, ElementReader};

use crate::check::{RowChecker, Wanted, admits_text, lies_inside};
use crate::job::ReadJob;
use crate::pack::Filter;
use crate::row::{Cell, DeclaredCrs, RawGeometry, Reading, Refusal, Shape, damaged};

/// Reads what is wanted in three passes: objects, member ways, nodes.
pub(super) fn read(job: &ReadJob, checker: &mut RowChecker<'_>) -> Reading {
    checker.declare_crs(Some(DeclaredCrs::Known(Crs::Wgs84)))?;
    if job.mapping.filters.is_empty() {
        let message = "say which objects are wanted, for example where = { building = [\"*\", \"!no\"] }";
        return Err(Refusal::new("mapping", message).into());
    }
    check_beginning(job)?;
    let mut found = Found { wanted: checker.wanted(), filters: &job.mapping.filters, ..Found::new(checker) };
    each(job, |element| found.objects(element))?;
    if !found.member_ways.is_empty() {
        each(job, |element| found.members(element))?;
    }
    found.ask_for_nodes();
    each(job, |element| found.node(element))?;
    found.hand_on(checker)
}

/// A PBF begins with the length of a header and the header of the block `OSMHeader`; anything else is no PBF, though it may
/// seem to have no element.
fn check_beginning(job: &ReadJob) -> Reading {
    let mut beginning = Vec::new();
    let read = File::open(&job.path).and_then(|file| file.take(64).read_to_end(&mut beginning));
    read.map_err(|error| damaged(format!("the file cannot be opened: {error}")))?;
    if beginning.windows(9).any(|window| window == b"OSMHeader") {
        return Ok(());
    }
    Err(damaged("the file is no OSM PBF: it does not begin with an OSMHeader block"))
}

fn each(job: &ReadJob, mut visit: impl FnMut(&Element<'_>)) -> Reading {
    let reader = ElementReader::from_path(&job.path)
        .map_err(|error| damaged(format!("the file cannot be opened: {error}")))?;
    reader
        .for_each(|element| visit(&element))
        .map_err(|error| damaged(format!("the file is cut off or no PBF: {error}")))
}

struct Object {
    cells: Vec<Cell<'static>>,
    /// Whether a closed way of these tags is an area.
    area: bool,
    body: Body,
}

enum Body {
    Node(Coord<f64>),
    Way(Vec<i64>),
    /// Member ways: outer and inner.
    Relation(Vec<(i64, bool)>),
}

struct Found<'f> {
    wanted: Vec<Wanted>,
    filters: &'f [Filter],
    points: bool,
    areas: bool,
    lines: bool,
    objects: Vec<Object>,
    member_ways: HashMap<i64, Vec<i64>>,
    nodes: HashMap<i64, Coord<f64>>,
    asked: HashSet<i64>,
}

impl Found<'_> {
    fn new(checker: &RowChecker<'_>) -> Self {
        Self {
            wanted: Vec::new(),
            filters: &[],
            points: checker.wants_points(),
            areas: checker.wants_areas(),
            lines: checker.wants_lines(),
            objects: Vec::new(),
            member_ways: HashMap::new(),
            nodes: HashMap::new(),
            asked: HashSet::new(),
        }
    }

    /// The cells of an object that the filters let through.
    fn cells(&self, kind: char, id: i64, tags: &HashMap<&str, &str>) -> Option<Vec<Cell<'static>>> {
        let passes = |filter: &Filter| admits_text(filter, tags.get(filter.column.as_str()).copied());
        if !self.filters.iter().all(passes) {
            return None;
        }
        let cell = |wanted: &Wanted| match wanted.name.as_str() {
            "@id" => Cell::text(format!("{kind}{id}")),
            name => tags.get(name).map_or(Cell::Empty, |text| Cell::text((*text).to_owned())),
        };
        Some(self.wanted.iter().map(cell).collect())
    }

    fn objects(&mut self, element: &Element<'_>) {
        match element {
            Element::Way(way) => {
                let tags: HashMap<&str, &str> = way.tags().collect();
                if let Some(cells) = self.cells('w', way.id(), &tags) {
                    let body = Body::Way(way.refs().collect());
                    self.objects.push(Object { cells, area: is_area(&tags), body });
                }
            }
            Element::Relation(relation) if self.areas || self.points => {
                let tags: HashMap<&str, &str> = relation.tags().collect();
                if !matches!(tags.get("type"), Some(&"multipolygon" | &"boundary")) {
                    return;
                }
                if let Some(cells) = self.cells('r', relation.id(), &tags) {
                    let members: Vec<(i64, bool)> = relation
                        .members()
                        .filter(|member| member.member_type == osmpbf::RelMemberType::Way)
                        .map(|member| (member.member_id, member.role().unwrap_or_default() != "inner"))
                        .collect();
                    self.member_ways.extend(members.iter().map(|(way, _)| (*way, Vec::new())));
                    self.objects.push(Object { cells, area: true, body: Body::Relation(members) });
                }
            }
            Element::Node(node) if self.points => {
                let tags: HashMap<&str, &str> = node.tags().collect();
                self.tagged_node(node.id(), Coord { x: node.lon(), y: node.lat() }, &tags);
            }
            Element::DenseNode(node) if self.points => {
                let tags: HashMap<&str, &str> = node.tags().collect();
                self.tagged_node(node.id(), Coord { x: node.lon(), y: node.lat() }, &tags);
            }
            _ => {}
        }
    }

    fn tagged_node(&mut self, id: i64, coord: Coord<f64>, tags: &HashMap<&str, &str>) {
        if tags.is_empty() {
            return;
        }
        if let Some(cells) = self.cells('n', id, tags) {
            self.objects.push(Object { cells, area: false, body: Body::Node(coord) });
        }
    }

    fn members(&mut self, element: &Element<'_>) {
        if let Element::Way(way) = element
            && let Some(refs) = self.member_ways.get_mut(&way.id())
        {
            *refs = way.refs().collect();
        }
    }

    fn ask_for_nodes(&mut self) {
        for object in &self.objects {
            if let Body::Way(refs) = &object.body {
                self.asked.extend(refs);
            }
        }
        for refs in self.member_ways.values() {
            self.asked.extend(refs);
        }
    }

    fn node(&mut self, element: &Element<'_>) {
        let (id, coord) = match element {
            Element::Node(node) => (node.id(), Coord { x: node.lon(), y: node.lat() }),
            Element::DenseNode(node) => (node.id(), Coord { x: node.lon(), y: node.lat() }),
            _ => return,
        };
        if self.asked.contains(&id) {
            self.nodes.insert(id, coord);
        }
    }

    fn hand_on(&self, checker: &mut RowChecker<'_>) -> Reading {
        for (row, object) in (1_u64..).zip(&self.objects) {
            match self.geometry(object) {
                Ok(geometry) => checker.row(row, &object.cells, RawGeometry::Shape(Shape::new(geometry)))?,
                Err(reason) => {
                    let id = self.wanted.iter().position(|wanted| wanted.name == "@id");
                    let value =
                        id.and_then(|place| object.cells[place].as_text().map(std::borrow::Cow::into_owned));
                    checker.note(
                        cim_model::Severity::Error,
                        "osm_incomplete",
                        Some(row),
                        value,
                        reason.to_owned(),
                    )?;
                    checker.skip();
                }
            }
        }
        Ok(())
    }

    fn line(&self, refs: &[i64]) -> Result<Vec<Coord<f64>>, &'static str> {
        let coords: Option<Vec<Coord<f64>>> = refs.iter().map(|node| self.nodes.get(node).copied()).collect();
        coords.filter(|coords| !coords.is_empty()).ok_or("a node of the way is not in the file")
    }

    fn geometry(&self, object: &Object) -> Result<Geometry<f64>, &'static str> {
        let geometry = match &object.body {
            Body::Node(coord) => Geometry::Point(Point(*coord)),
            Body::Way(refs) => {
                let coords = self.line(refs)?;
                let closed = refs.len() > 3 && refs.first() == refs.last();
                match (closed && self.areas && (object.area || !self.lines), self.lines || self.points) {
                    (true, _) => Geometry::Polygon(Polygon::new(LineString(coords), Vec::new())),
                    (false, true) => Geometry::LineString(LineString(coords)),
                    (false, false) => return Err("the way is not closed and so is no area"),
                }
            }
            Body::Relation(members) => self.multipolygon(members)?,
        };
        Ok(if self.points { Geometry::Point(middle(&geometry)) } else { geometry })
    }

    fn multipolygon(&self, members: &[(i64, bool)]) -> Result<Geometry<f64>, &'static str> {
        let rings_of = |wanted: bool| {
            let lines = members.iter().filter(|(_, outer)| *outer == wanted);
            let refs: Vec<&[i64]> =
                lines.map(|(way, _)| self.member_ways.get(way).map_or(&[][..], Vec::as_slice)).collect();
            joined(&refs)?.iter().map(|ring| self.line(ring)).collect::<Result<Vec<_>, _>>()
        };
        let mut parts: Vec<Polygon<f64>> =
            rings_of(true)?.into_iter().map(|ring| Polygon::new(LineString(ring), Vec::new())).collect();
        for hole in rings_of(false)? {
            let inside = |part: &Polygon<f64>| {
                hole.iter().find_map(|point| lies_inside(*point, &part.exterior().0)) == Some(true)
            };
            let holder = parts.iter().position(inside).ok_or("a hole lies outside its area")?;
            parts[holder].interiors_push(LineString(hole));
        }
        match parts.len() {
            0 => Err("the relation has no outer way"),
            1 => Ok(Geometry::Polygon(parts.remove(0))),
            _ => Ok(Geometry::MultiPolygon(MultiPolygon(parts))),
        }
    }
}

/// Ways joined end to end into closed rings.
fn joined(ways: &[&[i64]]) -> Result<Vec<Vec<i64>>, &'static str> {
    let mut open: Vec<&[i64]> = ways.to_vec();
    let mut rings = Vec::new();
    while let Some(first) = open.pop() {
        if first.len() < 2 {
            return Err("a member way of the relation is not in the file");
        }
        let mut ring = first.to_vec();
        while ring.first() != ring.last() {
            let end = ring.last().copied();
            let fits = |way: &&[i64]| way.first().copied() == end || way.last().copied() == end;
            let place = open.iter().position(fits).ok_or("the outline of the relation is not closed")?;
            let next = open.swap_remove(place);
            if next.first().copied() == end {
                ring.extend(&next[1..]);
            } else {
                ring.extend(next[..next.len() - 1].iter().rev());
            }
        }
        rings.push(ring);
    }
    Ok(rings)
}

/// A closed way is an area, unless its tags say that it is a line that returns.
fn is_area(tags: &HashMap<&str, &str>) -> bool {
    let line = |key: &str, areas: &[&str]| tags.get(key).is_some_and(|value| !areas.contains(value));
    !line("waterway", &["riverbank", "dock", "boatyard"]) && !line("highway", &[]) && !line("barrier", &[])
}

/// The middle of the extent, as the place of an object that is mapped as an area.
fn middle(geometry: &Geometry<f64>) -> Point<f64> {
    let coords: Vec<Coord<f64>> = match geometry {
        Geometry::Point(point) => return *point,
        Geometry::LineString(line) => line.0.clone(),
        Geometry::Polygon(polygon) => polygon.exterior().0.clone(),
        Geometry::MultiPolygon(parts) => parts.0.iter().flat_map(|part| part.exterior().0.clone()).collect(),
        _ => Vec::new(),
    };
    let (west, east) =
        coords.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.x), high.max(at.x)));
    let (south, north) =
        coords.iter().fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at.y), high.max(at.y)));
    Point::new(f64::midpoint(west, east), f64::midpoint(south, north))
}
