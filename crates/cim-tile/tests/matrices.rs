//! Tiles of the geographic matrix sets: every vertex lies where its longitude and latitude say, and neighbours meet.

#![expect(clippy::panic, reason = "a test fails by panicking")]
#![expect(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test fails by panicking; small numbers"
)]

use std::collections::BTreeSet;

use cim_mirror::{Row, View, WorldBox, WorldPoint, collection_builder};
use cim_model::{Collection, Record, Value};
use cim_tile::{GeographicSquare, LayerSource, MatrixSet, Renderer, TileAddress, TileSource, Tileset};
use geo_types::{Coord, Geometry, LineString, Polygon};
use mvt_reader::Reader;

/// One layer as it is, so that only the matrix decides where a vertex lies.
const TILESET: &str = r#"
name = "plain"
description = "Buildings as they are"
max_zoom = 20

[[layer]]
id = "building"
description = "Buildings as they are"
source = { collection = "building" }
min_zoom = 0
attributes = [{ name = "code" }]
"#;

const SIDE: i64 = 24;
/// Degrees across a cell of the mesh.
const CELL: f64 = 0.0007;

struct Mesh(View);

impl TileSource for Mesh {
    fn rows<'a>(&'a self, source: LayerSource, _: u8, bounds: &WorldBox, take: &mut dyn FnMut(Row<'a>)) {
        assert_eq!(source, LayerSource::Collection(Collection::Building));
        self.0.meeting(bounds).for_each(take);
    }

    fn now_ms(&self) -> i64 {
        0
    }
}

/// A corner of the mesh, moved a little from its place in the same way for all cells that share it.
fn corner(west: f64, south: f64, column: i64, row: i64) -> Coord<f64> {
    let wander =
        |salt: i64| ((column * 7_919 + row * 104_729 + salt).rem_euclid(997) as f64 / 997.0 - 0.5) * 0.4;
    Coord { x: west + (column as f64 + wander(3)) * CELL, y: south + (row as f64 + wander(500)) * CELL }
}

/// Cells that share their borders, with the place of every corner by code.
fn mesh(west: f64, south: f64) -> Mesh {
    let spec = Collection::Building.spec();
    let mut builder = collection_builder(Collection::Building);
    for (column, row) in (0..SIDE).flat_map(|column| (0..SIDE).map(move |row| (column, row))) {
        let ring = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
            .map(|(right, up)| corner(west, south, column + right, row + up));
        let mut record = Record { values: vec![Value::Null; spec.fields.len()] };
        record.values[0] = Value::Text(format!("{column}/{row}"));
        let polygon = Polygon::new(LineString(ring.to_vec()), Vec::new());
        record.values[spec.position("geom").unwrap()] = Value::Geometry(Geometry::Polygon(polygon));
        builder.push(column * SIDE + row, 0, &record);
    }
    Mesh(View::new(Collection::Building, builder.finish()))
}

/// The vertices of every cell in a tile, in steps, by code.
fn cells(bytes: Vec<u8>) -> Vec<(String, Vec<(f64, f64)>)> {
    if bytes.is_empty() {
        return Vec::new();
    }
    let features = Reader::new(bytes).unwrap().get_features(0).unwrap();
    let cell = |feature: &mvt_reader::feature::Feature| {
        let Some(mvt_reader::feature::Value::String(code)) =
            feature.properties.as_ref().unwrap().get("code").cloned()
        else {
            panic!("no code")
        };
        let rings: Vec<LineString<f32>> = match feature.get_geometry() {
            Geometry::Polygon(polygon) => vec![polygon.exterior().clone()],
            Geometry::MultiPolygon(polygons) => {
                polygons.iter().map(|polygon| polygon.exterior().clone()).collect()
            }
            other => panic!("{other:?}"),
        };
        let points = rings.iter().flat_map(|ring| ring.0.iter());
        (code, points.map(|point| (f64::from(point.x), f64::from(point.y))).collect())
    };
    features.iter().map(cell).collect()
}

fn render(mesh: &Mesh, tile: TileAddress) -> Vec<(String, Vec<(f64, f64)>)> {
    let tileset: Tileset = toml::from_str(TILESET).unwrap();
    let square = GeographicSquare::default();
    cells(Renderer::default().render(&tileset, tile, mesh, Some(&square)).bytes)
}

/// Row and column of a place at a zoom of the geographic square.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small positive numbers")]
fn row_and_column(zoom: u8, lon: f64, lat: f64) -> (u32, u32) {
    let degrees = 360.0 / f64::from(1_u32 << zoom);
    (((90.0 - lat) / degrees) as u32, ((lon + 180.0) / degrees) as u32)
}

