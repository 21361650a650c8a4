//! Neighbours share identical borders in every tile at every zoom: no gap and no overlap between them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeSet, HashMap};

use cim_coverage::{LatticePolygon, LayerUnit, build};
use cim_crs::{LatticePoint, LonLat};
use cim_mirror::{Row, RowChange, View, WorldBox};
use cim_model::{Collection, Record, Value};
use cim_tile::{Boundaries, CityCoverage, LayerSource, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Coord, Geometry, LineString, MultiPolygon, Polygon};
use mvt_reader::Reader;

const COLUMNS: i64 = 6;
const ROWS: i64 = 5;
/// Vertices between two corners of a cell.
const BENDS: i64 = 24;
/// The width of a cell in lattice steps, about a kilometre.
const CELL: i64 = 1_000_000;
/// How far a border wanders from the straight line.
const WANDER: i64 = 18_000;
const DEEPEST: u8 = 18;

/// A number that depends on a place alone, so that both neighbours find the same bend.
fn wander(place: (i64, i64)) -> i64 {
    let mixed =
        place.0.wrapping_mul(7_919).wrapping_add(place.1.wrapping_mul(104_729)).wrapping_mul(2_654_435_761);
    (mixed >> 16).rem_euclid(2 * WANDER + 1) - WANDER
}

/// The point on a line of the mesh, `along` bends from the origin.
fn mesh_point(line: i64, along: i64, is_vertical: bool) -> LatticePoint {
    let is_corner = along % BENDS == 0;
    let aside = if is_corner { 0 } else { wander((line * 2 + i64::from(is_vertical), along)) };
    let (forward, sideways) = (along * CELL / BENDS, line * CELL + aside);
    let (x, y) = if is_vertical { (sideways, forward) } else { (forward, sideways) };
    LatticePoint { x: 12_110_000_000 + x, y: 3_190_000_000 + y }
}

fn cell(column: i64, row: i64) -> Vec<LatticePoint> {
    let (left, low) = (column * BENDS, row * BENDS);
    let bottom = (0..BENDS).map(|step| mesh_point(row, left + step, false));
    let right = (0..BENDS).map(|step| mesh_point(column + 1, low + step, true));
    let top = (0..BENDS).map(|step| mesh_point(row + 1, left + BENDS - step, false));
    let side = (0..BENDS).map(|step| mesh_point(column, low + BENDS - step, true));
    bottom.chain(right).chain(top).chain(side).collect()
}

fn multi_polygon(rings: &[LatticePolygon]) -> Geometry<f64> {
    let coordinate = |point: &LatticePoint| {
        let position = LonLat::from(*point);
        Coord { x: position.lon, y: position.lat }
    };
    let polygon = |polygon: &LatticePolygon| {
        Polygon::new(LineString(polygon.outer.iter().map(coordinate).collect()), Vec::new())
    };
    Geometry::MultiPolygon(MultiPolygon(rings.iter().map(polygon).collect()))
}

fn unit(level: Collection, code: &str, parent: Option<&str>, geometry: Geometry<f64>) -> Record {
    let spec = level.spec();
    let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
    let mut set = |name: &str, value| record.values[spec.position(name).unwrap()] = value;
    set("code", Value::Text(code.to_owned()));
    set("name", Value::Text(code.to_owned()));
    if let Some(parent) = parent {
        set("parent_code", Value::Text(parent.to_owned()));
    }
    set("geom", Value::Geometry(geometry));
    record
}

/// A district of two towns whose grids form a wandering mesh.
struct Mesh {
    boundaries: Boundaries,
    bounds: WorldBox,
}