#[test]
fn every_vertex_lies_where_its_degrees_say_within_a_step() {
    for (west, south) in [(121.17, 31.89), (-70.01, -52.5), (18.0, 69.6), (121.0, -0.004)] {
        let mesh = mesh(west, south);
        let mut seen = 0;
        for level in [12_u8, 14, 16, 18, 20] {
            let zoom = MatrixSet::Cgcs2000Quad.zoom_of_level(level);
            let middle = SIDE as f64 / 2.0 * CELL;
            let (row, column) = row_and_column(zoom, west + middle, south + middle);
            let tile = MatrixSet::Cgcs2000Quad.tile(level.into(), row, column).unwrap();
            let degrees = 360.0 / f64::from(1_u32 << zoom);
            let expected = |at: Coord<f64>| {
                let x = ((at.x + 180.0) / degrees - f64::from(column)) * 4096.0;
                (x, ((90.0 - at.y) / degrees - f64::from(row)) * 4096.0)
            };
            for (code, points) in render(&mesh, tile) {
                let (own_column, own_row) = code.split_once('/').unwrap();
                let (own_column, own_row): (i64, i64) =
                    (own_column.parse().unwrap(), own_row.parse().unwrap());
                let corners = [(0, 0), (1, 0), (1, 1), (0, 1)]
                    .map(|(right, up)| expected(corner(west, south, own_column + right, own_row + up)));
                // Cells that the buffer cuts have other vertices as well.
                let inside = |(x, y): &(f64, f64)| (-60.0..4156.0).contains(x) && (-60.0..4156.0).contains(y);
                for wanted in corners.iter().filter(|_| corners.iter().all(inside)) {
                    let near =
                        |(x, y): &(f64, f64)| (x - wanted.0).abs() <= 1.0 && (y - wanted.1).abs() <= 1.0;
                    assert!(points.iter().any(near), "level {level}, {code}: {wanted:?} in {points:?}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 1_000, "{seen}");
    }
}

#[test]
fn tiles_side_by_side_show_the_same_vertices_along_their_seam() {
    let (west, south) = (121.17, 31.89);
    let mesh = mesh(west, south);
    let near = |tile: TileAddress, along_x: bool, edge: f64| -> BTreeSet<(i64, i64)> {
        let points = render(&mesh, tile).into_iter().flat_map(|(_, points)| points);
        let steps = points.map(|(x, y)| if along_x { (x - edge, y) } else { (y - edge, x) });
        #[expect(clippy::cast_possible_truncation, reason = "whole steps of a tile")]
        steps
            .filter(|(across, along)| across.abs() < 60.0 && (-60.0..4156.0).contains(along))
            .map(|(across, along)| (across as i64, along as i64))
            .collect()
    };
    let mut seen = 0;
    for level in 13..=16 {
        let (row, column) = row_and_column(level, west + 0.004, south + 0.004);
        let tile = |row, column| MatrixSet::Cgcs2000Quad.tile(level.into(), row, column).unwrap();
        for (row, column) in [(row, column), (row - 1, column), (row, column + 1)] {
            let (this, east, lower) = (tile(row, column), tile(row, column + 1), tile(row + 1, column));
            let seams = [
                (near(this, true, 4096.0), near(east, true, 0.0)),
                (near(this, false, 4096.0), near(lower, false, 0.0)),
            ];
            for (one, other) in seams {
                seen += one.len();
                assert_eq!(one, other, "level {level}");
            }
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn a_tile_of_both_geographic_sets_is_one_and_its_mercator_twin_another() {
    let mesh = mesh(121.17, 31.89);
    let (row, column) = row_and_column(14, 121.175, 31.895);
    let crs84 = MatrixSet::WorldCrs84Quad.tile(13, row, column).unwrap();
    assert_eq!(crs84, MatrixSet::Cgcs2000Quad.tile(14, row, column).unwrap());
    let geographic = render(&mesh, crs84);
    let at = WorldPoint::from(cim_crs::LonLat { lon: 121.175, lat: 31.895 });
    let mercator = TileAddress::from_xyz(14, at.x >> 18, at.y >> 18).unwrap();
    let tileset: Tileset = toml::from_str(TILESET).unwrap();
    let mercator = cells(Renderer::default().render(&tileset, mercator, &mesh, None).bytes);
    assert!(geographic.len() > 50 && mercator.len() > 50);
    assert_ne!(geographic, mercator);
}