impl Mesh {
    fn new() -> Self {
        let mut layer = Vec::new();
        let mut grids = Vec::new();
        for (column, row) in (0..COLUMNS).flat_map(|column| (0..ROWS).map(move |row| (column, row))) {
            let polygons = vec![LatticePolygon { outer: cell(column, row), holes: Vec::new() }];
            let code = format!("g{column}{row}");
            let town = if column < 3 { "t0" } else { "t1" };
            grids.push(unit(Collection::ComprehensiveGrid, &code, Some(town), multi_polygon(&polygons)));
            layer.push(LayerUnit { key: code, parent: Some(town.to_owned()), polygons });
        }
        let built = build(&layer, &[]);
        let coverage = built.coverage.unwrap();
        let outline = multi_polygon(&coverage.polygon_of(|_, _| true));
        let towns = vec![
            unit(Collection::Town, "t0", Some("d"), outline.clone()),
            unit(Collection::Town, "t1", Some("d"), outline.clone()),
        ];
        let district = vec![unit(Collection::District, "d", None, outline)];
        let views = [
            view(Collection::District, district),
            view(Collection::Town, towns),
            view(Collection::ComprehensiveGrid, grids),
        ];
        let bounds = views[0].bounds().unwrap();
        let ids = |count: usize| (1..).take(count).collect();
        let (face_ids, arc_ids) = (ids(coverage.faces.len()), ids(coverage.arcs.len()));
        let base_codes = layer.into_iter().map(|unit| unit.key).collect();
        let city = CityCoverage {
            coverage,
            base_level: Collection::ComprehensiveGrid,
            base_codes,
            overlay_codes: Vec::new(),
            face_ids,
            arc_ids,
        };
        let boundaries = Boundaries::new(&views.iter().collect::<Vec<_>>(), vec![city]);
        Self { boundaries, bounds }
    }
}

fn view(level: Collection, records: Vec<Record>) -> View {
    let changes = (1..).zip(records).map(|(id, record)| RowChange::written(id, 700, record));
    View::empty(level).with(changes.collect())
}

impl TileSource for Mesh {
    fn rows<'a>(&'a self, source: LayerSource, zoom: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        let table = match source {
            LayerSource::Boundary(level) => self.boundaries.table(level, zoom),
            _ => None,
        };
        if let Some(table) = table {
            table.meeting(bounds).for_each(take);
        }
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

/// The boundary tileset with every layer at every zoom.
fn tileset() -> Tileset {
    let mut tileset =
        Tileset::built_in().unwrap().into_iter().find(|tileset| tileset.name == "boundary").unwrap();
    for layer in &mut tileset.layers {
        layer.min_zoom = 0;
    }
    tileset
}

type Point = (i64, i64);

/// The rings of a layer in tile steps.
fn rings(reader: &Reader, layer: &str) -> Vec<Vec<Point>> {
    let names = reader.get_layer_names().unwrap();
    let Some(place) = names.iter().position(|name| name == layer) else { return Vec::new() };
    let mut rings = Vec::new();
    for feature in reader.get_features_as::<i32>(place).unwrap() {
        let polygons = match feature.get_geometry() {
            Geometry::Polygon(polygon) => vec![polygon.clone()],
            Geometry::MultiPolygon(polygons) => polygons.0.clone(),
            _ => Vec::new(),
        };
        let points = |line: &LineString<i32>| -> Vec<Point> {
            line.0.iter().map(|point| (i64::from(point.x), i64::from(point.y))).collect()
        };
        for polygon in polygons {
            rings.push(points(polygon.exterior()));
            rings.extend(polygon.interiors().iter().map(points));
        }
    }
    rings
}

fn doubled_area(rings: &[Vec<Point>]) -> i64 {
    let of_ring = |ring: &Vec<Point>| {
        ring.windows(2).map(|pair| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1).sum::<i64>()
    };
    rings.iter().map(of_ring).sum()
}

/// Segments that no neighbour walks the other way.
fn unmatched(rings: &[Vec<Point>]) -> HashMap<(Point, Point), i32> {
    let mut open: HashMap<(Point, Point), i32> = HashMap::new();
    for pair in rings.iter().flat_map(|ring| ring.windows(2)) {
        let (from, to) = (pair[0], pair[1]);
        if from != to {
            *open.entry((from, to)).or_default() += 1;
            *open.entry((to, from)).or_default() -= 1;
        }
    }
    open.retain(|_, count| *count > 0);
    open
}

fn is_on_edge((from, to): (Point, Point)) -> bool {
    let on = |at: i64, other: i64| at == other && (at == -64 || at == 4160);
    on(from.0, to.0) || on(from.1, to.1)
}

#[test]
fn grids_and_towns_leave_no_gap_and_no_overlap_at_any_zoom() {
    let mesh = Mesh::new();
    let tileset = tileset();
    let mut renderer = Renderer::default();
    let mut tiles_seen = 0;
    for zoom in 0..=DEEPEST {
        for tile in TileAddress::meeting(&mesh.bounds, zoom).step_by(if zoom > 15 { 37 } else { 1 }) {
            let drawn = renderer.render(&tileset, tile, &mesh, None);
            if drawn.bytes.is_empty() {
                continue;
            }
            let reader = Reader::new(drawn.bytes).unwrap();
            let [grids, towns, district] =
                ["comprehensive_grid", "town", "district"].map(|layer| rings(&reader, layer));
            assert_eq!(doubled_area(&grids), doubled_area(&district), "grids in {tile:?}");
            assert_eq!(doubled_area(&towns), doubled_area(&district), "towns in {tile:?}");
            let outline: HashMap<_, _> = unmatched(&district);
            for segment in unmatched(&grids).keys().filter(|segment| !is_on_edge(**segment)) {
                assert!(outline.contains_key(segment), "{segment:?} of {tile:?} has one side only");
            }
            tiles_seen += usize::from(doubled_area(&grids) != 0);
        }
    }
    assert!(tiles_seen > 100, "grids were drawn in {tiles_seen} tiles");
}

/// The vertices near a tile's eastern or western edge, as steps from that edge and from the top.
fn vertices_along(bytes: &[u8], edge: i64) -> BTreeSet<Point> {
    let reader = Reader::new(bytes.to_vec()).unwrap();
    let points = rings(&reader, "comprehensive_grid").into_iter().flatten();
    let near = |point: &Point| (point.0 - edge).abs() < 60 && (-60..4156).contains(&point.1);
    points.filter(near).map(|point| (point.0 - edge, point.1)).collect()
}

#[test]
fn tiles_side_by_side_show_the_same_vertices_along_their_seam() {
    let mesh = Mesh::new();
    let tileset = tileset();
    let mut renderer = Renderer::default();
    let mut vertices_seen = 0;
    for zoom in 11..=17 {
        for west in TileAddress::meeting(&mesh.bounds, zoom).step_by(if zoom > 15 { 11 } else { 1 }) {
            let east = TileAddress::from_xyz(zoom, west.column() + 1, west.row()).unwrap();
            let [west, east] = [west, east].map(|tile| renderer.render(&tileset, tile, &mesh, None).bytes);
            if !west.is_empty() && !east.is_empty() {
                let (west, east) = (vertices_along(&west, 4096), vertices_along(&east, 0));
                assert_eq!(west, east);
                vertices_seen += west.len();
            }
        }
    }
    assert!(vertices_seen > 10, "{vertices_seen}");
}

#[test]
fn low_zooms_have_far_fewer_vertices_than_high_ones() {
    let mesh = Mesh::new();
    let vertices = |zoom| -> usize {
        let table = mesh.boundaries.table(Collection::ComprehensiveGrid, zoom).unwrap();
        table.rows().map(|row| row.shape().vertices().len()).sum()
    };
    assert!(vertices(9) * 4 < vertices(16), "{} {}", vertices(9), vertices(16));
}

#[test]
fn neighbours_have_different_colours_and_every_unit_one_label_inside() {
    let mesh = Mesh::new();
    let table = mesh.boundaries.table(Collection::ComprehensiveGrid, 16).unwrap();
    let colour = |column: i64, row: i64| {
        let code = format!("g{column}{row}");
        table
            .rows()
            .find(|grid| grid.text_of("code") == Some(&code))
            .and_then(|grid| grid.int_of("colour_idx"))
    };
    for (column, row) in (0..COLUMNS - 1).flat_map(|column| (0..ROWS - 1).map(move |row| (column, row))) {
        assert_ne!(colour(column, row), colour(column + 1, row));
        assert_ne!(colour(column, row), colour(column, row + 1));
    }
    let labels = mesh.boundaries.labels();
    assert_eq!(labels.rows().count(), usize::try_from(COLUMNS * ROWS).unwrap() + 3);
}
